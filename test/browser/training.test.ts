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

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
