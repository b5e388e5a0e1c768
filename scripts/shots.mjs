// npm run shots: what every chapter of the page looks like, in each language, in the dark and in the light, on a telephone
// and on a desk, after a short run on SwiftShader → docs/page/*.webp; and a run as it trains → docs/page/training.webp,
// where img2webp (Debian: webp) is there to make an animation of its frames.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'vite';
import { freshBuild } from './build.mjs';
import { root } from './entries.mjs';

// Reads the sources; it stays open as long as they may import more.
const vite = await createServer({
  root,
  configFile: false,
  server: { middlewareMode: true, ws: false },
  appType: 'custom',
});
const chromiums = await vite.ssrLoadModule(join(root, 'src/node/chromium.ts'));
const folders = await vite.ssrLoadModule(join(root, 'src/node/serveFolder.ts'));
const { launchChromium } = /** @type {typeof import('../src/node/chromium.js')} */ (chromiums);
const { serveFolder } = /** @type {typeof import('../src/node/serveFolder.js')} */ (folders);

const OUT = join(root, 'docs/page');
const PATIENCE = { timeout: 600_000, polling: 100 };
const FRAME_MS = 250;
/** So that there is something to see on the way. */
const FILM_EPOCHS = 14;

/** @type {import('../src/node/chromium.js').Chromium<import('puppeteer').Browser>} */
const chromium = await launchChromium({ software: true });
const server = await serveFolder(join(await freshBuild(['page', 'demo']), 'demo'));
mkdirSync(OUT, { recursive: true });

/**
 * The page, ready.
 * @param {string} language
 * @param {'light' | 'dark'} theme
 * @param {number} width
 * @param {number} [epochs]
 */
async function open(language, theme, width, epochs = 3) {
  const page = await chromium.browser.newPage();
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: theme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await page.goto(`${server.url}?lang=${language}&epochs=${epochs}&seed=7`);
  await phase(page, 'ready');
  return page;
}

const phase = (/** @type {import('puppeteer').Page} */ page, /** @type {string} */ name) =>
  page.waitForFunction((wanted) => document.body.dataset['phase'] === wanted, PATIENCE, name);
const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** @param {import('puppeteer').Page} page */
async function drawSeven(page) {
  const box = await page.$eval('#sheet', (sheet) => {
    sheet.scrollIntoView({ block: 'center' });
    const { left, top, width } = sheet.getBoundingClientRect();
    return { left, top, width };
  });
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    /** @type {const} */ ([box.left + x * box.width, box.top + y * box.width]);
  await page.mouse.move(...at(0.3, 0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.7, 0.25), { steps: 6 });
  await page.mouse.move(...at(0.45, 0.8), { steps: 8 });
  await page.mouse.up();
}

try {
  for (const language of ['en', 'zh']) {
    for (const theme of /** @type {const} */ (['light', 'dark'])) {
      for (const width of [360, 1280]) {
        const page = await open(language, theme, width);
        const chapters = await page.$$eval('.chapter', (all) => all.map(({ id }) => id));
        for (const id of chapters) {
          await page.$eval(`#${id}`, (chapter) => chapter.scrollIntoView());
          await pause(700);
        }
        await drawSeven(page);
        await page.click('#primary');
        await phase(page, 'done');
        for (const id of chapters) {
          // What is asked for by those who look at it.
          for (const card of await page.$$(`#${id} .card`)) {
            await card.evaluate((place) => place.scrollIntoView({ block: 'center' }));
            await pause(400);
          }
          await page.$eval(`#${id}`, (chapter) => chapter.scrollIntoView());
          await pause(1000);
          const chapter = await page.$(`#${id}`);
          // What sticks to the window's edges would lie across the picture.
          await page.$$eval('#status, .chapters', (bars) =>
            bars.forEach((bar) => /** @type {HTMLElement} */ (bar).style.setProperty('visibility', 'hidden')),
          );
          await chapter?.screenshot({
            path: join(OUT, `${id}-${width}-${theme}-${language}.webp`),
            type: 'webp',
            quality: 70,
          });
        }
        process.stderr.write(`${language}, ${theme}, ${width}\n`);
        await page.close();
      }
    }
  }
  await film();
} finally {
  await chromium.close();
  await server.close();
  await vite.close();
}

/** A run as somebody sees it who presses Train. */
async function film() {
  const frames = mkdtempSync(join(tmpdir(), 'weft-film-'));
  const page = await open('en', 'light', 1000, FILM_EPOCHS);
  await page.setViewport({ width: 1000, height: 620 });
  await page.$eval('#curves', (curves) => curves.scrollIntoView({ block: 'center' }));
  await page.click('#primary');
  /** @type {string[]} */
  const names = [];
  for (let isDone = false; !isDone && names.length < 80;) {
    const name = join(frames, `${String(names.length).padStart(3, '0')}.png`);
    await page.screenshot({ path: name });
    names.push(name);
    isDone = (await page.evaluate(() => document.body.dataset['phase'])) === 'done';
    await pause(FRAME_MS);
  }
  const words = [
    '-loop',
    '0',
    '-lossy',
    '-q',
    '60',
    '-d',
    String(FRAME_MS),
    ...names,
    '-o',
    join(OUT, 'training.webp'),
  ];
  const { status } = spawnSync('img2webp', words, { stdio: 'ignore' });
  if (status !== 0) process.stderr.write('No animation: img2webp is not there.\n');
  rmSync(frames, { recursive: true });
}
