// The chapter Fine-tune: trained weights, the person's own digits, and what they change.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
import {
  click,
  drawOne,
  fits,
  phase,
  setNumber,
  shares,
  text,
  texts,
  trainAnew,
  useBrowser,
  visit,
  WAIT,
} from './visit.js';

useBrowser();

const waitFor = (page: Page, selector: string, included: string) =>
  page.waitForFunction(
    (at, wanted) => document.querySelector(at)?.textContent?.includes(wanted),
    WAIT,
    selector,
    included,
  );
const labels = (page: Page): Promise<string[]> => texts(page, '.own-digits b');
const open = async (page: Page): Promise<void> => {
  await page.$eval('#finetune', (chapter) => chapter.scrollIntoView());
  await page.waitForSelector('#own canvas.sheet', WAIT);
};
/** Digits that the browser keeps, whatever the page says. */
const keptCount = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(new Error(String(request.error))));
      });
    const database = await done(indexedDB.open('weft.own'));
    const count = await done(database.transaction('digits').objectStore('digits').count());
    database.close();
    return count;
  });
const requestsFor = (page: Page, part: string): string[] => {
  const found: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(part)) found.push(request.url());
  });
  return found;
};

/** A bar from top to bottom on the sheet, and Enter. */
async function writeBar(page: Page): Promise<void> {
  const { left, top, width } = await page.$eval('#own canvas.sheet', (sheet) => {
    sheet.scrollIntoView({ block: 'center' });
    return sheet.getBoundingClientRect().toJSON() as DOMRect;
  });
  await page.mouse.move(left + width * 0.5, top + width * 0.15);
  await page.mouse.down();
  await page.mouse.move(left + width * 0.5, top + width * 0.85, { steps: 8 });
  await page.mouse.up();
  await page.focus('#own canvas.sheet');
  await page.keyboard.press('Enter');
}

