// What goes wrong beside a run leaves the run alone.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer';
import { expect, it } from 'vitest';
import { click, drawOne, phase, serveWithWorker, setNumber, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

/** In a Worker: the first time, nothing can be stored. */
const REFUSE_FIRST_PUT = `
{
  const { put } = IDBObjectStore.prototype;
  let refused = false;
  IDBObjectStore.prototype.put = function (...values) {
    if (!refused) {
      refused = true;
      throw new DOMException('no room', 'QuotaExceededError');
    }
    return put.apply(this, values);
  };
}`;

it('a run that cannot be saved once is told of, goes on, and is saved the next time', async () => {
  const { page } = await visit(await serveWithWorker((script) => `${REFUSE_FIRST_PUT}\n${script}`));
  await phase(page, 'ready');
  await setNumber(page, 'epochs', 200);
  for (const saved of [false, true]) {
    await click(page, '#primary');
    await phase(page, 'training');
    await page.waitForSelector('#epochs tbody td', WAIT);
    await click(page, '#primary');
    await phase(page, 'paused');
    if (!saved) await page.waitForSelector('.fault[data-code=unexpected]', WAIT);
    else await page.waitForFunction(() => document.querySelector('.run-saved')?.textContent !== '', WAIT);
  }
  await page.close();
});

it('a file that is of no kind is refused by name, and the source of the images stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weft-other-'));
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'nothing');
  const { page } = await visit();
  await phase(page, 'ready');
  const input = (await page.$('[name=open]')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(path);
  await page.waitForFunction(() => document.querySelector('.fault')?.textContent?.includes('notes.txt'), WAIT);
  expect(await page.$eval('[name=data][value=digits]', (choice) => (choice as HTMLInputElement).checked)).toBe(true);
  expect(await page.$eval('#primary', (button) => button.getAttribute('aria-disabled'))).toBe('false');
  await page.close();
  rmSync(folder, { recursive: true });
});

it('a digit that is drawn while a run compiles is answered when it trains', async () => {
  const { page } = await visit();
  await phase(page, 'ready');
  await setNumber(page, 'batch', 48);
  await setNumber(page, 'epochs', 200);
  await click(page, '#primary');
  await drawOne(page);
  await phase(page, 'training');
  await page.waitForFunction(() => document.querySelector('.guess-digit')?.textContent !== '?', WAIT);
  await page.close();
});

it('who presses Train sees the curves move, in every window', async () => {
  for (const [width, height] of [
    [360, 740],
    [800, 600],
    [1280, 800],
  ] as const) {
    const { page } = await visit(undefined, (empty) => empty.setViewport({ width, height }));
    await phase(page, 'ready');
    await page.$eval('#primary', (button) => (button as HTMLElement).click());
    await phase(page, 'training');
    await page.waitForFunction(() => {
      const { top, bottom } = document.querySelector('.plot')!.getBoundingClientRect();
      const bar = document.querySelector('#status')!.getBoundingClientRect().top;
      return top > 0 && bottom <= bar;
    }, WAIT);
    await page.close();
  }
});
