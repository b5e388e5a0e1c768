// The chapter Evaluate: which test images lie behind its numbers.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
import { click, fits, phase, setNumber, shares, stepOf, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const CELL = '#matrix td > button';
const counts = async (page: Page): Promise<number[]> => (await texts(page, CELL)).map(Number);
const waitFor = (page: Page, selector: string, included: string) =>
  page.waitForFunction(
    (at, wanted) => document.querySelector(at)?.textContent?.includes(wanted),
    WAIT,
    selector,
    included,
  );
const focusedCell = (page: Page): Promise<number> =>
  page.evaluate(
    (selector) => [...document.querySelectorAll(selector)].indexOf(document.activeElement as Element),
    CELL,
  );

describe('the test images behind the numbers', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
    // So high that the pad stays beside the galleries.
    await page.setViewport({ width: 1000, height: 900 });
    await page.$eval('#evaluate', (chapter) => chapter.scrollIntoView());
    await page.waitForSelector(CELL, WAIT);
  });
  afterAll(() => page.close());

  it('a net can be tested before it has learned: the matrix counts all test images', async () => {
    await click(page, '#test-now');
    await waitFor(page, '#matrix .summary', 'After 0 steps');
    expect((await counts(page)).reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(await page.$$eval('#matrix table th[scope]', (heads) => heads.length)).toBe(20);
  });

  it('after an epoch the mistakes lie there, the surest first, as many as the matrix counts', async () => {
    await setNumber(page, 'epochs', 1);
    await page.$eval('#mistakes', (card) => card.scrollIntoView());
    await page.click('#primary');
    await phase(page, 'done');
    const steps = await stepOf(page);
    for (const summary of ['#mistakes .summary', '#matrix .summary'])
      await waitFor(page, summary, `After ${steps} steps`);
    const found = await counts(page);
    const wrong = found.filter((_, i) => Math.floor(i / 10) !== i % 10).reduce((sum, count) => sum + count, 0);
    expect(await text(page, '#mistakes .summary')).toContain(`of ${wrong} mistakes`);
    const sure = (await texts(page, '#mistakes .gallery small')).map(Number.parseFloat);
    expect(sure).toHaveLength(Math.min(40, wrong));
    expect(sure).toEqual(sure.toSorted((a, b) => b - a));
    for (const caption of await texts(page, '#mistakes .gallery b')) expect(caption).toMatch(/^(\d) → (?!\1)\d$/);
  });

  it('on a telephone each cell is as large as a finger, and beside it stands which row it is of', async () => {
    const window = page.viewport();
    await page.setViewport({ width: 360, height: 800 });
    const sizes = await page.$$eval(CELL, (all) =>
      all.map((cell) => Math.min(cell.getBoundingClientRect().width, cell.getBoundingClientRect().height)),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.focus(CELL);
    const place = (selector: string) =>
      page.$eval(selector, (one) => {
        const { left, right } = one.getBoundingClientRect();
        return { left: Math.round(left), right: Math.round(right) };
      });
    const head = await place('#matrix tbody th');
    for (const key of [
      'End',
      'ArrowLeft',
      'ArrowLeft',
      'ArrowLeft',
      'ArrowLeft',
      'ArrowLeft',
      'ArrowLeft',
      'Home',
    ] as const) {
      await page.keyboard.press(key);
      const { left, right } = await place(':focus');
      expect([left >= head.right, right <= (await place('.matrix-box')).right]).toEqual([true, true]);
      // It moves by the space between cells, and no more.
      expect(Math.abs((await place('#matrix tbody th')).left - head.left)).toBeLessThanOrEqual(2);
    }
    expect(await page.$eval('.matrix-box', (box) => [box.getAttribute('role'), (box as HTMLElement).tabIndex])).toEqual(
      ['group', 0],
    );
    if (window !== null) await page.setViewport(window);
  });

  it('precision and recall of each digit are those of the matrix', async () => {
    const found = await counts(page);
    const rows = await page.$$eval('.scores tbody tr', (all) =>
      all.map((row) => [...row.children].map((cell) => Number.parseFloat(cell.textContent ?? ''))),
    );
    expect(rows).toHaveLength(10);
    rows.forEach(([digit = 0, precision, recall, , images], k) => {
      const right = found[11 * k] ?? 0;
      const [row, column] = [0, 0].map((_, side) =>
        found.filter((_, i) => (side === 0 ? Math.floor(i / 10) : i % 10) === k).reduce((sum, each) => sum + each, 0),
      );
      expect([digit, images]).toEqual([k, row]);
      expect(recall).toBeCloseTo((100 * right) / (row ?? 1), 0);
      expect(precision).toBeCloseTo(column === 0 ? 0 : (100 * right) / (column ?? 1), 0);
    });
    expect(await texts(page, '.scores tfoot th')).toEqual(['mean', 'by images']);
  });

  it('arrow keys walk over the cells, Enter shows the images of one, and Enter again puts them away', async () => {
    await page.focus(`${CELL}[tabindex="0"]`);
    expect(await focusedCell(page)).toBe(0);
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight'] as const) await page.keyboard.press(key);
    expect(await focusedCell(page)).toBe(22);
    expect(await page.$$eval(`${CELL}[tabindex="0"]`, (all) => all.length)).toBe(1);
    const total = (await counts(page))[22] ?? 0;
    expect(total).toBeGreaterThan(1);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('#cell .gallery li').length > 0, WAIT);
    expect(await text(page, '#cell h4')).toBe('2, recognised');
    expect(await text(page, '#cell .hint')).toContain(
      `of ${total}, the least sure answer first. After ${await stepOf(page)} steps.`,
    );
    const sure = (await texts(page, '#cell .gallery small')).map(Number.parseFloat);
    expect(sure).toHaveLength(Math.min(40, total));
    expect(sure).toEqual(sure.toSorted((a, b) => a - b));
    await page.keyboard.press('Enter');
    expect(await page.$eval('#cell', (cell) => cell.checkVisibility())).toBe(false);
  });

  it('a pressed mistake lies on the pad, with its label, and the net answers as it did', async () => {
    const { caption, sure } = await page.$eval('#mistakes .gallery button', (button) => ({
      caption: button.querySelector('b')?.textContent ?? '',
      sure: button.querySelector('small')?.textContent ?? '',
    }));
    const [label, answer] = caption.split(' → ');
    await click(page, '#mistakes .gallery button');
    await waitFor(page, '.guess-label', `It is ${label === '8' ? 'an' : 'a'} ${label}.`);
    expect(await text(page, '.guess-digit')).toBe(answer);
    const found = await shares(page);
    expect(found[Number(answer)]).toBeCloseTo(Number.parseFloat(sure), 0);
    expect(Math.max(...found)).toBe(found[Number(answer)]);
  });

  it('has no violation that axe-core finds, with the images of a cell open', async () => {
    await page.$$eval(CELL, (cells) => (cells[0] as HTMLElement).click());
    await page.waitForFunction(() => document.querySelectorAll('#cell .gallery li').length > 0, WAIT);
    expect(await violationsOf(page)).toEqual([]);
  });

  it('fits a window of 360 pixels, with galleries that are pushed sideways', async () => {
    await fits(page, [360]);
    expect(await page.$eval('#mistakes .gallery', ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toBe(
      true,
    );
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
