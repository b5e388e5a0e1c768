// The demo page as it is built, in a real browser: on SwiftShader, so that every machine sees the same.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { encodeIdx } from '../../src/data/idx.js';
import { launchChromium, type Chromium } from '../../src/node/chromium.js';
import { serveFolder, type Server } from '../../src/node/serveFolder.js';

const built = join(inject('pages'), 'demo');
const WAIT = { timeout: 50_000, polling: 50 } as const;

let chromium: Chromium;
let server: Server;
let scratch: string;
const ends: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'weft-page-'));
  server = await serveFolder(built);
  chromium = await launchChromium({ software: true });
});
afterAll(async () => {
  for (const end of ends) await end();
  await chromium.close();
  await server.close();
  rmSync(scratch, { recursive: true, force: true });
});

interface Visit {
  readonly page: Page;
  /** Errors in the console, errors nobody caught, requests to other origins. */
  readonly troubles: readonly string[];
}

async function visit(url = server.url, before?: (page: Page) => Promise<unknown>): Promise<Visit> {
  const page = await chromium.browser.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) troubles.push(request.url());
  });
  await before?.(page);
  await page.goto(url);
  return { page, troubles };
}

const phase = (page: Page, wanted: string) =>
  page.waitForFunction((name) => document.body.dataset['phase'] === name, WAIT, wanted);
const text = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent?.trim().replace(/\s+/g, ' ') ?? '');
const texts = (page: Page, selector: string): Promise<string[]> =>
  page.$$eval(selector, (all) => all.map((element) => element.textContent?.trim() ?? ''));
const shares = async (page: Page): Promise<number[]> => (await texts(page, '.shares .share')).map(Number.parseFloat);
const stepOf = async (page: Page): Promise<number> =>
  Number(/step ([\d,]+)/.exec(await text(page, '.run-detail'))?.[1]?.replaceAll(',', ''));

/** One stroke, from a little flag down to the foot. */
async function drawOne(page: Page): Promise<void> {
  const box = await page.$eval('#sheet', (sheet) => {
    sheet.scrollIntoView({ block: 'center' });
    const { left, top, width } = sheet.getBoundingClientRect();
    return { left, top, width };
  });
  const to = (x: number, y: number) => [box.left + x * box.width, box.top + y * box.width] as const;
  await page.mouse.move(...to(0.42, 0.3));
  await page.mouse.down();
  await page.mouse.move(...to(0.53, 0.18), { steps: 5 });
  await page.mouse.move(...to(0.52, 0.82), { steps: 15 });
  await page.mouse.up();
}

