// Runs of the page that are told apart by the bits of their weights.

import type { Page } from 'puppeteer';
import { click, phase, visit, WAIT } from './visit.js';

/** Notes a digest of each file that the page hands over. */
function noteFiles(page: Page) {
  return page.evaluateOnNewDocument(() => {
    const digests: string[] = [];
    const address = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      const note = async () => {
        const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
        digests.push(Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''));
      };
      void note();
      return address(blob);
    };
    Object.assign(globalThis, { digests });
  });
}

/** A digest of the file of weights, of a page that was opened by `begin`. */
export async function weightsOf(page: Page): Promise<string> {
  const last = () => (globalThis as unknown as { digests: string[] }).digests.at(-1);
  const before = await page.evaluate(last);
  await click(page, '[data-export=weights]');
  await page.waitForFunction(
    (known) => (globalThis as unknown as { digests: string[] }).digests.at(-1) !== known,
    WAIT,
    before,
  );
  return (await page.evaluate(last)) ?? '';
}

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
