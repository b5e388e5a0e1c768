// The chapter on the model: layers that a person puts together.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
import { click, phase, setNumber, text, texts, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const row = (at: number) => `.editor-list [data-at="${at}"]`;
const kinds = (page: Page): Promise<string[]> => texts(page, '.editor-list [data-at] .editor-name b');
/** Waits until the Worker has said this of the layers. */
const said = (page: Page, wanted: string) =>
  page.waitForFunction((words) => document.querySelector('.editor-sum')?.textContent?.includes(words), WAIT, wanted);
const setLayer = (page: Page, at: number, name: string, value: number): Promise<void> =>
  page.$eval(
    `${row(at)} [data-number=${name}]`,
    (input, wanted) => {
      (input as HTMLInputElement).value = String(wanted);
      input.dispatchEvent(new Event('input'));
    },
    value,
  );

describe('the editor of layers', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
  });
  afterAll(() => page.close());

  it('begins with the chosen net, and says the same of it as the table', async () => {
    const [total] = await texts(page, '.layers tfoot td:nth-child(3)');
    await click(page, '#edit-net');
    await page.waitForSelector(row(9), WAIT);
    await said(page, '1.0 × the work');
    expect(await text(page, '.editor-sum')).toContain(`It fits: ${total} parameters`);
    const names = ['Convolution', 'ReLU', 'Max-pool'];
    expect(await kinds(page)).toEqual([...names, ...names, 'Dense', 'ReLU', 'Dense', 'ReLU']);
    expect((await texts(page, '.editor-facts .shape')).slice(0, 4)).toEqual([
      '1×28×28',
      '6×26×26',
      '6×26×26',
      '6×13×13',
    ]);
  });

  it('says at once what a change makes of the shapes, and the net becomes one’s own', async () => {
    await setLayer(page, 0, 'filters', 4);
    await setLayer(page, 0, 'padding', 1);
    await page.waitForFunction(
      (selector) => document.querySelector(selector)?.textContent === '4×28×28',
      WAIT,
      `${row(0)} .shape`,
    );
    expect(await text(page, `${row(0)} .editor-facts`)).toContain('40 parameters');
    expect(await page.$eval('[name=net]', (select) => (select as HTMLSelectElement).value)).toBe('own');
    // A value out of range is not taken.
    await setLayer(page, 0, 'stride', 0);
    expect(
      await page.$eval(`${row(0)} [data-number=stride]`, (input) => (input as HTMLInputElement).validity.valid),
    ).toBe(false);
    await setLayer(page, 0, 'stride', 1);
  });

  it('refuses a layer that does not fit, says why, and leaves the net as it was until it does', async () => {
    // Below the last one, which is behind a dense layer.
    await click(page, '.editor-add [data-kind=pool]');
    await page.waitForSelector('.refusal', WAIT);
    expect(await text(page, '.refusal')).toMatch(/^This layer works on images.* maxPool2d: .*; wanted/);
    expect(await text(page, '.editor-sum')).toContain('stays as it was');
    expect(await page.$eval(row(10), (layer) => layer.getAttribute('data-refused'))).toBe('true');
    expect(await violationsOf(page)).toEqual([]);
    await click(page, `${row(10)} .remove`);
    await said(page, 'It fits');
    await setLayer(page, 5, 'window', 28);
    await page.waitForSelector('.refusal', WAIT);
    expect(await text(page, '.refusal')).toMatch(
      /^A window of 28×28 does not fit into an image of 12×12 with padding 0/,
    );
    await setLayer(page, 5, 'window', 2);
    await said(page, 'It fits');
    expect(await page.$('.refusal')).toBeNull();
  });

  it('moves layers by buttons, and the finger stays on the layer that it moves', async () => {
    await page.focus(`${row(1)} .up`);
    await page.keyboard.press('Enter');
    expect((await kinds(page)).slice(0, 2)).toEqual(['ReLU', 'Convolution']);
    expect(await page.evaluate(() => document.activeElement?.closest('[data-at]')?.getAttribute('data-at'))).toBe('0');
    // At the top there is only the way back.
    await page.keyboard.press('Enter');
    expect((await kinds(page)).slice(0, 2)).toEqual(['Convolution', 'ReLU']);
  });

  it('gives a net that trains: with batch norm, dropout and a stride', async () => {
    for (const at of [9, 8, 7, 6]) await click(page, `${row(at)} .remove`);
    await click(page, row(0));
    await click(page, '.editor-add [data-kind=norm]');
    await click(page, row(4));
    await click(page, '.editor-add [data-kind=dropout]');
    await setLayer(page, 0, 'stride', 2);
    expect(await kinds(page)).toEqual([
      'Convolution',
      'Batch norm',
      'ReLU',
      'Max-pool',
      'Convolution',
      'Dropout',
      'ReLU',
      'Max-pool',
    ]);
    await said(page, 'It fits');
    await setNumber(page, 'epochs', 1);
    await click(page, '#edit-net');
    expect(await page.$('.editor-list')).toBeNull();
    expect(await texts(page, '.layers tbody code')).toContain('batchNorm');
    await click(page, '#primary');
    await phase(page, 'done');
    await page.waitForFunction(() => document.querySelector('#epochs tbody td') !== null, WAIT);
    const [, first, last] =
      /Training: ([\d.]+) at step 1, ([\d.]+) at/.exec(await text(page, '#curve-loss-summary')) ?? [];
    expect(Number(last)).toBeLessThan(Number(first));
    await page.select('[name=net]', 'tutorial');
    expect(await text(page, '#primary')).toBe('Start anew');
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});
