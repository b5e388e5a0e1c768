// Runs of the page that are told apart by the bits of their weights.

import { createHash } from 'node:crypto';
import type { Page } from 'puppeteer';
import { click, phase, visit, WAIT } from './visit.js';

/** Keeps the files that the page hands over. */
function noteFiles(page: Page) {
  return page.evaluateOnNewDocument(() => {
    const handed: number[][] = [];
    const address = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      void blob.arrayBuffer().then((file) => handed.push([...new Uint8Array(file)]));
      return address(blob);
    };
    Object.assign(globalThis, { handed });
  });
}

/** The bytes of a file that is asked for by its button, of a page that was opened by `begin`. */
export async function bytesOf(page: Page, what: string): Promise<Uint8Array> {
  const countOf = () => (globalThis as unknown as { handed: number[][] }).handed.length;
  const before = await page.evaluate(countOf);
  await click(page, `[data-export=${what}]`);
  await page.waitForFunction(
    (known) => (globalThis as unknown as { handed: number[][] }).handed.length > known,
    WAIT,
    before,
  );
  const last = await page.evaluate(() => (globalThis as unknown as { handed: number[][] }).handed.at(-1) ?? []);
  return Uint8Array.from(last);
}

/** A digest of the file of weights. */
export const weightsOf = async (page: Page): Promise<string> =>
  createHash('sha256')
    .update(await bytesOf(page, 'weights'))
    .digest('hex');

/** A page that trains; its settings as an address has them. */
export async function begin(query = '?epochs=6&seed=5'): Promise<Page> {
  const { page } = await visit(undefined, noteFiles, query);
  await phase(page, 'ready');
  await click(page, '#primary');
  return page;
}

export const trainedTo = (page: Page, step: number) =>
  page.waitForFunction(
    (least) =>
      Number(
        /step ([\d,]+)/.exec(document.querySelector('.run-detail')?.textContent ?? '')?.[1]?.replaceAll(',', ''),
      ) >= least,
    WAIT,
    step,
  );

/** Takes up the run of the visit before. */
export async function goOn(page: Page): Promise<void> {
  await page.waitForSelector('#resume', { ...WAIT, visible: true });
  await click(page, '#resume');
  await phase(page, 'paused');
  await click(page, '#primary');
}
