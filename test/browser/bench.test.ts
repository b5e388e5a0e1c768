// The bench page as it is built, in a real browser: its smallest setting.

import type { Page } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { fits, text, texts, useBrowser, visitBench, WAIT } from './visit.js';

useBrowser();

const isEnabled = (page: Page): Promise<boolean> =>
  page.$eval('#run', (button) => !(button as HTMLButtonElement).disabled);

describe('the bench page', () => {
  it('measures the least that it offers, and shows a table of numbers that fits its window', async () => {
    const { page, troubles } = await visitBench();
    await page.waitForSelector('#run:enabled', WAIT);
    expect(await text(page, '#chip')).toMatch(/no GPU: .*swiftshader/i);
    await page.select('#amount', 'short');
    await page.click('#run');
    await page.waitForFunction(() => /^(?!Measures)/.test(document.querySelector('#status')?.textContent ?? ''), WAIT);
    expect(await text(page, '#status')).toMatch(/^Done\./);
    expect(await texts(page, '#results h2')).toEqual(['Training']);
    const [name, ...numbers] = await texts(page, '#results tbody tr:first-child > *');
    expect(name).toBe('tutorial, 64');
    expect(await texts(page, '#results thead th')).toHaveLength(1 + numbers.length);
    expect(numbers.filter((number) => !(Number.parseFloat(number) >= 0))).toEqual([]);
    // Steps and images a second.
    for (const rate of numbers.slice(0, 2)) expect(Number(rate)).toBeGreaterThan(0);
    expect(await page.$eval('#progress', (bar) => (bar as HTMLProgressElement).position)).toBe(1);
    expect(await page.$$('#save:enabled')).toHaveLength(1);
    await fits(page, [360, 800, 1280]);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('without WebGPU says what is missing, and has nothing to press', async () => {
    const { page, troubles } = await visitBench((empty) =>
      empty.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'gpu', { value: undefined })),
    );
    await page.waitForFunction(() => document.querySelector('#chip')?.textContent === 'no WebGPU', WAIT);
    expect(await text(page, '#status')).toMatch(/WebGPU/);
    expect(await isEnabled(page)).toBe(false);
    expect(troubles).toEqual([]);
    await page.close();
  });
});
