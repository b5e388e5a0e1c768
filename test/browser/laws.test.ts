// The laws that Node runs on Dawn, each by its own title, on the GPU that a page gets.

import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, type Chromium } from '../../src/node/chromium.js';
import { laws } from '../laws/index.js';
import { builtPage, type BuiltPage } from './builtPage.js';

let chromium: Chromium<Browser>;
let served: BuiltPage;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  served = await builtPage('lawsPage.ts');
  chromium = await launchChromium<Browser>();
  page = await chromium.browser.newPage();
  page.on('pageerror', (error) => troubles.push(String(error)));
  await page.goto(served.url);
});

afterAll(async () => {
  await chromium.close();
  await served[Symbol.asyncDispose]();
});

for (const [subject, list] of Object.entries(laws)) {
  describe(`${subject}, in a page`, () => {
    for (const { title } of list) {
      it(title, async () => {
        expect(await page.evaluate((...law) => runLaw(...law), subject, title)).toBe('');
      });
    }
  });
}

it('all that without an error that nobody caught', () => {
  expect(troubles).toEqual([]);
});
