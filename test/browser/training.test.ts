// The chapter Train: what lies below its curves.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { click, phase, setNumber, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

describe('a run', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
    await page.$eval('#speed', (card) => card.scrollIntoView());
    await page.waitForSelector('#speed .figures', WAIT);
  });
  afterAll(() => page.close());

  it('says what a step costs, and where it stands in the line of a terminal', async () => {
    await setNumber(page, 'epochs', 1);
    await click(page, '#primary');
    await phase(page, 'done');
    await page.waitForFunction(() => document.querySelector('.terminal')?.textContent?.includes('57/57'), WAIT);
    expect(await text(page, '.terminal')).toMatch(
      /^1\/1 100% \|█{10}\| 57\/57 \d+:\d\d<0:00 [\d,]+ img\/s loss [\d.]+$/,
    );
    const names = await texts(page, '.figures dt');
    const values = (await texts(page, '.figures dd')).map((value) => Number.parseFloat(value.replaceAll(',', '')));
    expect(names).toHaveLength(7);
    // SwiftShader has a clock, too.
    for (const [i, value] of values.entries()) expect([names[i], value > 0]).toEqual([names[i], true]);
  });

  it('is not changed by a search for a learning rate beside it, which suggests one to use', async () => {
    const results = async (): Promise<string[]> => (await texts(page, '#epochs tbody td')).slice(0, 6);
    const wanted = await results();
    await click(page, '#reset');
    await phase(page, 'ready');
    await click(page, '#primary');
    await phase(page, 'training');
    // By itself: rows that come above it meanwhile would move it from under the pointer.
    await page.$eval('#find', (button) => (button as HTMLElement).click());
    await page.waitForFunction(() => document.querySelector('#find')?.textContent?.trim() === 'Stop the search', WAIT);
    await phase(page, 'done');
    await page.waitForSelector('#use-rate', WAIT);
    expect(await results()).toEqual(wanted);
    const [, suggested] = /falls fastest at ([\d.e-]+),/.exec(await text(page, '#found-summary')) ?? [];
    expect(Number(suggested)).toBeGreaterThan(1e-4);
    expect(Number(suggested)).toBeLessThan(1);
    await click(page, '#use-rate');
    expect(await page.$eval('[name=rate]', (field) => (field as HTMLInputElement).value)).toBe(suggested);
    await setNumber(page, 'rate', 0.001);
  });

  it('goes step by step, by a button and by a key', async () => {
    const stands = (step: number) =>
      page.waitForFunction(
        (wanted) => document.querySelector('.run-detail')?.textContent?.endsWith(`step ${wanted}`),
        WAIT,
        step,
      );
    await click(page, '#reset');
    await phase(page, 'ready');
    await page.click('#step');
    await stands(1);
    await phase(page, 'paused');
    await page.focus('#train');
    await page.keyboard.press('s');
    await stands(2);
    await phase(page, 'paused');
  });

  it('takes on some settings at once, and says which of the others ask for a restart', async () => {
    await setNumber(page, 'epochs', 200);
    await page.select('[name=schedule]', 'cosine');
    expect(await page.$eval('.schedule svg', (picture) => picture.getAttribute('aria-label'))).toContain('ends at');
    await page.click('#primary');
    await phase(page, 'training');
    await page.waitForFunction(() => document.querySelector('#epochs tbody td') !== null, WAIT);
    await setNumber(page, 'epochs', 1);
    await phase(page, 'done');
    expect(await texts(page, '.changed')).toEqual([]);
    await setNumber(page, 'batch', 50);
    expect(await texts(page, '.changed')).toEqual(['restart']);
    expect(await text(page, '#primary')).toBe('Start anew');
    await setNumber(page, 'batch', 32);
    expect(await texts(page, '.changed')).toEqual([]);
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
