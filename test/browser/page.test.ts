// The demo page as it is built, in a real browser.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  click,
  drawOne,
  fits,
  LOSE_DEVICE,
  phase,
  REFUSE_SECOND,
  serveWithWorker,
  setNumber,
  shares,
  stepOf,
  text,
  texts,
  useBrowser,
  visit,
  WAIT,
  writeIdxFiles,
} from './visit.js';

useBrowser();

describe('training on the page', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
  });
  afterAll(() => page.close());

  it('names the adapter, says that it is software, and starts small', async () => {
    expect(await page.title()).toContain('Weft');
    expect(await text(page, '#chip')).toMatch(/Software .*swiftshader/i);
    expect(await page.$eval('#chip', (chip) => chip.getAttribute('data-kind'))).toBe('software');
    expect(await text(page, '[data-source="digits"] .hint')).toContain('software');
    expect(await page.$eval('[name=images]', (select) => (select as HTMLSelectElement).value)).toBe('2000');
  });

  it('fits its window, from 360 pixels up', async () => {
    await fits(page, [360, 800, 1280]);
  });

  it('shows some images in its first chapter, and every layer of the net with its sizes in the second', async () => {
    expect(await page.$$('#preview canvas')).toHaveLength(20);
    const rows = await page.$$eval('.layers tr', (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent?.trim())),
    );
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.every((row) => row.length === 5)).toBe(true);
    expect(rows[1]).toEqual(['input', '1×28×28', '', '', '']);
    const numbers = (column: number): number[] =>
      rows.slice(1).map((row) => Number((row[column] ?? '').replaceAll(',', '')));
    for (const column of [2, 3, 4]) {
      const [total = 0, ...layers] = numbers(column).toReversed();
      expect(layers.reduce((sum, number) => sum + number, 0)).toBe(total);
    }
  });

  it('answers a drawing while it learns, and the answer follows the net', async () => {
    // So many that no machine is done before this file is.
    await setNumber(page, 'epochs', 200);
    await click(page, '#primary');
    await phase(page, 'training');
    await drawOne(page);
    await page.waitForFunction(() => document.querySelector('.guess-digit')?.textContent !== '?', WAIT);
    const before = await texts(page, '.shares .share');
    expect(before).toHaveLength(10);
    // Nobody touches the pad: only the weights can change these.
    await page.waitForFunction(
      (old) => [...document.querySelectorAll('.shares .share')].map((each) => each.textContent).join() !== old,
      WAIT,
      before.join(),
    );
    expect(await page.evaluate(() => document.body.dataset['phase'])).toBe('training');
  });

  it('lowers the loss, and fills in a row and the confusion matrix after an epoch', async () => {
    await page.waitForFunction(() => Boolean(document.querySelector('#matrix tbody td')?.textContent), WAIT);
    await page.waitForSelector('#epochs tbody td', WAIT);
    const [, first, now] =
      /Training: ([\d.]+) at step 1, ([\d.]+) at/.exec(await text(page, '#curve-loss-summary')) ?? [];
    expect(Number(first)).toBeGreaterThan(2);
    expect(Number(now)).toBeLessThan(0.9 * Number(first));
    expect((await texts(page, '#epochs tbody tr:first-child > *'))[0]).toMatch(/^1\b/);
    const counts = (await texts(page, '#matrix tbody td')).map(Number);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(await page.$$eval('#matrix th[scope]', (heads) => heads.length)).toBe(20);
  });

  it('pauses, and goes on where it was', async () => {
    await click(page, '#primary');
    await phase(page, 'paused');
    expect(await text(page, '.run-message')).toBe('Paused.');
    const paused = await stepOf(page);
    await click(page, '#primary');
    await page.waitForFunction(
      (step) => Number(/step ([\d,]+)/.exec(document.querySelector('.run-detail')?.textContent ?? '')?.[1]) > step,
      WAIT,
      paused,
    );
    await click(page, '#primary');
    await phase(page, 'paused');
  });

  it('gives ten probabilities that sum to one, and the largest is the answer', async () => {
    await click(page, '#clear');
    await page.waitForFunction(() => document.querySelector('.guess-digit')?.textContent === '?', WAIT);
    await drawOne(page);
    await page.waitForFunction(() => document.querySelector('.guess-digit')?.textContent !== '?', WAIT);
    const found = await shares(page);
    expect(found).toHaveLength(10);
    // Each is rounded to a tenth of a per cent.
    expect(Math.abs(found.reduce((sum, share) => sum + share, 0) - 100)).toBeLessThanOrEqual(0.5);
    expect(found.indexOf(Math.max(...found))).toBe(Number(await text(page, '.guess-digit')));
    const inked = await page.$eval('.pixels', (canvas) => {
      const image = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, 28, 28);
      return image?.data.filter((value, i) => i % 4 === 0 && value > 128).length;
    });
    // A stroke of 20 pixels, two to three wide.
    expect(inked).toBeGreaterThan(20);
    expect(inked).toBeLessThan(120);
  });

  it('puts a test image on the pad, with its label', async () => {
    await click(page, '#sample');
    await page.waitForFunction(
      () => /It is an? \d/.test(document.querySelector('.guess-label')?.textContent ?? ''),
      WAIT,
    );
  });

  it('starts anew when a setting changes that a run cannot take on, and forgets all at a reset', async () => {
    await page.select('[name=net]', 'figure');
    expect(await text(page, '#primary')).toBe('Start anew');
    await page.select('[name=net]', 'tutorial');
    expect(await text(page, '#primary')).toBe('Continue');
    await click(page, '#reset');
    await phase(page, 'ready');
    // Drawn with the frames, so a moment later.
    await page.waitForFunction(
      () =>
        document.querySelector('#curve-loss-summary')?.textContent?.trim() === 'No step yet.' &&
        document.querySelector('#epochs tbody tr') === null,
    );
    expect(await text(page, '#primary')).toBe('Train');
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});

