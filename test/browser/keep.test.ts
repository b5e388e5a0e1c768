// Nothing is lost: a run is saved, outlives its page and the GPU process, and comes to the same weights.

import type { Page } from 'puppeteer';
import { beforeAll, describe, expect, it } from 'vitest';
import { click, crashGpu, phase, stepOf, text, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const QUERY = '?epochs=6&seed=5';

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

/** A digest of the file of weights. */
async function weightsOf(page: Page): Promise<string> {
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

async function begin(): Promise<Page> {
  const { page } = await visit(undefined, noteFiles, QUERY);
  await phase(page, 'ready');
  await click(page, '#primary');
  return page;
}

const trainedTo = (page: Page, step: number) =>
  page.waitForFunction(
    (least) =>
      Number(
        /step ([\d,]+)/.exec(document.querySelector('.run-detail')?.textContent ?? '')?.[1]?.replaceAll(',', ''),
      ) >= least,
    WAIT,
    step,
  );

async function goOn(page: Page): Promise<void> {
  await page.waitForSelector('#resume', { ...WAIT, visible: true });
  await click(page, '#resume');
  await phase(page, 'paused');
  await click(page, '#primary');
}

describe('a run', () => {
  let straight: string;
  beforeAll(async () => {
    const page = await begin();
    await phase(page, 'done');
    straight = await weightsOf(page);
    await page.close();
  });

  it('that is paused is saved: after a reload it is offered until it is forgotten, and ends in the same weights', async () => {
    const page = await begin();
    await trainedTo(page, 60);
    await click(page, '#primary');
    await phase(page, 'paused');
    await page.waitForFunction(() => document.querySelector('.run-saved')?.textContent !== '', WAIT);
    const step = await stepOf(page);
    await page.reload();
    await phase(page, 'ready');
    expect(await text(page, '#last')).toContain(`Tutorial, step ${step}, saved`);
    await goOn(page);
    expect(await text(page, '#curve-loss-summary')).toMatch(/^Training: [\d.]+ at step 1,/);
    await phase(page, 'done');
    expect(await weightsOf(page)).toBe(straight);
    // Until somebody wants it no more.
    await page.reload();
    await page.waitForSelector('#forget', { ...WAIT, visible: true });
    await click(page, '#forget');
    await page.waitForFunction(() => document.querySelector<HTMLElement>('#last')?.hidden, WAIT);
    await page.reload();
    await phase(page, 'ready');
    expect(await page.$eval('#last', (card) => (card as HTMLElement).hidden)).toBe(true);
    await page.close();
  });

  it('goes on after a crash of the GPU process; after a second one, which bars the page, a reload goes on', async () => {
    const page = await begin();
    await trainedTo(page, 100);
    await crashGpu();
    await page.waitForFunction(
      () => document.querySelector('.run-message')?.textContent?.startsWith('The GPU was lost, and the run went on'),
      WAIT,
    );
    await trainedTo(page, 220);
    await crashGpu();
    await phase(page, 'lost');
    expect(await text(page, '.run-message')).toContain('Reload the page to go on');
    await page.reload();
    await phase(page, 'ready');
    await goOn(page);
    await phase(page, 'done');
    expect(await weightsOf(page)).toBe(straight);
    await page.close();
  });
});
