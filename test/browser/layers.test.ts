// The chapter Train: one image in every layer, while the net learns.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { click, drawOne, phase, setNumber, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const summary = (page: Page): Promise<string> => text(page, '#layers-summary');
const says = (page: Page, words: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector('#layers-summary')?.textContent?.includes(wanted),
    WAIT,
    words,
  );

describe('the layers of a net', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
    await page.$eval('#layer-maps', (card) => card.scrollIntoView());
    await page.waitForSelector('.planes canvas', WAIT);
  });
  afterAll(() => page.close());

  it('are all there before it has learned, with the sizes of the model and the weights of each', async () => {
    expect(await summary(page)).toMatch(/^After 0 steps the net takes it for an? \d, [\d.]+ % sure\. It is an? \d\.$/);
    const titles = await texts(page, '.planes figcaption b');
    expect(titles.slice(0, 2)).toEqual(['What goes in', 'Weights: conv1.weight']);
    expect(titles.slice(2).join(', ')).toBe(
      [
        'conv2d 6 3×3, relu, maxPool2d 2×2, Weights: conv2.weight, conv2d 16 3×3, relu, maxPool2d 2×2',
        'Weights: fc1.weight, dense 120, relu, Weights: fc2.weight, dense 84, relu, Weights: fc3.weight, dense 10',
      ].join(', '),
    );
    const canvases = await page.$$eval('.planes', (all) =>
      all.map((figure) => figure.querySelectorAll('canvas').length),
    );
    expect(canvases).toEqual([1, 6, 6, 6, 6, 16, 16, 16, 16, ...Array<number>(8).fill(1)]);
    const inked = await page.$$eval('.planes canvas', (all) =>
      all.map((canvas) => {
        const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
        return image?.data.some((value) => value > 0) === true;
      }),
    );
    expect(inked.filter(Boolean).length).toBeGreaterThan(50);
  });

  it('are seen again and again while it learns, and at its end', async () => {
    await setNumber(page, 'epochs', 3);
    await page.click('#primary');
    await page.waitForFunction(
      () => !document.querySelector('#layers-summary')?.textContent?.startsWith('After 0 '),
      WAIT,
    );
    await phase(page, 'done');
    await says(page, 'After 171 steps');
  });

  it('show gradients instead, and the digit that a person drew', async () => {
    await click(page, '[name=layers-shown][value=gradients]');
    await says(page, 'how the loss would change');
    expect((await texts(page, '.planes figcaption b'))[1]).toBe('Gradients of the weights: conv1.weight');
    await click(page, '[name=layers-shown][value=values]');
    await click(page, '[name=layers-image][value=pad]');
    await page.waitForFunction(
      () => document.querySelector('#layer-maps > .hint')?.textContent?.includes('Draw a digit'),
      WAIT,
    );
    await drawOne(page);
    await page.$eval('#layer-maps', (card) => card.scrollIntoView());
    await page.waitForFunction(() => {
      const said = document.querySelector('#layers-summary')?.textContent ?? '';
      return said.includes('takes it for') && !said.includes('It is a');
    }, WAIT);
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
