// The built demo page in a real browser, and what a person does to it.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, inject } from 'vitest';
import { encodeIdx } from '../../src/data/idx.js';
import { launchChromium, type Chromium } from '../../src/node/chromium.js';
import { serveFolder, type Server } from '../../src/node/serveFolder.js';

/** The folder of the built page. */
export const built = join(inject('pages'), 'demo');
export const WAIT = { timeout: 50_000, polling: 50 } as const;

let chromium: Chromium<Browser>;
let scratch: string;
const servers: Server[] = [];

/** One browser for a file, with these flags: on SwiftShader, so that every machine sees the same. */
export function useBrowser(flags: readonly string[] = []): void {
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'weft-page-'));
    chromium = await launchChromium<Browser>({ software: true, flags });
  });
  afterAll(async () => {
    await chromium.close();
    for (const server of servers.splice(0)) await server.close();
    rmSync(scratch, { recursive: true, force: true });
  });
}

/** Without these Chromium denies WebGPU to a page after its second crash until a reload, and to everybody after the third. */
export const CRASHES_ALLOWED = ['--disable-domain-blocking-for-3d-apis', '--disable-gpu-process-crash-limit'];

/** Crashes the GPU process of the browser. */
export async function crashGpu(): Promise<void> {
  const session = await chromium.browser.target().createCDPSession();
  // The session ends with the process in some versions of Chromium; the crash is all that is wanted.
  await session.send('Browser.crashGpuProcess').catch(() => undefined);
}

export interface Visit {
  readonly page: Page;
  /** Errors in the console, errors nobody caught, requests to other origins. */
  readonly troubles: readonly string[];
}

/** Opens the page at an address, with a query if any; `before` is done to the page while it is empty. */
export async function visit(at?: string, before?: (page: Page) => Promise<unknown>, query = ''): Promise<Visit> {
  const url = (at ?? (await serve(built))) + query;
  const page = await chromium.browser.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL('.', url).href) && !request.url().startsWith('data:'))
      troubles.push(request.url());
  });
  await before?.(page);
  await page.goto(url);
  return { page, troubles };
}

/** Opens the page of the bench. */
export async function visitBench(before?: (page: Page) => Promise<unknown>): Promise<Visit> {
  return visit(`${await serve(built)}bench.html`, before);
}

export const phase = (page: Page, wanted: string) =>
  page.waitForFunction((name) => document.body.dataset['phase'] === name, WAIT, wanted);
/** Presses the button, and waits for the run that it begins to end: the one before may have ended, too. */
export async function trainAnew(page: Page): Promise<void> {
  await click(page, '#primary');
  await page.waitForFunction(() => document.body.dataset['phase'] !== 'done', WAIT);
  await phase(page, 'done');
}
export const text = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent?.trim().replace(/\s+/g, ' ') ?? '');
export const texts = (page: Page, selector: string): Promise<string[]> =>
  page.$$eval(selector, (all) => all.map((element) => element.textContent?.trim() ?? ''));
export const shares = async (page: Page): Promise<number[]> =>
  (await texts(page, '.shares .share')).map(Number.parseFloat);
export const stepOf = async (page: Page): Promise<number> =>
  Number(/step ([\d,]+)/.exec(await text(page, '.run-detail'))?.[1]?.replaceAll(',', ''));

/** Waits until nothing is wider than a window so wide: charts take on their new width in the frame after it. */
export async function fits(page: Page, widths: readonly number[]): Promise<void> {
  for (const width of widths) {
    await page.setViewport({ width, height: 800 });
    await page.waitForFunction(
      (wide) => innerWidth === wide && document.documentElement.scrollWidth <= wide,
      WAIT,
      width,
    );
  }
}

/** Clicks where nothing that sticks to the window's edges can lie over it. */
export async function click(page: Page, selector: string): Promise<void> {
  await page.$eval(selector, (element) => element.scrollIntoView({ block: 'center' }));
  await page.click(selector);
}

export const setNumber = (page: Page, name: string, value: number): Promise<void> =>
  page.$eval(
    `[name=${name}]`,
    (input, wanted) => {
      (input as HTMLInputElement).value = String(wanted);
      input.dispatchEvent(new Event('change'));
    },
    value,
  );

/** One stroke, from a little flag down to the foot. */
export async function drawOne(page: Page): Promise<void> {
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

/** In a Worker: the first device is lost at the tenth submit of a run. */
export const LOSE_DEVICE = `
{
  const { requestDevice } = GPUAdapter.prototype;
  const { submit } = GPUQueue.prototype;
  let first;
  let begun = false;
  let submits = 0;
  addEventListener('message', ({ data }) => (begun ||= data.type === 'start'));
  GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await requestDevice.apply(this, options);
    first ??= device;
    return device;
  };
  GPUQueue.prototype.submit = function (...buffers) {
    submit.apply(this, buffers);
    if (begun && ++submits === 10) first.destroy();
  };
}`;

/** In a Worker: the second time that it asks, there is no adapter. */
export const REFUSE_SECOND = `
{
  const { requestAdapter } = GPU.prototype;
  let asked = 0;
  GPU.prototype.requestAdapter = async function (...options) {
    return ++asked === 2 ? null : requestAdapter.apply(this, options);
  };
}`;

export function writeIdxFiles(): string[] {
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

/** The page with a changed Worker: scripts that a test brings into a page do not reach Workers. */
export async function serveWithWorker(change: (script: string) => string): Promise<string> {
  const folder = mkdtempSync(join(scratch, 'demo-'));
  cpSync(built, folder, { recursive: true });
  const worker = readdirSync(join(folder, 'assets')).find((name) => /^worker-.*\.js$/.test(name)) ?? '';
  const path = join(folder, 'assets', worker);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return serve(folder);
}

/** The page as a folder deep within another site. */
export async function serveDeep(): Promise<string> {
  const folder = mkdtempSync(join(scratch, 'site-'));
  cpSync(built, join(folder, 'some/where'), { recursive: true });
  return `${await serve(folder)}some/where/`;
}

async function serve(folder: string): Promise<string> {
  const server = await serveFolder(folder);
  servers.push(server);
  return server.url;
}
