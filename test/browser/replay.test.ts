// Where there is no GPU, the page is never blank: a recorded run plays through its own parts.

import type { Page } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
import { click, phase, text, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

/** Rungs of the ladder of messages: what is missing, and how a page finds that out. */
const RUNGS: readonly [string, (page: Page) => Promise<unknown>][] = [
  [
    'no-webgpu',
    (page) => page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'gpu', { value: undefined })),
  ],
  [
    'insecure',
    (page) => page.evaluateOnNewDocument(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false })),
  ],
];

describe.each(RUNGS)('a visitor with the notice "%s"', (why, take) => {
  it('can watch a recorded run: curves, matrix, answers, and nothing to set', async () => {
    const { page, troubles } = await visit(undefined, take);
    await page.waitForSelector(`#notice[data-why=${why}]`, WAIT);
    await click(page, '#watch');
    await phase(page, 'training');
    expect(await text(page, '#replayed')).toContain('recorded on 20');
    await click(page, '#primary');
    await phase(page, 'paused');
    await click(page, '#primary');
    await phase(page, 'training');
    await page.waitForFunction(() => document.querySelector('#epochs tbody td') !== null, WAIT);
    expect(await text(page, '#curve-loss-summary')).toMatch(/^Training: [\d.]+ at step 1, [\d.]+ at step \d+/);
    expect(await page.$eval('[name=rate]', (input) => input.matches(':disabled'))).toBe(true);
    await page.$eval('#layer-maps', (host) => host.scrollIntoView());
    await page.waitForFunction(() => document.querySelector('#layer-maps')?.textContent?.includes('no net'), WAIT);
    await page.$eval('#finetune', (chapter) => chapter.scrollIntoView());
    await page.waitForSelector('#tune[aria-disabled=true]', WAIT);
    expect(await page.$eval('[name=begin]', (input) => input.matches(':disabled'))).toBe(true);
    if (why === 'no-webgpu') expect(await violationsOf(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await page.close();
  });
});