describe('training on the page', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
  });

  it('names the adapter, says that it is software, and starts small', async () => {
    expect(await page.title()).toContain('Weft');
    expect(await text(page, '#chip')).toMatch(/Software .*swiftshader/i);
    expect(await page.$eval('#chip', (chip) => chip.getAttribute('data-kind'))).toBe('software');
    expect(await text(page, '[data-source="digits"] .hint')).toContain('software');
    expect(await page.$eval('[name=images]', (select) => (select as HTMLSelectElement).value)).toBe('2000');
  });

  it('fits its window, from 360 pixels up', async () => {
    for (const width of [360, 800, 1280]) {
      await page.setViewport({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });

  it('answers a drawing while it learns, and the answer follows the net', async () => {
    await page.click('#primary');
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
    await page.waitForFunction(() => document.querySelector('#matrix tbody td')?.textContent !== '', WAIT);
    const [, first, now] =
      /Training: ([\d.]+) at step 1, ([\d.]+) at/.exec(await text(page, '#curve-loss-summary')) ?? [];
    expect(Number(first)).toBeGreaterThan(2);
    expect(Number(now)).toBeLessThan(0.9 * Number(first));
    expect((await texts(page, '#epochs tbody tr:first-child > *'))[0]).toBe('1');
    const counts = (await texts(page, '#matrix tbody td')).map(Number);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(await page.$$eval('#matrix th[scope]', (heads) => heads.length)).toBe(20);
  });

  it('pauses, and goes on where it was', async () => {
    await page.click('#primary');
    await phase(page, 'paused');
    expect(await text(page, '.run-message')).toBe('Paused.');
    const paused = await stepOf(page);
    await page.click('#primary');
    await page.waitForFunction(
      (step) => Number(/step ([\d,]+)/.exec(document.querySelector('.run-detail')?.textContent ?? '')?.[1]) > step,
      WAIT,
      paused,
    );
    await page.click('#primary');
    await phase(page, 'paused');
  });

  it('gives ten probabilities that sum to one, and the largest is the answer', async () => {
    await page.click('#clear');
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
    await page.click('#sample');
    await page.waitForFunction(
      () => /It is a \d/.test(document.querySelector('.guess-label')?.textContent ?? ''),
      WAIT,
    );
  });

  it('starts anew when a setting changes that a run cannot take on, and forgets all at a reset', async () => {
    await page.select('[name=net]', 'figure');
    expect(await text(page, '#primary')).toBe('Start anew');
    await page.select('[name=net]', 'tutorial');
    expect(await text(page, '#primary')).toBe('Continue');
    await page.click('#reset');
    await phase(page, 'ready');
    expect(await texts(page, '#epochs tbody tr')).toEqual([]);
    expect(await text(page, '#curve-loss-summary')).toBe('No step yet.');
    expect(await text(page, '#primary')).toBe('Train');
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});

describe('other data', () => {
  it('takes own IDX files, and says what is missing of them', async () => {
    const { page, troubles } = await visit();
    await phase(page, 'ready');
    const paths = writeIdxFiles();
    await page.click('[value=files]');
    const input = await page.$('input[type=file]');
    await input?.uploadFile(paths[0] ?? '');
    await page.waitForSelector('.fault[data-code=data]', WAIT);
    expect(await text(page, '.fault p')).toContain('t10k-labels-idx1-ubyte');
    await page.click('.fault button');
    await input?.uploadFile(...paths);
    await page.waitForFunction(() => document.querySelector('.drop')?.textContent?.includes('20 + 10 images'), WAIT);
    expect(await page.$$('.fault')).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('asks the mirrors for MNIST by its button alone, and says that none answered', async () => {
    const { page, troubles } = await visit();
    await phase(page, 'ready');
    await page.click('[value=mnist]');
    expect(await text(page, '[data-source=mnist]')).toContain('CC BY-SA 3.0');
    await page.click('#primary');
    expect(await text(page, '#primary-reason')).toContain('MNIST is not here yet');
    expect(troubles).toEqual([]);
    await page.click('#fetch-mnist');
    await page.waitForSelector('.fault[data-code=network]', WAIT);
    expect(await text(page, '.fault p')).toContain('cdn.jsdelivr.net');
  });
});

function writeIdxFiles(): string[] {
  const split = (name: string, count: number): string[] => {
    const images = { shape: [count, 28, 28], values: new Uint8Array(count * 784).fill(7) };
    const labels = { shape: [count], values: Uint8Array.from({ length: count }, (_, i) => i % 10) };
    return [
      { file: `${name}-images-idx3-ubyte`, bytes: encodeIdx(images) },
      { file: `${name}-labels-idx1-ubyte`, bytes: encodeIdx(labels) },
    ].map(({ file, bytes }) => {
      writeFileSync(join(scratch, file), bytes);
      return join(scratch, file);
    });
  };
  return [...split('train', 20), ...split('t10k', 10)];
}

describe('where nothing can be trained, the page says why', () => {
  const why = async (page: Page): Promise<string | null> => {
    await phase(page, 'blocked');
    expect(await page.$eval('#primary', (button) => button.getAttribute('aria-disabled'))).toBe('true');
    return page.$eval('#notice', (notice) => (notice.checkVisibility() ? notice.getAttribute('data-why') : null));
  };

  it('not a secure context', async () => {
    const { page } = await visit(server.url, (page) =>
      page.evaluateOnNewDocument(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false })),
    );
    expect(await why(page)).toBe('insecure');
    expect(await text(page, '#notice')).toContain('https');
  });

  it('no navigator.gpu', async () => {
    const { page, troubles } = await visit(server.url, (page) =>
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

/** The page with a changed Worker: scripts that a test brings into a page do not reach Workers. */
async function serveWithWorker(change: (script: string) => string): Promise<string> {
  const folder = mkdtempSync(join(scratch, 'demo-'));
  cpSync(built, folder, { recursive: true });
  const worker = readdirSync(join(folder, 'assets')).find((name) => /^worker-.*\.js$/.test(name)) ?? '';
  const path = join(folder, 'assets', worker);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  const changed = await serveFolder(folder);
  ends.push(() => changed.close());
  return changed.url;
}
