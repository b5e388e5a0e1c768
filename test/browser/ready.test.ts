// The page before anyone presses Train, and while nobody looks at it.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { click, phase, serveWithWorker, setNumber, text, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

/** In a Worker: counts the pipelines that are made. */
const COUNT_PIPELINES = `
{
  const { createComputePipelineAsync, createComputePipeline } = GPUDevice.prototype;
  globalThis.pipelinesMade = 0;
  GPUDevice.prototype.createComputePipelineAsync = function (...options) {
    globalThis.pipelinesMade++;
    return createComputePipelineAsync.apply(this, options);
  };
  GPUDevice.prototype.createComputePipeline = function (...options) {
    globalThis.pipelinesMade++;
    return createComputePipeline.apply(this, options);
  };
}`;

/** In a page, before its scripts: whatever would compute or decode there is counted. */
const COUNT_ON_PAGE = () => {
  const counted = globalThis as typeof globalThis & { calls?: string[] };
  const calls: string[] = [];
  counted.calls = calls;
  const count = (of: object, names: readonly string[]): void => {
    for (const name of names) {
      const plain = Reflect.get(of, name) as (...args: unknown[]) => unknown;
      Reflect.set(of, name, function (this: unknown, ...args: unknown[]) {
        calls.push(name);
        return plain.apply(this, args);
      });
    }
  };
  count(GPU.prototype, ['requestAdapter']);
  count(Response.prototype, ['arrayBuffer', 'json', 'blob']);
  count(Blob.prototype, ['arrayBuffer', 'text']);
  count(globalThis, ['createImageBitmap', 'fetch']);
};

const pipelinesMade = async (page: Page): Promise<number> => {
  const [worker] = page.workers();
  return (await worker?.evaluate('globalThis.pipelinesMade')) as number;
};

describe('a page that says it is ready', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    const url = await serveWithWorker((script) => `${COUNT_PIPELINES}\n${script}`);
    ({ page, troubles } = await visit(url, (empty) => empty.evaluateOnNewDocument(COUNT_ON_PAGE)));
    await phase(page, 'ready');
  });
  afterAll(() => page.close());

  it('has compiled what a run needs, and says so', async () => {
    expect(await text(page, '.run-message')).toContain('everything is compiled');
    expect(await pipelinesMade(page)).toBeGreaterThan(5);
  });

  it('trains, tests and answers without compiling anything more', async () => {
    const ready = await pipelinesMade(page);
    await setNumber(page, 'epochs', 200);
    await click(page, '#primary');
    await click(page, '#sample');
    await page.waitForFunction(() => document.querySelector('.guess-digit')?.textContent !== '?', WAIT);
    await page.waitForFunction(() => document.querySelector('#matrix tbody td')?.textContent !== '', WAIT);
    expect(await pipelinesMade(page)).toBe(ready);
  });

  it('calls no WebGPU, fetches and decodes nothing on the main thread', async () => {
    expect(await page.evaluate(() => (globalThis as unknown as { calls: string[] }).calls)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('pauses out of sight where that was chosen, and says so in its title', async () => {
    await click(page, '[name=pauseHidden]');
    const other = await page.browser().newPage();
    await other.bringToFront();
    await page.waitForFunction(() => document.title.includes('Paused while hidden'), WAIT);
    await page.bringToFront();
    await phase(page, 'training');
    await other.close();
    expect(await text(page, '.away')).toContain('training paused, and went on');
    await click(page, '[name=pauseHidden]');
  });

  it('goes on where it was when the browser has frozen its tab', async () => {
    const session = await page.createCDPSession();
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await page.waitForFunction(() => document.querySelector('.away')?.textContent?.includes('stopped'), WAIT);
    // Out of sight nothing is drawn, and an epoch ends all the same.
    const before = await page.title();
    await page.waitForFunction((title) => document.title !== title && document.title.includes('epoch'), WAIT, before);
    expect(await page.$$('.fault')).toEqual([]);
  });
});
