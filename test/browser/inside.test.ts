// An activation of the net at hand: pressed, and worked out.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
import { click, drawOne, phase, setNumber, stepOf, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const number = (written: string | undefined): number => Number(written?.replace('−', '-'));
const part = async (page: Page, name: string): Promise<number> => number(await text(page, `[data-part=${name}]`));
const place = (page: Page): Promise<string> => text(page, '#inside-total p');

/** Products, bias, and what the GPU has, add up as they stand there. */
async function mustAgree(page: Page): Promise<void> {
  const [sum, bias, total, value] = [
    await part(page, 'sum'),
    await part(page, 'bias'),
    await part(page, 'total'),
    await part(page, 'value'),
  ];
  const channels = (await texts(page, '.inside-channels p b')).map(number);
  // Each is rounded to four digits.
  expect(Math.abs(total - value)).toBeLessThanOrEqual(1.01e-4);
  expect(Math.abs(sum + bias - total)).toBeLessThanOrEqual(1.01e-4);
  expect(Math.abs(channels.reduce((all, each) => all + each, 0) - sum)).toBeLessThanOrEqual(
    0.51e-4 * (channels.length + 1),
  );
}

describe('an activation', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
    await page.$eval('#inside', (host) => host.scrollIntoView());
    await page.waitForSelector('#inside-total', WAIT);
  });
  afterAll(() => page.close());

  it('is shown with its window, its kernel and its bias, which come to the value on the GPU', async () => {
    expect(await texts(page, '[data-inside=layer] option')).toEqual(['conv1', 'conv2']);
    expect(await page.$$('.inside-output .maps canvas')).toHaveLength(6);
    expect(await page.$$('.inside-channels li')).toHaveLength(1);
    expect(await page.$$('.inside-cells td')).toHaveLength(18);
    await mustAgree(page);
    expect(await text(page, '#inside-total small')).toBe('after 0 steps');
  });

  it('is chosen by pointer in any filter, and by arrow keys in the large one', async () => {
    const box = await page.$eval('.inside-output button:nth-child(4) canvas', (canvas) => {
      canvas.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = canvas.getBoundingClientRect();
      return { left, top, width, height };
    });
    await page.mouse.click(box.left + (2.5 / 26) * box.width, box.top + (3.5 / 26) * box.height);
    await page.waitForFunction(
      () => document.querySelector('#inside-total p')?.textContent?.includes('Filter 4, row 4, column 3'),
      WAIT,
    );
    await mustAgree(page);
    await page.focus('.map-large canvas');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(
      () => document.querySelector('#inside-total p')?.textContent?.includes('row 5, column 3'),
      WAIT,
    );
    await mustAgree(page);
  });

  it('has as many channels as go into its convolution', async () => {
    await page.select('[data-inside=layer]', '1');
    await page.waitForFunction(() => document.querySelectorAll('.inside-channels li').length === 6, WAIT);
    expect(await page.$$('.inside-output .maps canvas')).toHaveLength(16);
    expect(await place(page)).toContain('Filter 4');
    await mustAgree(page);
    expect(await violationsOf(page)).toEqual([]);
  });

  it('changes while the net learns, and with the image: that on the pad, too', async () => {
    await setNumber(page, 'epochs', 1);
    await page.$eval('#primary', (button) => (button as HTMLElement).click());
    await phase(page, 'done');
    await page.$eval('#inside', (place) => place.scrollIntoView());
    const steps = await stepOf(page);
    expect(steps).toBeGreaterThan(10);
    // Asked for again when there is something new.
    await page.waitForFunction(
      (said) => document.querySelector('#inside-total small')?.textContent === said,
      WAIT,
      `after ${steps} steps`,
    );
    await mustAgree(page);
    await drawOne(page);
    await page.waitForFunction(() => document.querySelector('.guess-digit')?.textContent !== '?', WAIT);
    await click(page, '[name=inside-image][value=pad]');
    await page.waitForFunction(
      () => document.querySelector('.inside-input .maps')?.ariaLabel?.includes('on the pad'),
      WAIT,
    );
    await mustAgree(page);
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});

describe('a net without convolutions', () => {
  it('has no activation to press, and the page says so', async () => {
    const { page, troubles } = await visit(undefined, undefined, '?net=own-dense16');
    await phase(page, 'ready');
    await page.$eval('#inside', (host) => host.scrollIntoView());
    await page.waitForFunction(() => document.querySelector('#inside')?.textContent?.includes('no convolution'), WAIT);
    expect(troubles).toEqual([]);
  });
});
