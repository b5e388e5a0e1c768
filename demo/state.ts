// What the page knows, as signals. Only replies of the Worker and a person's own settings change it.

import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { History } from './history.js';
import type { Away, Block, WhenHidden } from './names.js';
import {
  sameRun,
  type AdapterName,
  type Answer,
  type DataKind,
  type DataSummary,
  type EpochRow,
  type Fault,
  type Kept,
  type NetName,
  type NetSummary,
  type Phase,
  type Reply,
  type RunSummary,
  type Settings,
} from './protocol.js';
import type { Words } from './text/en.js';
import { words, type Language } from './text/words.js';

export interface State {
  readonly language: Signal<Language>;
  readonly words: ReadonlySignal<Words>;
  readonly phase: Signal<Phase>;
  readonly block: Signal<{ readonly why: Block; readonly detail: string } | undefined>;
  readonly settings: Signal<Settings>;
  readonly adapter: Signal<AdapterName | undefined>;
  readonly nets: Signal<Readonly<Record<NetName, NetSummary>> | undefined>;
  readonly compiling: Signal<{ readonly done: number; readonly total: number } | undefined>;
  /** Bytes of MNIST that have come, while it is being fetched. */
  readonly arriving: Signal<{ readonly bytes: number; readonly total: number } | undefined>;
  readonly mnistKept: Signal<boolean>;
  readonly data: Signal<Readonly<Partial<Record<DataKind, DataSummary>>>>;
  readonly run: Signal<RunSummary | undefined>;
  /** The run has taken a step: there is something to go on with, and to lose. */
  readonly begun: ReadonlySignal<boolean>;
  readonly progress: Signal<{ readonly step: number; readonly epoch: number; readonly imagesPerSecond: number }>;
  readonly history: History;
  /** Counts the changes of `history`. */
  readonly historyVersion: Signal<number>;
  readonly epochs: Signal<readonly EpochRow[]>;
  readonly confusion: Signal<readonly (readonly number[])[] | undefined>;
  readonly answer: Signal<Answer | undefined>;
  readonly faults: Signal<readonly Fault[]>;
  /** The weights that were kept to begin another run from. */
  readonly kept: Signal<Kept | undefined>;
  readonly whenHidden: Signal<WhenHidden>;
  /** Undefined while no run was out of sight. */
  readonly away: Signal<Away | undefined>;
  /** The run was begun with settings other than those on the page, and cannot take them on. */
  readonly outdated: ReadonlySignal<boolean>;
}

const NOTHING_DONE = { step: 0, epoch: 0, imagesPerSecond: 0 };
const USUAL: Settings = {
  data: 'digits',
  images: 20_000,
  files: 0,
  net: 'tutorial',
  optimizer: 'adam',
  rate: 0.001,
  batch: 64,
  seed: 1,
  epochs: 10,
  kept: 0,
  frozen: false,
};
/** What a software adapter gets through while a person watches. */
const MODEST: Partial<Settings> = { images: 2000, batch: 32, epochs: 5 };

export function createState(): State {
  const language = signal<Language>('en');
  const settings = signal(USUAL);
  const run = signal<RunSummary | undefined>(undefined);
  const progress = signal(NOTHING_DONE);
  const begun = computed(() => run.value !== undefined && progress.value.step > 0);
  return {
    language,
    words: computed(() => words[language.value]),
    phase: signal<Phase>('booting'),
    block: signal(undefined),
    settings,
    adapter: signal(undefined),
    nets: signal(undefined),
    compiling: signal(undefined),
    arriving: signal(undefined),
    mnistKept: signal(false),
    data: signal({}),
    run,
    begun,
    progress,
    history: new History(),
    historyVersion: signal(0),
    epochs: signal<readonly EpochRow[]>([]),
    confusion: signal(undefined),
    answer: signal(undefined),
    faults: signal<readonly Fault[]>([]),
    kept: signal<Kept | undefined>(undefined),
    whenHidden: signal<WhenHidden>('train'),
    away: signal<Away | undefined>(undefined),
    outdated: computed(() => {
      const of = run.value?.settings;
      return of !== undefined && begun.value && !sameRun(of, settings.value);
    }),
  };
}

export const isBusy = (phase: Phase): boolean => phase === 'loading' || phase === 'compiling' || phase === 'training';

export function addFault(state: State, fault: Fault): void {
  if (state.faults.peek().some(({ message }) => message === fault.message)) return;
  state.faults.value = [...state.faults.peek(), fault];
}

/** Takes in one message of the Worker. */
export function receive(state: State, reply: Reply): void {
  batch(() => take(state, reply));
}

function take(state: State, reply: Reply): void {
  switch (reply.type) {
    case 'opened': {
      const first = state.adapter.peek() === undefined;
      state.adapter.value = reply.adapter;
      state.nets.value = reply.nets;
      state.mnistKept.value = reply.mnistKept;
      if (first && reply.adapter.fallback) state.settings.value = { ...state.settings.peek(), ...MODEST };
      return;
    }
    case 'phase':
      state.phase.value = reply.phase;
      if (reply.phase !== 'compiling' && reply.phase !== 'preparing') state.compiling.value = undefined;
      return;
    case 'compiling':
      state.compiling.value = { done: reply.done, total: reply.total };
      return;
    case 'arriving':
      state.arriving.value = { bytes: reply.bytes, total: reply.total };
      return;
    case 'arrived':
      state.arriving.value = undefined;
      return;
    case 'data':
      state.data.value = { ...state.data.peek(), [reply.data.kind]: reply.data };
      if (reply.data.kind === 'mnist') state.mnistKept.value = true;
      if (reply.data.kind === 'files') state.settings.value = { ...state.settings.peek(), files: reply.data.version };
      return;
    case 'run':
      state.run.value = reply.run;
      state.progress.value = NOTHING_DONE;
      state.epochs.value = [];
      state.confusion.value = undefined;
      state.history.clear();
      state.historyVersion.value++;
      return;
    case 'steps': {
      const step = reply.first + reply.losses.length - 1;
      state.history.add(reply.first, reply.losses, reply.accuracies);
      state.historyVersion.value++;
      state.progress.value = { step, epoch: reply.epoch, imagesPerSecond: reply.imagesPerSecond };
      return;
    }
    case 'epoch':
      state.epochs.value = [...state.epochs.peek(), reply.row];
      return;
    case 'confusion':
      state.confusion.value = reply.counts;
      return;
    case 'answer':
      state.answer.value = reply.answer;
      return;
    case 'kept':
      state.kept.value = reply.kept;
      // Whoever begins from kept weights means the newest.
      if (state.settings.peek().kept > 0) {
        state.settings.value = { ...state.settings.peek(), kept: reply.kept.version };
      }
      return;
    case 'fault':
      takeFault(state, reply.fault);
      return;
    default:
      reply satisfies never;
  }
}

/** Before there is an adapter, a fault of the GPU means that there will be none. */
function takeFault(state: State, fault: Fault): void {
  const why = ({ 'no-webgpu': 'no-worker-webgpu', 'no-adapter': 'no-adapter', limit: 'limit' } as const)[
    fault.code as string
  ];
  if (state.adapter.peek() === undefined) blockPage(state, why ?? 'broken', fault.message);
  else addFault(state, fault);
}

export function blockPage(state: State, why: Block, detail: string): void {
  batch(() => {
    state.phase.value = 'blocked';
    state.block.value = { why, detail };
  });
}
