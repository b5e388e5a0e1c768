// Charts as pictures, painted by the Chromium that the peers run in.

import type { Browser } from 'puppeteer';
import { EngineError } from '../index.js';
import { launchChromium, writeAtomic } from '../node.js';

const SCHEMES = [
  { value: 'light', suffix: '', paper: '#fffefb' },
  { value: 'dark', suffix: '-dark', paper: '#121618' },
] as const;

/**
 * Writes `<name>.png` and `<name>-dark.png` for each chart.
 * @returns why not, where there is no browser; undefined otherwise
 */
export async function paintCharts(folder: string, charts: ReadonlyMap<string, string>): Promise<string | undefined> {
  if (charts.size === 0) return undefined;
  try {
    const chromium = await launchChromium<Browser>({ software: true });
    try {
      const page = await chromium.browser.newPage();
      for (const [name, svg] of charts) {
        for (const { value, suffix, paper } of SCHEMES) {
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
          await page.setContent(`<!doctype html><body style="margin:0;background:${paper}">${svg}`);
          const [width, height] = await page.$eval('svg', (it) => [it.clientWidth, it.clientHeight] as const);
          await page.setViewport({ width, height, deviceScaleFactor: 2 });
          await writeAtomic(`${folder}/${name}${suffix}.png`, await page.screenshot());
        }
      }
    } finally {
      await chromium.close();
    }
  } catch (error) {
    if (error instanceof EngineError && ['missing', 'no-webgpu'].includes(error.code)) return error.message;
    throw error;
  }
  return undefined;
}
