// The worked convolution: what stands there is what the GPU computed, and it adds up.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
import { click, phase, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const number = (written: string): number => Number(written.replace('−', '-'));
const numbers = async (page: Page, selector: string): Promise<number[]> => (await texts(page, selector)).map(number);
const total = (page: Page): Promise<number> => text(page, '.worked-total b').then((said) => number(said.slice(2)));
/** Waits for a result of so many numbers. */
const results = (page: Page, count: number) =>
  page.waitForFunction((many) => document.querySelectorAll('.worked-result td').length === many, WAIT, count);

describe('the worked convolution', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
    await page.$eval('#worked', (place) => place.scrollIntoView());
    await page.waitForSelector('.worked-result', WAIT);
  });
  afterAll(() => page.close());

  it('shows nine products that add up to the number of the result, for every window', async () => {
    const expected = await numbers(page, '.worked-result td');
    expect(expected).toHaveLength(9);
    const weights = await page.$$eval('.worked-kernel input', (all) => all.map((each) => each.valueAsNumber));
    for (const [at, sum] of expected.entries()) {
      expect(await total(page)).toBe(sum);
      const pixels = await numbers(page, '.worked-image [data-in=true]');
      const products = (await texts(page, '.worked-products b')).map((said) => number(said.slice(2)));
      expect(products).toEqual(pixels.map((pixel, i) => pixel * (weights[i] ?? NaN) + 0));
      expect(products.reduce((all, each) => all + each, 0)).toBe(sum);
      if (at < 8) await click(page, '.worked-steps .next');
    }
    expect(await page.$eval('.worked-steps .next', (button) => (button as HTMLButtonElement).disabled)).toBe(true);
  });

  it('goes from window to window by arrow keys', async () => {
    await page.focus('.worked-result [tabindex="0"]');
    for (const key of ['ArrowUp', 'ArrowLeft'] as const) await page.keyboard.press(key);
    expect(await text(page, '.worked-total span')).toBe('Row 2, column 2 of the result:');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-window'))).toBe('4');
  });

  it('computes anew for another stride and padding, another weight, and more ink', async () => {
    await page.select('[data-worked=padding]', '2');
    await results(page, 49);
    await page.select('[data-worked=stride]', '3');
    await results(page, 9);
    expect(await text(page, '#worked > .hint')).toContain('(5 + 2 × 2 − 3) / 3');
    await page.select('[data-worked=kernel]', 'same');
    await page.waitForFunction(() => document.querySelector('.worked-products b')?.textContent === '= 0', WAIT);
    // The middle of the second row sees the middle pixel of the picture and nothing else.
    await page.$eval('[data-weight="4"]', (input) => {
      (input as HTMLInputElement).value = '-2.5';
      input.dispatchEvent(new Event('input'));
    });
    const middle = '.worked-result [data-window="4"]';
    const pixel = '.worked-image tr:nth-child(5) td:nth-child(5) button';
    const before = await numbers(page, pixel);
    await page.waitForFunction(
      (selector) => /^(0|−.*)$/.test(document.querySelector(selector)?.textContent?.trim() ?? ''),
      WAIT,
      middle,
    );
    await click(page, pixel);
    const ink = ((before[0] ?? NaN) + 1) % 4;
    await page.waitForFunction(
      (selector, wanted) => document.querySelector(selector)?.textContent?.trim() === wanted,
      WAIT,
      middle,
      String(ink * -2.5).replace('-', '−'),
    );
    expect(await page.$eval('[data-worked=kernel]', (select) => (select as HTMLSelectElement).value)).toBe('own');
    expect(await violationsOf(page)).toEqual([]);
  });

  it('gives the numbers that most tutorials work out', async () => {
    await page.select('[data-worked=stride]', '1');
    await page.select('[data-worked=padding]', '0');
    await page.select('[data-worked=picture]', 'textbook');
    await page.select('[data-worked=kernel]', 'cross');
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll('.worked-result [data-window]')]
          .map((each) => each.textContent?.trim())
          .join() === '4,3,4,2,4,3,2,3,4',
      WAIT,
    );
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
