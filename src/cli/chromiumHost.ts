// Node's side of `--backend chromium`: serves the task to a headless page and hears what becomes of it.

import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import { EngineError, readCheckpoint, writeCheckpoint, type Dataset } from '../index.js';
import { launchChromium, readBytes, serve, type Chromium, type Server } from '../node.js';
import type { Host, RunMaterial, RunOutcome, RunSettings, Sink } from './task.js';
import { errorOf, packWeights, PATHS, unpackWeights, type PageMessage, type PageSplit, type PageTask } from './wire.js';

/** From dist/cli/weft.js. */
const BUILT_HOST = fileURLToPath(new URL('../page/host.js', import.meta.url));

/** @throws EngineError 'missing' where Puppeteer or a browser is not there: it says what to install */
export async function openChromiumHost(): Promise<Host> {
  const chromium = await withoutSignals(() => launchChromium<Browser>());
  return {
    backend: 'chromium',
    run: (settings, material, sink) => runInPage(chromium, settings, material, sink),
    close: () => chromium.close(),
  };
}

/**
 * Puppeteer ends its browser, and this process, at the first Ctrl-C, when the weights are still in the browser. Here the
 * command decides; the browser ends with this process in any case.
 */
async function withoutSignals<T>(launch: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const launched = await launch();
  signals.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) {
      if (!before[i]?.includes(listener)) process.off(signal, listener);
    }
  });
  return launched;
}

async function runInPage(
  { browser }: Chromium<Browser>,
  settings: RunSettings,
  material: RunMaterial,
  sink: Sink,
): Promise<RunOutcome> {
  const { data, weights, resume, save, signal } = material;
  const server = await serveTask(material);
  const page = await browser.newPage();
  const stop = () => void page.evaluate(() => globalThis.weftHost.stop()).catch(() => undefined);
  try {
    const outcome = outcomeOf(page, sink, save);
    await outcome.hearing;
    await page.goto(server.url);
    const task: PageTask = {
      settings,
      name: data.name,
      source: data.source,
      train: told(data.train),
      test: told(data.test),
      hasWeights: weights !== undefined,
      hasCheckpoint: resume !== undefined,
      saves: save !== undefined,
    };
    // It returns at once: a call that lasts as long as the training would run into the protocol's time limit.
    await page.evaluate((it) => globalThis.weftHost.start(it), task);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    return await outcome.ended;
  } finally {
    signal.removeEventListener('abort', stop);
    await page.close().catch(() => undefined);
    await server.close();
  }
}

/** What the page says last, or why it says no more. */
function outcomeOf(
  page: Page,
  sink: Sink,
  save: RunMaterial['save'],
): { readonly hearing: Promise<void>; readonly ended: Promise<RunOutcome> } {
  let hearing: Promise<void> = Promise.resolve();
  const ended = new Promise<RunOutcome>((done, failed) => {
    const hear = async (message: PageMessage): Promise<void> => {
      if (message.kind === 'checkpoint') {
        try {
          await save?.(await readCheckpoint(Buffer.from(message.bytes, 'base64')));
        } catch (error) {
          failed(error);
          throw error; // The page goes no further without it.
        }
      } else if (message.kind === 'failed') failed(errorOf(message.error));
      else if (message.kind === 'done') {
        const { outcome, weights } = message;
        done({ ...outcome, ...(weights !== undefined && { weights: unpackWeights(Buffer.from(weights, 'base64')) }) });
      } else {
        try {
          sink(message.event);
        } catch (error) {
          failed(error); // A disk that is full, for one.
        }
      }
    };
    hearing = page.exposeFunction('weftTell', hear);
    page.once('error', (cause) => failed(lost('the page crashed', cause)));
    page.once('pageerror', (cause) => failed(lost(String(cause), cause)));
    page.browser().once('disconnected', () => failed(lost('the browser ended')));
  });
  ended.catch(() => undefined);
  return { hearing, ended };
}

const lost = (given: string, cause?: unknown) =>
  new EngineError('device-lost', {
    place: '--backend chromium',
    given,
    wanted: 'a page that stays until the training ends',
    cause,
  });

/** The page with its script and its bytes. */
async function serveTask({ data, weights, resume }: RunMaterial): Promise<Server> {
  const script = await readBytes(BUILT_HOST);
  const bytes = new Map<string, Uint8Array>();
  for (const split of ['train', 'test'] as const) {
    bytes.set(`${PATHS.data}/${split}.images`, data[split].images);
    bytes.set(`${PATHS.data}/${split}.labels`, data[split].labels);
  }
  if (weights) bytes.set(PATHS.weights, packWeights(weights));
  if (resume) bytes.set(PATHS.checkpoint, await writeCheckpoint(resume));
  return serve((request, response) => {
    const found = bytes.get(request.url ?? '');
    if (request.url === '/') response.setHeader('Content-Type', 'text/html').end(PAGE);
    else if (request.url === PATHS.host) response.setHeader('Content-Type', 'text/javascript').end(script);
    else if (found) response.setHeader('Content-Type', 'application/octet-stream').end(found);
    else response.writeHead(404).end();
  });
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>weft</title><link rel="icon" href="data:,">
<script type="module" src="${PATHS.host}"></script>`;

function told({ count, rows, columns, classes }: Dataset): PageSplit {
  return { count, rows, columns, classes };
}
