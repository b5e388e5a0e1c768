// The chapter Kernels: the plan of the run, and what is measured of it while the run waits.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
import { click, phase, stepOf, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const rowsOf = (page: Page, host: string): Promise<string[][]> =>
  page.$$eval(`${host} tbody tr`, (rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim().replace(/\s+/g, ' ') ?? '')),
  );
async function begin(page: Page, does: string): Promise<void> {
  await click(page, `[data-kernels=${does}]`);
  await page.waitForSelector(`#kernel-${does === 'time' ? 'times' : does} .stop`, WAIT);
}
/** Waits until a deed that was begun is over. */
const over = (page: Page) =>
  page.waitForFunction(() => document.querySelector('.kernel-deed .stop') === null, { ...WAIT, timeout: 100_000 });
/** What was copied last: headless browsers have no clipboard to be relied upon. */
const copied = (page: Page): Promise<string> => page.evaluate(() => document.body.dataset['copied'] ?? '');
const keepCopies = (page: Page) =>
  page.evaluate(() => {
    navigator.clipboard.writeText = (text) => {
      document.body.dataset['copied'] = text;
      return Promise.resolve();
    };
  });

describe('the kernels of a run', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await keepCopies(page);
    await phase(page, 'ready');
    await page.$eval('#kernels', (chapter) => chapter.scrollIntoView());
    await page.waitForSelector('#kernel-plan tbody tr', WAIT);
  });
  afterAll(() => page.close());

  it('stand in their order, for each of its plans', async () => {
    const train = await rowsOf(page, '#kernel-plan');
    expect(train.map(([place]) => Number(place))).toEqual(train.map((_, i) => i + 1));
    expect(await text(page, '#kernel-plan .kernel-summary')).toContain(`${train.length} dispatches`);
    expect(train.some(([, kernel]) => kernel?.startsWith('adam'))).toBe(true);
    await page.waitForSelector('[name=kernel-plan][value=predict]:not(:disabled)', WAIT);
    await page.$eval('[name=kernel-plan][value=predict]', (radio) => (radio as HTMLInputElement).click());
    const predict = await rowsOf(page, '#kernel-plan');
    expect(predict.some(([, kernel]) => kernel?.startsWith('adam'))).toBe(false);
    expect(predict.length).toBeLessThan(train.length);
    await page.$eval('[name=kernel-plan][value=train]', (radio) => (radio as HTMLInputElement).click());
  });

  it('show their text, line by line, and it can be copied', async () => {
    await click(page, '#kernel-plan tbody tr:nth-child(2) button');
    expect(await page.$eval('#kernel-plan tbody tr:nth-child(2)', (row) => row.getAttribute('data-open'))).toBe('true');
    const lines = await page.$$eval('.kernel-text .line', (all) => all.map((line) => line.textContent ?? ''));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines[0]).toMatch(/^@group\(0\) @binding\(0\)/);
    await click(page, '.kernel-text .copy');
    await page.waitForFunction(() => document.querySelector('.kernel-text [role=status]')?.textContent?.trim(), WAIT);
    expect((await copied(page)) === lines.join('\n')).toBe(true);
    await click(page, '.kernel-text .close');
    expect(await page.$('.kernel-text')).toBeNull();
  });

  it('are timed while a run that trains is paused, and it goes on at its step', async () => {
    await click(page, '#primary');
    await phase(page, 'training');
    await page.waitForFunction(() => /step \d/.test(document.querySelector('.run-detail')?.textContent ?? ''), WAIT);
    const step = await stepOf(page);
    await begin(page, 'time');
    await phase(page, 'paused');
    expect(await text(page, '.run-detail')).toBe('The GPU is busy with a measurement: see Kernels');
    await over(page);
    await phase(page, 'training');
    await click(page, '#primary');
    await phase(page, 'paused');
    expect(await stepOf(page)).toBeGreaterThan(step);
    const [plan, times] = [await rowsOf(page, '#kernel-plan'), await rowsOf(page, '.timeline')];
    expect(times.map(([place]) => place)).toEqual(plan.map(([place]) => place));
    for (const [, , , ms] of times) expect(Number(ms)).toBeGreaterThan(0);
    expect(times.at(-1)?.[5]).toBe('100.0 %');
    expect(await page.$$eval('.roof-chart circle', (dots) => dots.length)).toBeGreaterThan(5);
    await page.$eval('#kernel-rates', (rates) => rates.scrollIntoView());
    await page.waitForFunction(() => document.querySelector('.kernel-now')?.textContent?.includes('steps/s'), WAIT);
  });

  it('are held against their formulas, each within its bound, and the run stays where it was', async () => {
    const step = await stepOf(page);
    await begin(page, 'check');
    await over(page);
    expect(await text(page, '#kernel-check .kernel-summary')).toMatch(/^All \d+ kernels are right/);
    expect(await texts(page, '.kernel-group')).toEqual(['Training step', 'Evaluation', 'Prediction']);
    const rows = (await rowsOf(page, '#kernel-check')).filter((row) => row.length > 1);
    expect(rows.length).toBeGreaterThan(20);
    for (const [, compared, error, bound, , verdict] of rows) {
      const [found = NaN, allowed = NaN] = [error, bound].map((value) => Number(value?.replace('−', '-')));
      expect([Number(compared?.replace(',', '')) > 0, found <= allowed, verdict]).toEqual([true, true, '✓ right']);
    }
    expect([await stepOf(page), await page.$eval('body', (body) => body.dataset['phase'])]).toEqual([step, 'paused']);
  });

  it('are tuned until somebody stops it, and then nothing has changed', async () => {
    await begin(page, 'tune');
    await page.waitForFunction(
      () => (document.querySelector('#kernel-tune progress') as HTMLProgressElement)?.value > 0,
      {
        ...WAIT,
        timeout: 100_000,
      },
    );
    await click(page, '#kernel-tune .stop');
    await over(page);
    expect(await page.$('#kernel-tune table')).toBeNull();
    expect(await page.$eval('[data-kernels=tune]', (button) => button.getAttribute('aria-disabled'))).toBe('false');
  });

  it('go with all that was found out into one JSON, also where the browser does not copy', async () => {
    await click(page, '#kernel-report .copy');
    await page.waitForFunction(() => document.querySelector('#kernel-report [role=status]')?.textContent?.trim(), WAIT);
    const report = JSON.parse(await copied(page)) as Record<string, { readonly length?: number } | undefined>;
    expect(report['plans']?.length).toBe(3);
    for (const part of ['adapter', 'settings', 'times', 'checks', 'rate', 'peers']) expect(report).toHaveProperty(part);
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('no'));
    });
    await click(page, '#kernel-report .copy');
    const area = await page.waitForSelector('#kernel-report textarea', WAIT);
    const selected = await area?.evaluate((one) => one.value.slice(one.selectionStart, one.selectionEnd));
    expect(JSON.parse(selected ?? '')).toMatchObject({ plans: { length: 3 } });
  });

  it('are shown without a violation of accessibility, an error in the console or a request to another host', async () => {
    await click(page, '#kernel-plan tbody tr:nth-child(1) button');
    expect(await violationsOf(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });
});
