import { EngineError } from '../core/errors.js';
import { mustSupport } from '../core/precision.js';
import { plainText, recipeOf } from '../core/recipe.js';
import type { Weights } from '../nn/weights.js';
import type { Evaluation, TrainEvent } from './events.js';
import type { FitOptions, TrainerOptions } from './options.js';
import { PLAIN_LOSS } from './remakeLoss.js';
import type { Settings } from './space.js';
import { Trainer } from './trainer.js';

/** One run of a sweep: a trainer with a validation set, and how long it is trained. */
export interface SweepSetup extends Omit<TrainerOptions, 'resume'>, Pick<FitOptions, 'epochs' | 'steps' | 'stopEarly'> {
  /** As `TrainerOptions` has it, but not to be left out: runs are ranked by it. */
  readonly validation: number;
}

/** What runs are ranked by: the validation images' loss, least first, or their accuracy, greatest first. */
export type SweepRank = 'loss' | 'accuracy';

export interface SweepOptions<S extends Settings> {
  /** The settings of each run, in order: see `grid` and `draws`. */
  readonly runs: readonly S[];
  /** What a run of these settings is. Asked of all runs before the first begins, and again where one does. */
  readonly setup: (settings: S) => SweepSetup;
  /** `loss` by default. */
  readonly rank?: SweepRank;
  /** Runs of an earlier sweep of the same runs, which are not done again. */
  readonly done?: readonly SweepRun<S>[];
  /** Ends the sweep after the steps that are submitted; the run under way is not told. */
  readonly signal?: AbortSignal;
}

/** How a run ended. */
export interface SweepRun<S extends Settings = Settings> {
  /** Its place in `runs`, from 0. */
  readonly index: number;
  readonly settings: S;
  /** Of the epoch with the smallest validation loss, or of the end where no epoch ended. Absent where the run failed. */
  readonly loss?: number;
  readonly accuracy?: number;
  /** That epoch, 1 for the first; absent where no epoch ended. */
  readonly epoch?: number;
  /** Why there is no loss: it diverged, or the adapter is too small for it. */
  readonly failed?: { readonly code: 'diverged' | 'limit'; readonly message: string };
  readonly steps: number;
  /** With compiling and validation. */
  readonly seconds: number;
  /** That these numbers are of; absent where the run failed. */
  readonly weights?: Weights;
}

/** What a sweep yields, in this order; the middle of it once a run. */
export type SweepEvent<S extends Settings> =
  | {
      readonly type: 'begin';
      readonly index: number;
      readonly settings: S;
      readonly stepsPerEpoch: number;
    }
  | TrainEvent
  | { readonly type: 'run'; readonly run: SweepRun<S> }
  /** All runs are done; the weights of the best have passed over the test images, once. Absent where all runs failed. */
  | { readonly type: 'test'; readonly run: SweepRun<S>; readonly evaluation: Evaluation };

/**
 * Trains one run after the other, ranks them by images that are neither trained on nor the test set, and shows the test
 * set to the best alone, at the end. Each run's memory on the GPU is free before the next begins. A run that diverges, or
 * is too large for the adapter, is a result; the sweep goes on.
 *
 * Where the best run is one of `done` and comes without its weights, it is trained again.
 *
 * @throws EngineError 'usage' before anything is trained for no runs, a run without validation images, runs of different
 * losses that are to be ranked by loss, or `done` that are no runs of these, 'limit' for a precision that the adapter does not have; and what `Trainer.open` and `fit` throw
 */
export async function* sweep<S extends Settings>(options: SweepOptions<S>): AsyncGenerator<SweepEvent<S>, void, void> {
  const { runs, setup, rank = 'loss', done = [], signal } = options;
  mustBeSweep(options);
  const finished: SweepRun<S>[] = [...done];
  /** Only the best run's weights are kept. */
  const weightsOfBest = (): Weights | undefined => ranked(finished, rank)[0]?.weights;

  for (const [index, settings] of runs.entries()) {
    if (signal?.aborted) return;
    if (finished.some((run) => run.index === index)) continue;
    const run = yield* one({ index, settings }, setup(settings), signal);
    if (run === undefined) return;
    finished.push(run);
    const best = ranked(finished, rank)[0];
    for (const [at, other] of finished.entries()) if (other !== best) finished[at] = withoutWeights(other);
    yield { type: 'run', run };
  }

  const [best] = ranked(finished, rank);
  if (best === undefined || best.failed !== undefined || signal?.aborted) return;
  const { settings, index } = best;
  const again = weightsOfBest() === undefined ? yield* one({ index, settings }, setup(settings), signal) : best;
  if (again?.weights === undefined) return;
  const { epochs: _, steps: __, stopEarly: ___, ...trainer } = setup(settings);
  using judge = await Trainer.open({ ...trainer, weights: again.weights });
  yield { type: 'test', run: { ...best, weights: again.weights }, evaluation: await judge.evaluate() };
}

