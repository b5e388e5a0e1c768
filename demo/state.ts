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
  type NetSummaries,
  type Phase,
  type Reply,
  type RunSummary,
  type Settings,
} from './protocol.js';
import { NORMALISATION } from './protocol/settings.js';
import { answersTakers, answersState, forgetAnswers, type AnswersState } from './state/answers.js';
import { augmentState, augmentTakers, type AugmentState } from './state/augment.js';
import { convolveState, convolveTakers, type ConvolveState } from './state/convolve.js';
import { keepState, keepTakers, type KeepState } from './state/keep.js';
import { examineState, examineTakers, type ExamineState } from './state/examine.js';
import { forgetInside, insideState, insideTakers, type InsideState } from './state/inside.js';
import { kernelsState, kernelsTakers, type KernelsState } from './state/kernels.js';
import { netState, netTakers, type NetState } from './state/net.js';
import { finderState, finderTakers, type FinderState } from './state/finder.js';
import { goingState, goingTakers, type GoingState } from './state/going.js';
import { layersState, layersTakers, type LayersState } from './state/layers.js';
import { speedState, speedTakers, type SpeedState } from './state/speed.js';
import { ownState, ownTakers, type OwnState } from './state/own.js';
import type { Takers } from './state/takers.js';
import { keepEarlier, noteHot, trainState, type TrainState } from './state/train.js';
import { forgetTuning, tuningState, tuningTakers, type TuningState } from './state/tuning.js';
import type { Words } from './text/en.js';
import type { Language } from './text/words.js';

export interface State
  extends
    AnswersState,
    AugmentState,
    ConvolveState,
    ExamineState,
    FinderState,
    GoingState,
    InsideState,
    KernelsState,
    LayersState,
    NetState,
    OwnState,
    SpeedState,
    KeepState,
    TrainState,
    TuningState {
  readonly language: Signal<Language>;
  /** All that is said in that language. */
  readonly words: Signal<Words>;
  readonly phase: Signal<Phase>;
  readonly block: Signal<{ readonly why: Block; readonly detail: string } | undefined>;
  /** A run that was recorded elsewhere is shown: when it was. */
  readonly replay: Signal<{ readonly date: string } | undefined>;
  /** Nothing can be chosen: there is nothing to train on. */
  readonly fixed: ReadonlySignal<boolean>;
  readonly settings: Signal<Settings>;
  /** What the settings are before anyone chooses: the address may ask for others, and software for less. */
  readonly usual: Signal<Settings>;
  /** What the address asks for. */
  readonly given: Partial<Settings>;
  readonly adapter: Signal<AdapterName | undefined>;
  readonly nets: Signal<NetSummaries | undefined>;
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
  readonly answer: Signal<Answer | undefined>;
  readonly faults: Signal<readonly Fault[]>;
  readonly whenHidden: Signal<WhenHidden>;
  /** Undefined while no run was out of sight. */
  readonly away: Signal<Away | undefined>;
  /** The run was begun with settings other than those on the page, and cannot take them on. */
  readonly outdated: ReadonlySignal<boolean>;
}

const NOTHING_DONE = { step: 0, epoch: 0, imagesPerSecond: 0 };
/** The settings of a page that is opened on a GPU by its plain address. */
export const USUAL: Settings = {
  data: 'digits',
  images: 20_000,
  files: 0,
  augment: 'none',
  ...NORMALISATION,
  net: 'tutorial',
  optimizer: 'adam',
  rate: 0.001,
  schedule: 'constant',
  momentum: 0.9,
  weightDecay: 0,
  clip: 0,
  batch: 64,
  seed: 1,
  heldOut: 0.1,
  epochs: 10,
  begin: 'random',
  kept: 0,
  frozen: '',
  learn: 'set',
  own: 0,
};
/** What a software adapter gets through while a person watches. */
const MODEST: Partial<Settings> = { images: 2000, batch: 32, epochs: 5 };