describe('what ends a run', () => {
  it('a learning rate that is far too large: the page says so, and offers a new start', async () => {
    const { page } = await visit();
    await phase(page, 'ready');
    await page.select('[name=optimizer]', 'sgd');
    await click(page, '#primary');
    await phase(page, 'training');
    // Taken on by the run as it goes.
    await setNumber(page, 'rate', 1e6);
    await phase(page, 'diverged');
    expect(await text(page, '#primary')).toBe('Start anew');
    expect(await page.$eval('.fault', (fault) => fault.getAttribute('data-code'))).toBe('diverged');
    await page.close();
  });

  it('a GPU that goes away: the run goes on with the next one, and the page says so', async () => {
    const { page } = await visit(await serveWithWorker((script) => `${LOSE_DEVICE}\n${script}`));
    await phase(page, 'ready');
    await click(page, '#primary');
    await page.waitForFunction(
      () => document.querySelector('.run-message')?.textContent?.startsWith('The GPU was lost, and the run went on'),
      WAIT,
    );
    await phase(page, 'done');
    await page.close();
  });

  it('a GPU that goes away, and no other one: the page says so, and opens it again when it is asked to', async () => {
    const { page } = await visit(await serveWithWorker((script) => `${LOSE_DEVICE}\n${REFUSE_SECOND}\n${script}`));
    await phase(page, 'ready');
    await click(page, '#primary');
    await phase(page, 'lost');
    expect(await page.$eval('.fault', (fault) => fault.getAttribute('data-code'))).toBe('device-lost');
    expect(await text(page, '#primary')).toBe('Reopen GPU');
    await click(page, '#primary');
    await phase(page, 'ready');
    await click(page, '#primary');
    await phase(page, 'training');
    await page.close();
  });
});

describe('other data', () => {
  it('takes own IDX files, and says what is missing of them', async () => {
    const { page, troubles } = await visit();
    await phase(page, 'ready');
    const paths = writeIdxFiles();
    await click(page, '[value=files]');
    const input = await page.$('input[type=file]');
    await input?.uploadFile(paths[0] ?? '');
    await page.waitForSelector('.fault[data-code=data]', WAIT);
    expect(await text(page, '.fault p')).toContain('t10k-labels-idx1-ubyte');
    await click(page, '.fault button');
    await input?.uploadFile(...paths);
    await page.waitForFunction(() => document.querySelector('.drop')?.textContent?.includes('20 + 10 images'), WAIT);
    expect(await page.$$('.fault')).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('asks the mirrors for MNIST by its button alone, and says that none answered', async () => {
    const { page, troubles } = await visit();
    await phase(page, 'ready');
    await click(page, '[value=mnist]');
    expect(await text(page, '[data-source=mnist]')).toContain('CC BY-SA 3.0');
    await click(page, '#primary');
    expect(await text(page, '#primary-reason')).toContain('MNIST is not here yet');
    expect(troubles).toEqual([]);
    await click(page, '#fetch-mnist');
    await page.waitForSelector('.fault[data-code=network]', WAIT);
    expect(await text(page, '.fault p')).toContain('cdn.jsdelivr.net');
  });
});

describe('where nothing can be trained, the page says why', () => {
  const why = async (page: Page): Promise<string | null> => {
    await phase(page, 'blocked');
    expect(await page.$eval('#primary', (button) => button.getAttribute('aria-disabled'))).toBe('true');
    return page.$eval('#notice', (notice) => (notice.checkVisibility() ? notice.getAttribute('data-why') : null));
  };

  it('not a secure context', async () => {
    const { page } = await visit(undefined, (page) =>
      page.evaluateOnNewDocument(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false })),
    );
    expect(await why(page)).toBe('insecure');
    expect(await text(page, '#notice')).toContain('https');
  });

  it('no navigator.gpu', async () => {
    const { page, troubles } = await visit(undefined, (page) =>
      page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'gpu', { value: undefined })),
    );
    expect(await why(page)).toBe('no-webgpu');
    expect(await text(page, '#notice')).toContain('Firefox');
    expect(troubles).toEqual([]);
  });

  it('no adapter', async () => {
    const { page, troubles } = await visit(
      await serveWithWorker((script) => `navigator.gpu.requestAdapter = async () => null;\n${script}`),
    );
    expect(await why(page)).toBe('no-adapter');
    expect(await text(page, '#notice')).toContain('chrome://flags/#enable-unsafe-webgpu');
    expect(troubles).toEqual([]);
  });

  it('no navigator.gpu in Workers', async () => {
    const { page } = await visit(
      await serveWithWorker((script) => `Object.defineProperty(navigator, 'gpu', { value: undefined });\n${script}`),
    );
    expect(await why(page)).toBe('no-worker-webgpu');
  });

  it('a Worker that does not start', async () => {
    const { page } = await visit(await serveWithWorker(() => `throw new Error('planted');`));
    expect(await why(page)).toBe('broken');
    expect(await text(page, '.notice-detail')).toContain('planted');
  });
});
