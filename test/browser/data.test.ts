// The chapter on data: from bytes to what the net gets, augmentation, and how many images there are of each digit.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { click, phase, setNumber, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

/** The pixels of each canvas, as text to compare. */
const drawn = (page: Page, selector: string): Promise<string[]> =>
  page.$$eval(selector, (all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
const numbers = (all: readonly string[]): number[] =>
  all.map((each) => Number(each.replace('−', '-').replaceAll(',', '')));

describe('the chapter on data', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
    await page.waitForSelector('.histogram', WAIT);
  });
  afterAll(() => page.close());

  it('shows mean and deviation before and after: by MNIST’s numbers, as training has them', async () => {
    const [mean = NaN, std = NaN, meanAfter = NaN, stdAfter = NaN] = numbers(
      await texts(page, '.normalise-side figcaption output'),
    );
    expect(mean).toBeGreaterThan(0.05);
    expect(mean).toBeLessThan(0.3);
    expect(meanAfter).toBeCloseTo((mean - 0.1307) / 0.3081, 2);
    expect(stdAfter).toBeCloseTo(std / 0.3081, 2);
    expect(
      await page.$$eval('.histogram', (all) => all.map((each) => each.querySelectorAll('.histogram-bar').length)),
    ).toEqual([32, 32]);
    expect(await texts(page, '#normalise .as-table td')).toEqual([]);
    await click(page, '#normalise .as-table summary');
    await page.waitForSelector('#normalise .as-table td', WAIT);
    const shares = (await texts(page, '#normalise .as-table tbody td:last-child')).map(
      (share) => Number.parseFloat(share) || 0,
    );
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeGreaterThan(98);
  });

  it('says what becomes of a pixel, by pointer and by arrow keys', async () => {
    const box = await page.$eval('.pixels-large canvas', (canvas) => {
      canvas.scrollIntoView({ block: 'center' });
      const { left, top, width } = canvas.getBoundingClientRect();
      return { left, top, width };
    });
    await page.mouse.move(box.left + (0.5 / 28) * box.width, box.top + (0.5 / 28) * box.width);
    await page.waitForFunction(
      () => document.querySelector('#pixel-value')?.textContent?.includes('Row 1, column 1'),
      WAIT,
    );
    // Paper: (0 − 0.1307) / 0.3081.
    expect(await text(page, '#pixel-value output')).toBe('(0/255 − 0.1307) / 0.3081 = −0.4242');
    await page.focus('.pixels-large canvas');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    expect(await text(page, '#pixel-value')).toContain('Row 1, column 2');
  });

  it('normalises by other numbers if a person wants them, and the run that is made ready takes them on', async () => {
    const after = () => texts(page, '.normalise-side[data-kind=normalised] figcaption output');
    await click(page, '[name=normalise][value=set] + span');
    // The two numbers have four digits, and half of the last one may be off.
    const [meanAfter = NaN, stdAfter = NaN] = numbers(await after());
    expect(Math.abs(meanAfter)).toBeLessThan(0.001);
    expect(Math.abs(stdAfter - 1)).toBeLessThan(0.001);
    await setNumber(page, 'std', 0.5);
    expect(await text(page, '#pixel-value output')).toMatch(/\/ 0\.5 = /);
    expect(new URL(page.url()).searchParams.get('std')).toBe('0.5');
    await page.waitForFunction(() => document.body.dataset['phase'] === 'preparing', WAIT);
    await phase(page, 'ready');
    await click(page, '[name=normalise][value=mnist] + span');
    expect(new URL(page.url()).searchParams.has('std')).toBe(false);
    await phase(page, 'ready');
  });

  it('looks more closely at the image that is chosen', async () => {
    const [before] = await drawn(page, '.pixels-large canvas');
    await click(page, '.preview button:nth-child(3)');
    expect(await page.$$eval('.preview [aria-pressed=true]', (all) => all.length)).toBe(1);
    await page.waitForFunction(
      (old) => (document.querySelector('.pixels-large canvas') as HTMLCanvasElement).toDataURL() !== old,
      WAIT,
      before,
    );
  });

  it('counts the images of each digit', async () => {
    const [train, test] = await Promise.all(
      ['train', 'test'].map(async (kind) =>
        numbers(await texts(page, `.balance-cell[data-kind=${kind}] span:last-child`)),
      ),
    );
    expect(train).toHaveLength(10);
    expect(train?.reduce((sum, images) => sum + images, 0)).toBe(2000);
    expect(test?.reduce((sum, images) => sum + images, 0)).toBe(500);
  });

  it('shows images as augmentation changes them: by the seed alike, in another epoch otherwise, and trains on such', async () => {
    const after = '[data-row=after]';
    const changed = (old: readonly string[]) =>
      page.waitForFunction(
        (selector, all) =>
          [...document.querySelectorAll<HTMLCanvasElement>(selector)].every(
            (canvas, i) => canvas.toDataURL() !== all[i],
          ),
        WAIT,
        after,
        old,
      );
    const note = (words: string) =>
      page.waitForFunction(
        (wanted) => document.querySelector('.augment-again .hint')?.textContent?.includes(wanted),
        WAIT,
        words,
      );
    const plain = await drawn(page, after);
    expect(plain).toHaveLength(8);
    expect(plain).toEqual(await drawn(page, '[data-row=before]'));
    expect(await page.$eval('#augment-again', (button) => button.getAttribute('aria-disabled'))).toBe('true');
    await click(page, '[name=augment][value=strong]');
    await note('Epoch 1 of seed 1');
    await changed(plain);
    const first = await drawn(page, after);
    await click(page, '#augment-again');
    await note('Epoch 2 of seed 1');
    await changed(first);
    await click(page, '#primary');
    await phase(page, 'training');
    await click(page, '#primary');
    await phase(page, 'paused');
    await click(page, '[name=augment][value=none]');
    expect(await text(page, '#primary')).toBe('Start anew');
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
