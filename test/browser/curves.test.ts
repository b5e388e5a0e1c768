// The chapter Train: curves that say how a run went, beside those before it.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      /^\w+ \w+ Learning rate 0\.001 · Seed 1 [\d.]+ % in testing after epoch 1/,
    );
    const [name] = await texts(page, '.earlier li b');
    await click(page, `.earlier button[aria-label="Remove ${name}"]`);
    expect(await texts(page, '.earlier li')).toEqual([]);
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
