// Everything that computes: WebGPU, data, framing. One thing at a time, but for what must not wait: a pause, a new
// learning rate, a drawing, a download.

import { EngineError } from '../src/index.js';
import { sameRun, type Fault, type Reply, type Request, type Settings } from './protocol.js';
import { Sources } from './sources.js';
import { phaseAfter, Training } from './training.js';

const post = (reply: Reply, transfer: Transferable[] = []): void => postMessage(reply, { transfer });
const sources = new Sources(post);
const training = new Training(post, sources);

/** Aborted by a pause: the run that is going on, or next in line. */
let running = new AbortController();
/** Starts that wait in line: what is prepared ahead of them need not be complete. */
let starts = 0;
let opened = false;
let line = Promise.resolve();

/** Begins when all that was lined up before is done, well or not. */
function inLine(task: () => Promise<void>): void {
  line = line.then(task).catch((error: unknown) => {
    report(error);
    // Where no GPU was ever open, the fault alone says it all.
    if (opened) post({ type: 'phase', phase: training.isOpen ? phaseAfter(error, training.prepared) : 'lost' });
  });
}

function report(error: unknown): void {
  post({ type: 'fault', fault: faultOf(error) });
}

function faultOf(error: unknown): Fault {
  if (error instanceof EngineError) return { code: error.code, message: error.message };
  return { code: 'unexpected', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

/** What goes wrong beside the line: the run notices for itself, but an idle GPU is asked by nobody else. */
function failBeside(error: unknown): void {
  report(error);
  if (phaseAfter(error, true) === 'lost') post({ type: 'phase', phase: 'lost' });
}

/** The last question about the pad, while the net that is to answer it is being prepared. */
let waiting: (() => Promise<void>) | undefined;
/** Settings that no net could be prepared for: a moving pen does not ask for it again and again. */
let refused: Settings | undefined;

/** A pad that is touched before any training gets the answers of an untrained net. */
function withNet(settings: Settings, ask: () => Promise<void>): void {
  if (training.prepared) {
    ask().catch(failBeside);
    return;
  }
  if (refused !== undefined && sameRun(refused, settings)) return;
  const first = waiting === undefined;
  waiting = ask;
  if (!first) return;
  inLine(async () => {
    try {
      refused = settings;
      if (!training.prepared) await training.warmUp(settings, isAwaited);
      refused = undefined;
      await waiting?.();
    } finally {
      waiting = undefined;
    }
  });
}

const isAwaited = (): boolean => starts > 0;

function take(request: Request): void {
  switch (request.type) {
    case 'open':
      inLine(async () => {
        await training.open();
        opened = true;
      });
      return;
    case 'prepare':
      inLine(async () => {
        if (training.isOpen && !training.begun && starts === 0) await training.warmUp(request.settings, isAwaited);
      });
      return;
    case 'fetchMnist':
      sources.fetchMnist().catch(report);
      return;
    case 'cancelFetch':
      sources.cancelFetch();
      return;
    case 'readFiles':
      sources.readFiles(request.files).catch(report);
      return;
    case 'start': {
      const { signal } = (running = new AbortController());
      refused = undefined;
      starts++;
      if (training.warming) post({ type: 'phase', phase: 'compiling' });
      inLine(() => {
        starts--;
        return training.train(request.settings, signal);
      });
      return;
    }
    case 'pause':
      running.abort();
      return;
    case 'reset':
      running.abort();
      inLine(async () => {
        training.close();
        post({ type: 'phase', phase: 'ready' });
      });
      return;
    case 'rate':
      training.rate = request.rate;
      return;
    case 'keep':
      training.keep().catch(failBeside);
      return;
    case 'draw':
      if (request.strokes.length === 0) training.draw([]).catch(failBeside);
      else withNet(request.settings, () => training.draw(request.strokes));
      return;
    case 'sample':
      withNet(request.settings, () => training.sample(request.settings));
      return;
    default:
      request satisfies never;
  }
}

addEventListener('message', (event: MessageEvent<Request>) => {
  try {
    take(event.data);
  } catch (error) {
    report(error);
  }
});
addEventListener('messageerror', () => report(new Error('A message from the page could not be read.')));
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  report(event.reason);
});
