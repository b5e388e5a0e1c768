// The laws that Node runs on Dawn, each by its own title, on the GPU that a page gets.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, type Chromium } from '../../src/node/chromium.js';
import { serveFolder, type Server } from '../../src/node/serveFolder.js';
import { laws } from '../laws/index.js';

const folder = mkdtempSync(join(tmpdir(), 'weft-laws-'));
let chromium: Chromium<Browser>;
let server: Server;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: folder,
      target: 'es2022',
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: { laws: fileURLToPath(new URL('lawsPage.ts', import.meta.url)) },
        output: { entryFileNames: '[name].js', codeSplitting: false },
      },
    },
  });
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>laws</title><script type="module" src="laws.js"></script>',
  );
  server = await serveFolder(folder);
  chromium = await launchChromium<Browser>();
  page = await chromium.browser.newPage();
  page.on('pageerror', (error) => troubles.push(String(error)));
  await page.goto(server.url);
});

afterAll(async () => {
  await chromium.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
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