/** Best first; those that failed come last, in order. Of equals the earlier comes first. */
export function ranked<S extends Settings>(runs: readonly SweepRun<S>[], rank: SweepRank): SweepRun<S>[] {
  const cost = ({ loss, accuracy }: SweepRun<S>): number =>
    rank === 'loss' ? (loss ?? Infinity) : accuracy === undefined ? Infinity : -accuracy;
  return runs.toSorted((a, b) => {
    const [left, right] = [cost(a), cost(b)];
    return left === right ? a.index - b.index : left - right;
  });
}

function withoutWeights<S extends Settings>(run: SweepRun<S>): SweepRun<S> {
  const { weights: _, ...rest } = run;
  return rest;
}

/** Trains one run, and says how it ended; undefined if it was stopped. */
async function* one<S extends Settings>(
  run: { readonly index: number; readonly settings: S },
  { epochs, steps, stopEarly, ...options }: SweepSetup,
  signal: AbortSignal | undefined,
): AsyncGenerator<SweepEvent<S>, SweepRun<S> | undefined, void> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  let done = 0;
  try {
    using trainer = await Trainer.open(options);
    yield { type: 'begin', ...run, stepsPerEpoch: trainer.stepsPerEpoch };
    let best: { readonly loss: number; readonly accuracy: number; readonly epoch?: number } | undefined;
    const fit = trainer.fit({
      ...(epochs !== undefined && { epochs }),
      ...(steps !== undefined && { steps }),
      ...(stopEarly && { stopEarly }),
      ...(signal && { signal }),
      keepBest: true,
    });
    for await (const event of fit) {
      done = trainer.steps;
      if (event.type === 'epoch' && event.bestEpoch === event.epoch) {
        best = { loss: event.validationLoss ?? NaN, accuracy: event.validationAccuracy ?? NaN, epoch: event.epoch };
      }
      yield event;
    }
    if (signal?.aborted) return undefined;
    const { loss, accuracy } = (best ??= await trainer.validate());
    const epoch = best.epoch;
    const judged = { loss, accuracy, ...(epoch !== undefined && { epoch }) };
    return { ...run, ...judged, steps: trainer.steps, seconds: seconds(), weights: await trainer.weights() };
  } catch (error) {
    if (!(error instanceof EngineError) || (error.code !== 'diverged' && error.code !== 'limit')) throw error;
    const failed = { code: error.code, message: error.message };
    return { ...run, failed, steps: done, seconds: seconds() };
  }
}

function mustBeSweep<S extends Settings>({ runs, setup, done = [], rank = 'loss' }: SweepOptions<S>): void {
  const refuse = (given: string, wanted: string): EngineError =>
    new EngineError('usage', { place: 'sweep', given, wanted });
  if (runs.length === 0) throw refuse('no runs', 'at least one');
  const losses = new Set<string>();
  for (const [index, settings] of runs.entries()) {
    const { validation, precision = 'f32', device, loss } = setup(settings);
    losses.add(plainText(loss === undefined ? PLAIN_LOSS : recipeOf(loss)));
    if (!(validation > 0)) throw refuse(`run ${index} without validation`, 'images to rank runs by');
    // Else it would be a result like that of a run that is too large, after those before it.
    mustSupport(precision, device.profile);
  }
  if (losses.size > 1 && rank === 'loss') {
    throw refuse(`runs of different losses, ranked by loss: ${[...losses].join(', ')}`, 'rank: accuracy');
  }
  const seen = new Set<number>();
  for (const { index, settings } of done) {
    if (seen.has(index)) throw refuse(`run ${index} done twice`, 'each run once');
    if (!sameSettings(runs[index], settings))
      throw refuse(`run ${index} done with other settings`, 'runs of this sweep');
    seen.add(index);
  }
}

/** In any order of their names. */
function sameSettings(a: Settings | undefined, b: Settings): boolean {
  const names = Object.keys(b);
  return a !== undefined && Object.keys(a).length === names.length && names.every((name) => a[name] === b[name]);
}
