// npm run bench -- page

import type { Browser, Page } from 'puppeteer';
import { EngineError } from '../../src/index.js';
import { launchChromium, serveFolder } from '../../src/node.js';
import { cloneRoot, freshPages } from '../clone.js';
import type { Wanted } from '../flags.js';
import { hostOf } from '../machine.js';
import type { Output } from '../output.js';
import { withResults, type Results } from '../results.js';
import { digits, tableText } from '../table.js';
import { mainThreadOf, type MainThread, type TraceEvent } from './tasks.js';

/** Milliseconds that training is watched, unless the command line says otherwise. */
const BLOCK_MS = 10_000;
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'];

/** A visit to the page: how long a person waits, and what its main thread does while it trains. */
interface PageRow extends MainThread {
  /** Seconds from the address to a page that says it is ready. */
  readonly readyS: number;
  /** Seconds from the press of Train to the first curve. */
  readonly firstCurveS: number;
  readonly seconds: number;
}

/** Opens the page in fresh browsers, presses Train and traces the main thread. Returns the exit code. */
export async function runPage(wanted: Wanted, output: Output): Promise<number> {
  return await withResults(wanted, output, 'wall', async (results) => {
    await visitPages(wanted, results);
    return 0;
  });
}

async function visitPages(wanted: Wanted, results: Results): Promise<void> {
  const folder = await freshPages(cloneRoot('page'), 'demo');
  const before = hostOf();
  const rows: PageRow[] = [];
  let adapter = '';
  const server = await serveFolder(folder);
  try {
    for (let visit = 0; visit < wanted.cold; visit++) {
      const chromium = await launchChromium<Browser>({ software: wanted.software });
      try {
        const page = await chromium.browser.newPage();
        rows.push(await watch(page, server.url, wanted));
        adapter = await page.$eval('#chip', (chip) => chip.textContent?.trim().replace(/\s+/g, ' ') ?? '');
      } finally {
        await chromium.close();
      }
    }
  } finally {
    await server.close();
  }
  results.tell(
    rows.map((row) => ({ type: 'page', ...row })),
    () => tableText(HEADS, rows.map(cellsOf), 0),
  );
  const machine = { adapter, ...before, loadAtEnd: hostOf().load };
  results.tell([{ type: 'machine', ...machine }], () =>
    [
      `\nadapter  ${adapter}`,
      `machine  ${before.cpu}, load ${before.load.toFixed(1)} at the start and ${machine.loadAtEnd.toFixed(1)} at the end`,
      `commit   ${before.commit}, ${before.date}`,
    ].join('\n'),
  );
}

async function watch(page: Page, url: string, { block = BLOCK_MS, limit }: Wanted): Promise<PageRow> {
  const wait = { timeout: 1000 * limit, polling: 20 };
  const phaseIs = (names: readonly string[]) =>
    page.waitForFunction((wanted) => wanted.includes(document.body.dataset['phase'] ?? ''), wait, names);
  const begun = performance.now();
  await page.goto(url);
  await phaseIs(['ready', 'blocked']);
  const readyS = (performance.now() - begun) / 1000;
  // More epochs than any machine gets through meanwhile.
  await page.$eval('[name=epochs]', (input) => {
    (input as HTMLInputElement).value = '200';
    input.dispatchEvent(new Event('change'));
  });
  const firstCurveS = (await page.evaluate(pressTrain)) / 1000;
  if (!(firstCurveS > 0)) {
    throw new EngineError('gpu', { place: 'bench page', given: 'no curve after Train', wanted: 'a page that trains' });
  }
  await page.tracing.start({ categories: CATEGORIES });
  const traced = performance.now();
  await new Promise((done) => setTimeout(done, block));
  const trace = await page.tracing.stop();
  const seconds = (performance.now() - traced) / 1000;
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace)) as { traceEvents: readonly TraceEvent[] };
  return { readyS, firstCurveS, seconds, ...mainThreadOf(traceEvents, page.url(), seconds) };
}

/** In the page: milliseconds from the press until the curve's summary has a step; 0 where none comes. */
function pressTrain(): Promise<number> {
  const summary = document.querySelector('#curve-loss-summary');
  const button = document.querySelector<HTMLElement>('#primary');
  if (summary === null || button?.getAttribute('aria-disabled') !== 'false') return Promise.resolve(0);
  const pressed = performance.now();
  return new Promise((done) => {
    new MutationObserver((_, observer) => {
      // A run that begins clears the text first.
      if (!/\d/.test(summary.textContent ?? '')) return;
      observer.disconnect();
      done(performance.now() - pressed);
    }).observe(summary, { childList: true, characterData: true, subtree: true });
    button.click();
  });
}

const HEADS = [
  'ready s',
  'curve s',
  'tasks',
  'p50 ms',
  'p95 ms',
  'max ms',
  'CPU p95',
  'CPU max',
  '>50 ms',
  'busy',
  'frames/s',
];

const cellsOf = (row: PageRow): string[] => [
  ...[row.readyS, row.firstCurveS].map(digits),
  String(row.tasks),
  ...[row.wallMs.p50, row.wallMs.p95, row.wallMs.max, row.cpuMs.p95, row.cpuMs.max].map(digits),
  String(row.long),
  `${(100 * row.busy).toFixed(1)} %`,
  row.framesPerSecond.toFixed(1),
];
