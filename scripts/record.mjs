// npm run record: trains on the built page in headless Chromium, on SwiftShader, and writes what its Worker said to
// demo/replay/recorded.json: what visitors without WebGPU see.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
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
const codes = await vite.ssrLoadModule(join(root, 'demo/replay/coded.ts'));
const { launchChromium } = /** @type {typeof import('../src/node/chromium.js')} */ (chromiums);
const { serveFolder } = /** @type {typeof import('../src/node/serveFolder.js')} */ (folders);
const { coded } = /** @type {typeof import('../demo/replay/coded.js')} */ (codes);

const OUT = join(root, 'demo/replay/recorded.json');
/** Gzipped: what the page loads after it has opened comes in pieces of at most so much. */
const MOST_BYTES = 100_000;
/** Live pictures are large: of so many in a row the last is kept. */
const THINNED = new Map([
  ['inside', 99],
  ['sight', 9],
  ['answer', 2],
]);
const PATIENCE = { timeout: 300_000, polling: 100 };
/** A seven, in parts of the pad. */
const SEVEN = [
  [0.3, 0.25],
  [0.7, 0.25],
  [0.45, 0.8],
];

/**
 * In the page, before its scripts: writes down what each Worker says, arrays of numbers by their kind.
 */
function listen() {
  const Plain = globalThis.Worker;
  /** @type {string[]} */
  const heard = [];
  const told = (/** @type {unknown} */ _key, /** @type {unknown} */ value) => {
    if (ArrayBuffer.isView(value))
      return { kind: value.constructor.name, values: Array.from(/** @type {any} */ (value)) };
    return typeof value === 'number' && !Number.isFinite(value) ? { kind: 'number', values: String(value) } : value;
  };
  globalThis.Worker = class extends Plain {
    /** @param {ConstructorParameters<typeof Plain>} words */
    constructor(...words) {
      super(...words);
      this.addEventListener('message', ({ data }) => heard.push(JSON.stringify([performance.now(), data], told)));
    }
  };
  Object.assign(globalThis, { heard });
}

const KINDS = { Uint8Array, Float32Array, Uint32Array };

/** @param {string} line */
function heardFrom(line) {
  return JSON.parse(line, (_, value) => {
    if (typeof value !== 'object' || value === null || !('kind' in value && 'values' in value)) return value;
    if (value.kind === 'number') return Number(value.values);
    const Values = KINDS[/** @type {keyof typeof KINDS} */ (value.kind)];
    if (Values === undefined) throw new Error(`a reply with ${value.kind}`);
    // Losses with gaps come as null.
    return new Values(value.values.map((/** @type {number | null} */ one) => one ?? NaN));
  });
}

/** @param {import('puppeteer').Page} page */
async function draw(page) {
  const box = await page.$eval('#sheet', (sheet) => {
    sheet.scrollIntoView({ block: 'center' });
    const { left, top, width } = sheet.getBoundingClientRect();
    return { left, top, width };
  });
  const [[x = 0, y = 0] = [], ...rest] = SEVEN.map(([x = 0, y = 0]) => [
    box.left + x * box.width,
    box.top + y * box.width,
  ]);
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const [x = 0, y = 0] of rest) await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.up();
}

/** @type {import('../src/node/chromium.js').Chromium<import('puppeteer').Browser>} */
const chromium = await launchChromium({ software: true });
const server = await serveFolder(join(await freshBuild(['page', 'demo']), 'demo'));
try {
  const page = await chromium.browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.evaluateOnNewDocument(listen);
  await page.goto(server.url);
  const phase = (/** @type {string} */ name) =>
    page.waitForFunction((wanted) => document.body.dataset['phase'] === wanted, PATIENCE, name);
  await phase('ready');
  // Each chapter is seen, so that what it asks for is in the recording.
  for (const id of await page.$$eval('.chapter', (all) => all.map((chapter) => chapter.id))) {
    await page.$eval(`#${id}`, (chapter) => chapter.scrollIntoView());
    await new Promise((done) => setTimeout(done, 1500));
  }
  await draw(page);
  const start = await page.evaluate(() => performance.now());
  await page.click('#primary');
  await phase('done');
  for (const id of ['evaluate', 'train']) {
    await page.$eval(`#${id}`, (chapter) => chapter.scrollIntoView());
    await new Promise((done) => setTimeout(done, 2500));
  }
  const lines = await page.evaluate(
    () => /** @type {{ heard: string[] }} */ (/** @type {unknown} */ (globalThis)).heard,
  );
  /** @type {[number, { type: string }][]} */
  const heard = lines.map((line) => {
    const [at, reply] = heardFrom(line);
    return [Math.round(at - start), reply];
  });
  const replies = heard.filter(([, { type }], i) => {
    const later = heard.slice(i + 1).filter(([, reply]) => reply.type === type).length;
    return later % (THINNED.get(type) ?? 1) === 0;
  });
  const recording = coded({ date: new Date().toISOString(), replies });
  const bytes = gzipSync(recording).length;
  for (const type of new Set(replies.map(([, { type }]) => type))) {
    const all = replies.filter(([, reply]) => reply.type === type);
    process.stderr.write(`${type}: ${all.length} replies, ${coded(all).length} bytes\n`);
  }
  process.stderr.write(`${replies.length} replies, ${bytes} bytes gzipped\n`);
  if (bytes > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
  writeFileSync(OUT, `${recording}\n`);
} finally {
  await chromium.close();
  await server.close();
  await vite.close();
}
