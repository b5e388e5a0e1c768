// Everything that computes: WebGPU, data, framing. One thing at a time, but for what must not wait: a pause, a new
// learning rate, a drawing, a download.

import { EngineError } from '../src/index.js';
import { hotOf, type Fault, type Reply, type Request } from './protocol.js';
import { TestAnswers } from './work/answers.js';
import type { Desk, Handlers } from './work/desk.js';
import { augmentHandlers } from './work/augment.js';
import { convolveHandlers } from './work/convolve.js';
import { examineHandlers } from './work/examine.js';
import { Finder } from './work/finder.js';
import { isLostBeside, phaseAfter } from './work/gpu.js';
import { InsideLook } from './work/inside.js';
import { Keeper } from './work/keep.js';
import { kernelsHandlers } from './work/kernels.js';
import { layersHandlers } from './work/layers.js';
import { netHandlers } from './work/netCheck.js';
import { shapeOf } from './work/optimizing.js';
import { Pad } from './work/pad.js';
import { Sources } from './work/sources.js';
import { Training } from './work/training.js';
import { Tuning } from './work/tuning.js';

const post = (reply: Reply, transfer: Transferable[] = []): void => {
  keeper.hear(reply);
  postMessage(reply, { transfer });
};
const sources = new Sources(post);
const training: Training = new Training(post, sources, {
  begin: (net, settings) => tuning.begin(net, settings),
  learn: (settings, splits) => tuning.learn(settings, splits),
  moved: () => void pad.answer(),
  lost: () => standAgain(),
  begins: (run) => tuning.measure('before', run),
  ends: (run, tested) => tuning.measure('after', run, tested),
  save: (now) => (now || keeper.due ? keeper.save() : Promise.resolve()),
});

/** Aborted by a pause: the run that is going on, or next in line. */
let running = new AbortController();
/** Starts that wait in line: what is prepared ahead of them need not be complete. */
let starts = 0;
let opened = false;
let line = Promise.resolve();

const desk: Desk = {
  post,
  sources,
  get device() {
    return training.device;
  },
  get run() {
    return training.run;
  },
  inLine(task) {
    line = line.then(task).catch((error: unknown) => {
      report(error);
      // Where no GPU was ever open, the fault alone says it all.
      const open = training.device !== undefined;
      const phase = open ? phaseAfter(error, training.run !== undefined) : 'lost';
      if (phase === 'lost') giveUp(error);
      else if (opened) post({ type: 'phase', phase });
    });
  },
  tellFault: (error) => report(error),
  beside(task) {
    task.catch((error: unknown) => {
      // A loss that a task of its own has met is no end of the run, which gets another GPU.
      if (isLostBeside(error)) return standAgain();
      report(error);
      if (phaseAfter(error, true) === 'lost') giveUp(error);
    });
  },
};

/** Another GPU in the place of a lost one, if there is one. */
function standAgain(): void {
  training.standAgain().catch((why: unknown) => {
    report(why);
    giveUp(why);
  });
}

/** There is no GPU any more. What was good last is there for the next visit. */
function giveUp(why: unknown): void {
  training.giveUp(why);
  if (opened) post({ type: 'phase', phase: 'lost' });
  if (training.begun) keeper.save().catch(report);
}

const isAwaited = (): boolean => starts > 0;
const tuning = new Tuning(desk);
const keeper: Keeper = new Keeper(desk, training);
const pad = new Pad(desk, (settings) => training.warmUp(settings, isAwaited));

const handlers: Handlers<Request['type']> = {
  open: () =>
    desk.inLine(async () => {
      await training.open();
      opened = true;
      await keeper.tell();
    }),
  prepare: ({ settings }) =>
    desk.inLine(async () => {
      if (desk.device !== undefined && !training.begun && starts === 0) await training.warmUp(settings, isAwaited);
    }),
  fetchMnist: () => void sources.fetchMnist().catch(report),
  cancelFetch: () => sources.cancelFetch(),
  readFiles: ({ files }) => void sources.readFiles(files).catch(report),
  start: ({ settings }) => {
    training.take(hotOf(settings));
    const { signal } = (running = new AbortController());
    pad.forgive();
    starts++;
    if (training.warming) post({ type: 'phase', phase: 'compiling' });
    desk.inLine(() => {
      starts--;
      return training.train(settings, signal);
    });
  },
  pause: () => running.abort(),
  reset: () => {
    running.abort();
    desk.inLine(async () => {
      training.close();
      post({ type: 'phase', phase: 'ready' });
    });
  },
  step: ({ settings }) => {
    training.take(hotOf(settings));
    const { signal } = (running = new AbortController());
    desk.inLine(() => training.train(settings, signal, 1));
  },
  hot: ({ hot }) => training.take(hot),
  shape: ({ schedule }) => post({ type: 'shape', schedule, factors: shapeOf(schedule) }),
  keep: () => desk.beside(tuning.keep(training.accuracy)),
  takeWeights: ({ file, net }) => desk.beside(tuning.take(file, net)),
  ...tuning.handlers,
  ...pad.handlers,
  ...new Finder(desk, (settings) => training.optionsOf(settings)).handlers,
  ...keeper.handlers,
  ...augmentHandlers(desk),
  ...convolveHandlers(desk),
  ...examineHandlers(desk),
  ...kernelsHandlers(desk),
  ...new TestAnswers(desk).handlers,
  ...new InsideLook(desk).handlers,
  ...layersHandlers(desk, () => pad.settled()),
  ...netHandlers(desk),
};

function take<T extends Request['type']>(request: Extract<Request, { type: T }>): void {
  const handler: (request: Extract<Request, { type: T }>) => void = handlers[request.type];
  handler(request);
}

function report(error: unknown): void {
  post({ type: 'fault', fault: faultOf(error) });
}

function faultOf(error: unknown): Fault {
  if (error instanceof EngineError) return { code: error.code, message: error.message };
  return { code: 'unexpected', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
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
