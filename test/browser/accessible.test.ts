// The page for everyone, in one setting; accessible.long.test.ts has all of them.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf, visitAs } from './axe.js';
import { click, phase, setNumber, useBrowser, WAIT } from './visit.js';

useBrowser();

describe('the page for everyone: 中文, dark, 360 pixels', () => {
  let page: Page;
  beforeAll(async () => {
    page = await visitAs({ language: 'zh', theme: 'dark', width: 360 });
  });
  afterAll(() => page.close());

  it('has no violation that axe-core finds, before a run and after one', async () => {
    expect(await violationsOf(page)).toEqual([]);
    await setNumber(page, 'epochs', 1);
    await click(page, '#primary');
    await phase(page, 'done');
    await page.waitForSelector('#epochs tbody td', WAIT);
    expect(await violationsOf(page)).toEqual([]);
  });

  it('would not hide one: an image without a text is found', async () => {
    await page.evaluate(() => document.querySelector('main')?.append(document.createElement('img')));
    expect((await violationsOf(page)).join()).toContain('image-alt');
    await page.evaluate(() => document.querySelector('main > img')?.remove());
  });

  it('has nothing to press that is smaller than a finger', async () => {
    for (const chapter of await page.$$('.chapter')) {
      await chapter.evaluate((one) => one.scrollIntoView());
      await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => setTimeout(resolve, 100))));
    }
    await page.waitForSelector('#kernel-plan tbody tr', WAIT);
    await page.$$eval('details', (all) => all.forEach((one) => (one.open = true)));
    const tooSmall = (): string[] => {
      const boxes = 'input:is([type=checkbox], [type=radio], [type=file])';
      const pressed = `button, select, textarea, summary, a[href], input, label:has(${boxes})`;
      return [...document.querySelectorAll<HTMLElement>(pressed)].flatMap((one) => {
        // What lies in a label is pressed by it, and words of a sentence are as high as its lines.
        const isText = one.closest('p, dfn') !== null;
        if (isText || one.matches(`label ${boxes}`) || !one.checkVisibility({ visibilityProperty: true })) return [];
        const { width, height } = (one.closest('.pressable') ?? one).getBoundingClientRect();
        return Math.min(width, height) < 43.5 ? [`${one.outerHTML.slice(0, 120)}: ${width} × ${height}`] : [];
      });
    };
    // Styles of a part that has just come may be a moment behind it.
    for (let looks = 0; looks < 50 && (await page.evaluate(tooSmall)).length > 0; looks++)
      await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(resolve)));
    expect(await page.evaluate(tooSmall)).toEqual([]);
  });

  it('lists its keys in a dialog that Escape closes, and neither breaks a rule', async () => {
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]', WAIT);
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('dialog[open]') === null, WAIT);
  });

  it('keeps the colours that a person chooses, also for the next visit', async () => {
    const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset['theme']);
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await theme()).toBe('dark');
    const dark = await paper();
    await page.keyboard.press('t');
    expect(await theme()).toBe('light');
    expect(await paper()).not.toBe(dark);
    await page.reload();
    await phase(page, 'ready');
    expect(await theme()).toBe('light');
    await page.evaluate(() => localStorage.clear());
  });
});