/** @param given settings that the address asks for */
export function createState(words: Words, language: Language = 'en', given: Partial<Settings> = {}): State {
  const usual = signal<Settings>({ ...USUAL, ...given });
  const settings = signal(usual.value);
  const run = signal<RunSummary | undefined>(undefined);
  const progress = signal(NOTHING_DONE);
  const block: State['block'] = signal(undefined);
  const begun = computed(() => run.value !== undefined && progress.value.step > 0);
  return {
    ...augmentState(),
    ...convolveState(),
    ...examineState(),
    ...keepState(),
    ...kernelsState(),
    ...answersState(),
    ...insideState(),
    ...netState(),
    ...finderState(),
    ...goingState(),
    ...layersState(),
    ...speedState(),
    ...ownState(),
    ...trainState(),
    ...tuningState(),
    language: signal(language),
    words: signal(words),
    phase: signal<Phase>('booting'),
    block,
    replay: signal(undefined),
    fixed: computed(() => block.value !== undefined),
    settings,
    usual,
    given,
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
    answer: signal(undefined),
    faults: signal<readonly Fault[]>([]),
    whenHidden: signal<WhenHidden>('train'),
    away: signal<Away | undefined>(undefined),
    outdated: computed(() => {
      const of = run.value?.settings;
      return of !== undefined && begun.value && !sameRun(of, settings.value);
    }),
  };
}

export const isBusy = (phase: Phase): boolean => ['loading', 'compiling', 'training', 'restoring'].includes(phase);

export function addFault(state: State, fault: Fault): void {
  if (state.faults.peek().some(({ message }) => message === fault.message)) return;
  state.faults.value = [...state.faults.peek(), fault];
}

const takers: Takers<Reply['type'], State> = {
  ...answersTakers,
  ...ownTakers,
  ...tuningTakers,
  ...keepTakers,
  opened: (state, { adapter, nets, mnistKept }) => {
    const first = state.adapter.peek() === undefined;
    state.adapter.value = adapter;
    state.nets.value = nets;
    state.mnistKept.value = mnistKept;
    if (!first || !adapter.fallback) return;
    const usual = state.usual.peek();
    const modest = { ...MODEST, ...state.given };
    const untouched = state.settings.peek() === usual;
    state.usual.value = { ...usual, ...modest };
    state.settings.value = untouched ? state.usual.value : { ...state.settings.peek(), ...modest };
  },
  phase: (state, { phase }) => {
    state.phase.value = phase;
    if (phase !== 'compiling' && phase !== 'preparing') state.compiling.value = undefined;
  },
  compiling: (state, { done, total }) => {
    state.compiling.value = { done, total };
  },
  arriving: (state, { bytes, total }) => {
    state.arriving.value = { bytes, total };
  },
  arrived: (state) => {
    state.arriving.value = undefined;
  },
  data: (state, { data }) => {
    state.data.value = { ...state.data.peek(), [data.kind]: data };
    if (data.kind === 'mnist') state.mnistKept.value = true;
    if (data.kind === 'files') state.settings.value = { ...state.settings.peek(), data: 'files', files: data.version };
  },
  run: (state, { run }) => {
    keepEarlier(state);
    state.numbers.value = undefined;
    state.layersLook.value = undefined;
    state.run.value = run;
    state.restored.value = undefined;
    state.progress.value = NOTHING_DONE;
    state.epochs.value = [];
    forgetAnswers(state);
    forgetTuning(state);
    forgetInside(state);
    state.history.clear();
    state.historyVersion.value++;
  },
  steps: (state, { first, losses, accuracies, seconds, epoch, imagesPerSecond }) => {
    noteHot(state);
    state.history.add({ first, losses, accuracies, seconds });
    state.historyVersion.value++;
    state.progress.value = { step: first + losses.length - 1, epoch, imagesPerSecond };
  },
  epoch: (state, { row }) => {
    state.epochs.value = [...state.epochs.peek(), row];
  },
  answer: (state, { answer }) => {
    state.answer.value = answer;
  },
  fault: (state, { fault }) => takeFault(state, fault),
  ...augmentTakers,
  ...convolveTakers,
  ...examineTakers,
  ...finderTakers,
  ...goingTakers,
  ...layersTakers,
  ...speedTakers,
  ...insideTakers,
  ...kernelsTakers,
  ...netTakers,
};

/** Takes in one message of the Worker. */
export function receive<T extends Reply['type']>(state: State, reply: Extract<Reply, { type: T }>): void {
  const taker: (state: State, reply: Extract<Reply, { type: T }>) => void = takers[reply.type];
  batch(() => taker(state, reply));
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
