// Crashes of the GPU process itself, which no page can bring about.

import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../../src/node/chromium.js';
import { builtPage, type BuiltPage } from './builtPage.js';
import type { Ran } from './recoveryPage.js';
import { CRASHES_ALLOWED } from './visit.js';

const STEPS = 1200;
let served: BuiltPage;
let straight: Ran;

beforeAll(async () => {
  served = await builtPage('recoveryPage.ts');
  straight = await inPage([], (page) => train(page));
});
afterAll(() => served[Symbol.asyncDispose]());

/** Works with a page of a browser of its own, and a way to crash its GPU process. */
async function inPage<T>(
  flags: readonly string[],
  work: (page: Page, crash: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { browser, close } = await launchChromium<Browser>({ software: true, flags });
  try {
    const session = await browser.target().createCDPSession();
    const page = await browser.newPage();
    await page.goto(served.url);
    // The session ends with the process in some versions of Chromium; the crash is all that is wanted.
    return await work(page, async () => {
      await session.send('Browser.crashGpuProcess').catch(() => undefined);
    });
  } finally {
    await close();
  }
}

const train = (page: Page, crashes = 0): Promise<Ran> =>
  page.evaluate((...run) => globalThis.train(...run), STEPS, crashes);

/** Trains, and crashes the GPU process so many times on the way, as the run goes on. */
async function trainThrough(page: Page, crashes: number, crash: () => Promise<void>): Promise<Ran> {
  const running = train(page, crashes);
  for (let i = 1; i <= crashes; i++) {
    await page.waitForFunction((count) => globalThis.awaited >= count, { polling: 20 }, i);
    await Promise.all([page.evaluate((count) => void (globalThis.crashed = count), i), crash()]);
  }
  return running;
}

it('weights after ten crashes of the GPU process are those of an undisturbed run, and each step is told once', async () => {
  const crashed = await inPage(CRASHES_ALLOWED, (page, crash) => trainThrough(page, 10, crash));
  expect(crashed.message).toBeUndefined();
  expect(crashed.restored.map(([, sameBits]) => sameBits)).toEqual(Array(10).fill(true));
  expect(crashed.told).toEqual([1, STEPS, STEPS]);
  expect(crashed.bits).toEqual(straight.bits);
});

it('where the browser refuses another device, that is said, and after a reload the run ends in the same bits', async () => {
  const ends = await inPage([], async (page, crash) => {
    const first = await trainThrough(page, 2, crash);
    await page.reload();
    return [first, await train(page)] as const;
  });
  expect(ends[0].code).toBe('device-lost');
  expect(ends[1].bits).toEqual(straight.bits);
});
