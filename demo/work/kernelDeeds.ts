// Timing, checking and tuning the kernels of a run. All of it happens on states of its own: the run stays as it is.

import { timeDispatches } from '../../bench/dispatches.js';
import { sgd, Trainer, tuneTraining, type SelfTestEvent, type TrainerOptions, type Tuned } from '../../src/index.js';
import type {
  CheckedPlan,
  KernelCheck,
  KernelChecks,
  KernelSubject,
  KernelTimes,
  PlanName,
  TunedKernels,
  TunedStep,
} from '../protocol/kernels.js';
import type { KernelWatch } from './kernelWatch.js';

/** A block of repetitions of one dispatch; the clock's steps are a tenth of a millisecond in browsers. */
const BLOCK_MS = 5;
const ROUNDS = 3;

type Found<T> = Omit<T, keyof KernelSubject>;

/** Milliseconds of each dispatch of the training step. */
export async function timeKernels(
  trainer: Trainer,
  { data, optimizer = sgd() }: TrainerOptions,
  { tell }: KernelWatch,
): Promise<Found<KernelTimes>> {
  tell({ stage: 'compiling', plan: 'train', done: 0, total: 0 });
  const inputs = { train: data.train, weights: await trainer.weights(), optimizer };
  const onBlock = (done: number, total: number): void => tell({ stage: 'timing', done, total });
  return timeDispatches(trainer.device, trainer.plan, inputs, { blockMs: BLOCK_MS, rounds: ROUNDS, onBlock });
}

/** Every kernel of every plan against its formula, in another trainer of the same settings. */
export async function checkKernels(
  _: Trainer,
  options: TrainerOptions,
  { signal, tell }: KernelWatch,
): Promise<Found<KernelChecks>> {
  const start = performance.now();
  const events: SelfTestEvent[] = [];
  let plan: PlanName = 'train';
  using other = await Trainer.open({
    ...options,
    selfTest: 'always',
    onSelfTest: (event) => events.push(event),
    onCompile: (done, total) => tell({ stage: done < total ? 'compiling' : 'checking', plan, done, total }),
  });
  const [, rows = 0, columns = 0] = other.net.input;
  const others: readonly (readonly [PlanName, () => Promise<unknown>])[] = [
    ['evaluate', () => other.evaluate()],
    ['predict', () => other.predict(new Uint8Array(rows * columns))],
  ];
  for (const [name, open] of others) {
    plan = name;
    tell({ stage: 'checking', plan, done: 0, total: 0 });
    await open();
  }
  signal.throwIfAborted();
  return { plans: checkedPlans(events), seconds: (performance.now() - start) / 1000 };
}

/** What self-tests said, plan by plan. */
export function checkedPlans(events: readonly SelfTestEvent[]): readonly CheckedPlan[] {
  const names = [...new Set(events.map(({ plan }) => plan))] as PlanName[];
  return names.flatMap((name): readonly CheckedPlan[] => {
    const own = events.filter(({ plan }) => plan === name);
    const wrong = own.flatMap((event) => (event.type === 'refused' ? [event.verdict] : []));
    const passed = own.find((event) => event.type === 'passed');
    const untested = own.find(({ type }) => type === 'untested')?.sentence;
    if (passed === undefined && untested === undefined) return [];
    const kernels = [...wrong, ...(passed?.report.runs ?? [])].map(
      ({ kernel, variant, covers, check }): KernelCheck => ({ kernel, variant, covers, ...check }),
    );
    const unchecked = passed?.report.unchecked.length ?? 0;
    return [{ name, kernels, unchecked, ...(untested !== undefined && { untested }) }];
  });
}

/** The fastest right kernels for runs like this one; they are kept for those to come. */
export async function tuneKernels(
  _: Trainer,
  options: TrainerOptions,
  { signal, tell }: KernelWatch,
): Promise<Found<TunedKernels>> {
  const start = performance.now();
  tell({ stage: 'compiling', plan: 'train', done: 0, total: 0 });
  const tuned = await tuneTraining({
    ...options,
    signal,
    onRun: (_, done, total) => tell({ stage: done < total ? 'tuning' : 'comparing', done, total }),
  });
  const kernels = tuned.runs.map(({ kernel, covers, count, variants, chosen }) => {
    return { kernel, covers, count, variants, chosen };
  });
  return { kernels, steps: stepsOf(tuned), seconds: (performance.now() - start) / 1000 };
}

/** The plans that were timed, by what they are made of: see `tune`. */
export const stepsOf = ({ plans, chosenPlan }: Pick<Tuned, 'plans' | 'chosenPlan'>): readonly TunedStep[] =>
  plans.flatMap(({ name, dispatches, ms }): readonly TunedStep[] => {
    const [, base, without = ''] = /^(default|tuned)(?: without (.+))?$/.exec(name) ?? [];
    if (base !== 'default' && base !== 'tuned') return [];
    return [{ base, without, dispatches, ...(ms !== undefined && { ms }), chosen: name === chosenPlan }];
  });
