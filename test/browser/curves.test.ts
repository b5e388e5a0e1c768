// The chapter Train: curves that say how a run went, beside those before it.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
import { click, phase, setNumber, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const lossSummary = (page: Page): Promise<string> => text(page, '#curve-loss-summary');
/** A run from beginning to end. */
async function train(page: Page): Promise<void> {
  const rows = (await texts(page, '#epochs tbody tr')).length;
  await click(page, '#primary');
  if (rows > 0) await page.waitForFunction(() => document.querySelector('#epochs tbody td') === null, WAIT);
  await phase(page, 'done');
  await page.waitForFunction(() => document.querySelector('#epochs tbody td') !== null, WAIT);
}

describe('the curves', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
    await setNumber(page, 'epochs', 1);
    await train(page);
  });
  afterAll(() => page.close());

  it('tell training, validation and test apart, and the table does too', async () => {
    await page.waitForFunction(
      () => document.querySelector('#curve-loss-summary')?.textContent?.includes('Test:'),
      WAIT,
    );
    expect(await lossSummary(page)).toMatch(
      /^Training: [\d.]+ at step 1, [\d.]+ at step 57\. Validation: [\d.]+ after epoch 1\. Test: [\d.]+ after epoch 1\.$/,
    );
    expect(await texts(page, '#epochs thead [colspan]')).toEqual(['Training', 'Validation', 'Test']);
    const cells = await texts(page, '#epochs tbody td');
    const shown = (measure: string) => texts(page, `[data-measure=${measure}] output`);
    expect((await shown('loss')).slice(1)).toEqual([cells[2], cells[4]]);
    expect((await shown('accuracy')).slice(1)).toEqual([cells[3], cells[5]]);
    expect(await text(page, '.best-epoch')).toContain('epoch 1, the smallest validation loss');
  });

  it('are smoothed after the fact, by as much as a person likes', async () => {
    const before = await lossSummary(page);
    await page.$eval('[name=smoothing]', (range) => {
      (range as HTMLInputElement).value = '0';
      range.dispatchEvent(new Event('input'));
    });
    await page.waitForFunction(
      (old) => document.querySelector('#curve-loss-summary')?.textContent?.replace(/\s+/g, ' ').trim() !== old,
      WAIT,
      before,
    );
    expect(await text(page, '.smoothing output')).toBe('0.00');
  });

  it('may count epochs or seconds, and the loss in powers of ten, and show the same values', async () => {
    const before = await lossSummary(page);
    await page.select('[name=across]', 'seconds');
    await page.click('[name=logLoss]');
    await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => setTimeout(resolve, 60))));
    expect(await lossSummary(page)).toBe(before);
    const [loss] = await texts(page, '[data-measure=loss] output');
    expect(before).toContain(`${loss} at step 57`);
  });

  it('can be had in numbers: from the first step to the last, with what the epochs were judged by', async () => {
    await page.$eval('#curve-table', (table) => table.scrollIntoView());
    await page.waitForSelector('#curve-table summary', WAIT);
    expect(await page.$('#curve-table table')).toBeNull();
    await click(page, '#curve-table summary');
    await page.waitForSelector('#curve-table tbody tr', WAIT);
    const rows = await page.$$eval('#curve-table table:first-of-type tbody tr', (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')),
    );
    expect(rows.length).toBeLessThanOrEqual(40);
    const [first, last] = [rows[0], rows.at(-1)];
    expect([first?.[0], first?.[4], last?.[1]]).toEqual(['1', '', '1.00']);
    expect(last?.[0]).toBe('57, the best so far');
    const [, , heldLoss, held, testLoss, test] = await texts(page, '#epochs tbody td');
    expect([last?.slice(4, 6), last?.slice(7)]).toEqual([
      [heldLoss, testLoss],
      [held, test],
    ]);
    expect(await lossSummary(page)).toContain(`${last?.[3]} at step 57`);
    const scopes = await page.$$eval('#curve-table th', (all) => all.map((head) => head.getAttribute('scope')));
    expect(new Set(scopes)).toEqual(new Set(['col', 'colgroup', 'row']));
    expect((await texts(page, '#curve-table table:last-of-type td')).at(-1)).toBe('98.4 %');
    expect(await violationsOf(page)).toEqual([]);
  });

  it('in numbers keep up with a run that goes on, and leave whoever reads them where they are', async () => {
    const lastStep = () =>
      page.$eval('#curve-table table:first-of-type tbody tr:last-of-type th', (head) => head.textContent?.trim() ?? '');
    await page.$eval('#curve-table .scroll', (box) => {
      (box as HTMLElement).focus({ preventScroll: true });
      box.scrollTop = 90;
    });
    await setNumber(page, 'epochs', 2);
    const before = await page.evaluate(() => scrollY);
    await page.$eval('#primary', (button) => (button as HTMLElement).click());
    await phase(page, 'done');
    await page.waitForFunction(
      () => document.querySelector('#curve-table tbody tr:last-of-type th')?.textContent?.startsWith('114'),
      WAIT,
    );
    expect(await lastStep()).toMatch(/^114/);
    const place = await page.evaluate(() => [
      document.activeElement?.className,
      document.querySelector('#curve-table .scroll')?.scrollTop,
      scrollY,
    ]);
    expect(place).toEqual(['scroll', 90, before]);
  });

  it('may be put away one by one, on both charts', async () => {
    const legend = (line: string) => `[data-measure=accuracy] .${line} button`;
    const shown = () => texts(page, '[data-measure=loss] output');
    const before = await shown();
    await click(page, legend('validation'));
    await page.waitForFunction(
      () => document.querySelector('[data-measure=loss] .validation output')?.textContent === '–',
      WAIT,
    );
    expect(await shown()).toEqual([before[0], '–', before[2]]);
    expect(await page.$eval('[data-measure=loss] .validation button', (one) => one.getAttribute('aria-pressed'))).toBe(
      'false',
    );
    await click(page, legend('validation'));
    await page.waitForFunction(
      () => document.querySelector('[data-measure=loss] .validation output')?.textContent !== '–',
      WAIT,
    );
    expect(await shown()).toEqual(before);
  });

  it('say what their reference was trained with where a pointer rests on it', async () => {
    const over = await page.waitForSelector('[data-measure=accuracy] .u-over', WAIT);
    await over?.scrollIntoView();
    const box = await over?.boundingBox();
    const about = () => page.$eval('[data-measure=accuracy] .plot', (plot) => (plot as HTMLElement).title);
    // Of all and of nothing.
    const at = (share: number) =>
      page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (1 - share) * (box?.height ?? 0));
    await at(0.5);
    expect(await about()).toBe('');
    await at(0.984);
    expect(await about()).toMatch(/SGD at a rate of 0\.001/);
    await at(0.3);
    expect(await about()).toBe('');
  });

  it('have the tutorial’s result as a line, with the settings behind it', async () => {
    expect(await page.$eval('.reference summary', (summary) => summary.getAttribute('title'))).toMatch(
      /SGD at a rate of 0\.001/,
    );
    await click(page, '.reference summary');
    await click(page, '.reference button');
    const setting = (name: string) => page.$eval(`[name=${name}]`, (field) => (field as HTMLInputElement).value);
    expect([await setting('optimizer'), await setting('momentum'), await setting('heldOut')]).toEqual([
      'sgd',
      '0.9',
      '0',
    ]);
    await page.click('[name=data][value=digits]');
    await page.select('[name=optimizer]', 'adam');
    await page.select('[name=heldOut]', '0.1');
    await setNumber(page, 'batch', 32);
    await setNumber(page, 'epochs', 1);
  });

  it('lay earlier runs below, each with a name and what was set otherwise, until it is removed', async () => {
    expect(await texts(page, '.earlier li')).toEqual([]);
    await setNumber(page, 'rate', 0.004);
    await setNumber(page, 'seed', 5);
    await train(page);
    const [row, ...others] = await texts(page, '.earlier li');
    expect(others).toEqual([]);
    expect(row?.replace(/\s+/g, ' ')).toMatch(
      /^\w+ \w+ Learning rate 0\.001 · Seed 1 · Epochs 2 [\d.]+ % in testing after epoch \d/,
    );
    const [name] = await texts(page, '.earlier li b');
    await click(page, `.earlier button[aria-label="Remove ${name}"]`);
    expect(await texts(page, '.earlier li')).toEqual([]);
  });

  it('and every other chart of the page has a name, and a table beside it', async () => {
    for (const chapter of await page.$$('.chapter')) {
      await chapter.evaluate((one) => one.scrollIntoView());
      await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => setTimeout(resolve, 60))));
    }
    await page.waitForSelector('svg.histogram', WAIT);
    const charts = await page.$$eval('.plot, svg[role=img]', (all) =>
      all
        .filter((one) => one.checkVisibility())
        .map((one) => ({
          what: one.outerHTML.slice(0, 80),
          named: one.hasAttribute('aria-label') || one.hasAttribute('aria-labelledby'),
          tables: (one.closest('#curves') ?? one.closest('.card'))?.querySelectorAll('.as-table').length,
        })),
    );
    // Loss, accuracy, the schedule, and two histograms; the search for a rate has not been begun.
    expect(charts).toHaveLength(5);
    for (const { what, named, tables } of charts) expect([what, named, tables]).toEqual([what, true, 1]);
  });

  it('where the loss is no number any more, advise a smaller rate or a bound, and start anew with it', async () => {
    await setNumber(page, 'rate', 1e6);
    await click(page, '#reset');
    await phase(page, 'ready');
    await click(page, '#primary');
    await phase(page, 'diverged');
    await page.waitForSelector('#advice:not([hidden])', WAIT);
    await click(page, '#less-rate');
    await page.waitForFunction(() => document.body.dataset['phase'] !== 'diverged', WAIT);
    expect(await page.$eval('[name=rate]', (field) => (field as HTMLInputElement).value)).toBe('100000');
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