describe('fine-tuning', () => {
  let page: Page;
  let troubles: readonly string[];
  let fetched: readonly string[] = [];
  beforeAll(async () => {
    ({ page, troubles } = await visit(undefined, async (empty) => {
      fetched = requestsFor(empty, 'safetensors');
    }));
    await phase(page, 'ready');
  });
  afterAll(() => page.close());

  it('the weights that ship are fetched when they are chosen, and a drawing is then recognised without any training', async () => {
    await drawOne(page);
    await waitFor(page, '.untrained', 'learned nothing');
    expect(fetched).toEqual([]);
    await click(page, '#use-trained');
    await page.waitForFunction(
      () =>
        document.querySelector('.guess-digit')?.textContent === '1' &&
        Number.parseFloat(document.querySelector('.shares .best .share')?.textContent ?? '') > 50,
      WAIT,
    );
    expect(fetched).toHaveLength(1);
    expect((await shares(page))[1]).toBeGreaterThan(50);
    expect(await page.$('.untrained')).toBeNull();
    expect(await page.$eval('[name=rate]', (input) => (input as HTMLInputElement).value)).toBe('0.0003');
  });

  it('a drawing that is said to be right or wrong becomes one of the person’s digits', async () => {
    await click(page, '.is-right');
    await waitFor(page, '.correct', 'Now among your digits as a 1');
    await drawOne(page);
    await page.waitForSelector('.is-wrong', { ...WAIT, visible: true });
    await click(page, '.is-wrong');
    await click(page, '.correct-digits [data-digit="7"]');
    await open(page);
    await page.waitForFunction(() => document.querySelectorAll('.own-digits li').length === 2, WAIT);
    expect(await labels(page)).toEqual(['1', '7']);
  });

  it('digits are written on a sheet, all ten in turn, and one can be deleted', async () => {
    await writeBar(page);
    await writeBar(page);
    await page.waitForFunction(() => document.querySelectorAll('.own-digits li').length === 4, WAIT);
    expect(await labels(page)).toEqual(['0', '1', '1', '7']);
    expect(await page.$eval('[name=own-class]:checked', (input) => (input as HTMLInputElement).value)).toBe('2');
    await click(page, '.own-digits li:first-child button');
    await page.waitForFunction(() => document.querySelectorAll('.own-digits li').length === 3, WAIT);
    expect(await labels(page)).toEqual(['1', '1', '7']);
    expect(await texts(page, '.classes small')).toEqual(['×0', '×2', '×0', '×0', '×0', '×0', '×0', '×1', '×0', '×0']);
  });

  it('each is answered by the net of now', async () => {
    await page.waitForFunction(() => document.querySelectorAll('.own-digits [data-answer=none]').length === 0, WAIT);
    const found = await page.$$eval('.own-digits li', (all) => all.map((one) => one.getAttribute('data-answer')));
    // The same drawing was called a 1 and a 7.
    expect(found.filter((answer) => answer === 'right')).toHaveLength(2);
    expect(found).toContain('wrong');
    expect(await text(page, '.own-kept .summary')).toContain('recognises 2 of 3');
  });

  it('one button tunes, and says what was gained and what was forgotten', async () => {
    await click(page, '[name=frozen][value=conv1]');
    expect(await text(page, '.freezing .hint')).toBe('60 of 60,074 parameters are frozen.');
    await click(page, '#tune');
    await phase(page, 'done');
    await waitFor(page, '.verdict', 'It recognised 2 of your 3 before');
    const rows = await page.$$eval('.comparison tbody tr', (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')),
    );
    expect(rows.map(([name]) => name)).toEqual(['your digits (3)', 'the test set (500)']);
    const [own, test] = rows.map(([, before, after]) => [before, after].map((share) => Number.parseFloat(share ?? '')));
    expect(own?.[0]).toBeCloseTo(66.7, 1);
    expect(test?.[0]).toBeGreaterThan(85);
    expect(test?.[1]).toBeGreaterThan(70);
    // 640 images in batches of 32, three times.
    expect(await text(page, '#matrix .summary')).toContain('After 60 steps');
    expect(await page.$eval('[name=learn]:checked', (input) => (input as HTMLInputElement).value)).toBe('both');
  });

  it('a net that has learned here is tuned in place of the one that ships', async () => {
    await click(page, '[name=learn][value=set]');
    await click(page, '[name=begin][value=random]');
    await setNumber(page, 'epochs', 1);
    await trainAnew(page);
    await waitFor(page, '.own-kept .summary', 'of 3');
    await click(page, '#tune');
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[name=begin]:checked')?.value === 'kept',
      WAIT,
    );
    await page.waitForFunction(() => document.querySelector('.verdict')?.textContent?.includes('of your 3'), WAIT);
    // The tutorial's net that ships is better than after one epoch.
    const [, before] = await texts(page, '.comparison tbody tr:last-child > *');
    expect(Number.parseFloat(before ?? '')).toBeLessThan(90);
    expect(await text(page, '.kept')).toMatch(/^Tutorial after \d+ steps/);
  });

  it('has no violation that axe-core finds, and fits a window of 360 pixels', async () => {
    expect(await violationsOf(page)).toEqual([]);
    await fits(page, [360]);
    await page.setViewport({ width: 800, height: 600 });
  });

  it('the digits are there after a reload, and gone when all are deleted', async () => {
    await page.reload();
    await open(page);
    await page.waitForFunction(() => document.querySelectorAll('.own-digits li').length === 3, WAIT);
    expect(await labels(page)).toEqual(['1', '1', '7']);
    expect(await keptCount(page)).toBe(3);
    await click(page, '#own-clear');
    expect(await text(page, '.sure span')).toBe('Delete all 3?');
    await click(page, '#own-clear-sure');
    await waitFor(page, '.own-kept .summary', 'None yet');
    expect(await keptCount(page)).toBe(0);
    expect(await text(page, '#tune-reason')).toContain('at least one digit');
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
