import { EngineError } from '../core/errors.js';
import { made, recipeOf } from '../core/recipe.js';
import { mustBePositive } from './settings.js';

/**
 * What the learning rate is multiplied with at a step: a plain function, so it may be any. Those that are made here are
 * known to checkpoints by kind and settings.
 * @param step 0 for the first, as PyTorch's schedulers count
 */
export type Schedule = (step: number, stepsPerEpoch: number) => number;

/** The rate as it is. */
export const constant = (): Schedule => made({ kind: 'constant' }, () => 1);

/** A schedule that counts epochs instead of steps, as one whose `step()` is called at an epoch's end. */
export const perEpoch = (schedule: Schedule): Schedule =>
  made({ kind: 'perEpoch', of: recipeOf(schedule) }, (step, stepsPerEpoch) =>
    schedule(Math.floor(step / stepsPerEpoch), 1),
  );

/** factor^⌊step/every⌋, as torch.optim.lr_scheduler.StepLR. @throws EngineError 'usage' for settings out of range */
export function stepDecay({ every, factor = 0.1 }: { every: number; factor?: number }): Schedule {
  mustBeSteps('stepDecay', 'every', every);
  mustBePositive('stepDecay', 'factor', factor);
  return made({ kind: 'stepDecay', every, factor }, (step) => factor ** Math.floor(step / every));
}

/** factor^(how many of the steps `at` have come), as MultiStepLR. @throws EngineError 'usage' for settings out of range */
export function multiStep({ at, factor = 0.1 }: { at: readonly number[]; factor?: number }): Schedule {
  for (const step of at) mustBeSteps('multiStep', 'at', step);
  mustBePositive('multiStep', 'factor', factor);
  const steps = [...at];
  return made(
    { kind: 'multiStep', at: steps, factor },
    (step) => factor ** steps.filter((each) => each <= step).length,
  );
}

/** factor^step, as ExponentialLR. @throws EngineError 'usage' for a factor that is not above 0 */
export function exponential({ factor }: { factor: number }): Schedule {
  mustBePositive('exponential', 'factor', factor);
  return made({ kind: 'exponential', factor }, (step) => factor ** step);
}

export interface CosineOptions {
  /** From 1 down to `to`; after as many again it is back at 1. With restarts: of the first cycle. */
  readonly steps: number;
  /** The lowest factor; 0 by default. */
  readonly to?: number;
  /** Begin anew at 1 after each cycle, the next of which is so many times as long; absent: no restarts. */
  readonly restarts?: number;
}

/**
 * to + (1 − to)·(1 + cos(π·t/steps))/2, as CosineAnnealingLR; with restarts, t and steps of the cycle under way, as
 * CosineAnnealingWarmRestarts.
 *
 * Source: Loshchilov & Hutter 2017, arXiv 1608.03983, eq. 5.
 * @throws EngineError 'usage' for settings out of range
 */
export function cosine({ steps, to = 0, restarts }: CosineOptions): Schedule {
  mustBeSteps('cosine', 'steps', steps);
  mustBePositive('cosine', 'to', to, true);
  if (restarts === undefined) return made({ kind: 'cosine', steps, to }, (step) => between(1, to, step / steps));
  mustBeSteps('cosine', 'restarts', restarts);
  return made({ kind: 'cosine', steps, to, restarts }, (step) => {
    let [start, length] = [0, steps];
    if (restarts === 1) start = step - (step % steps);
    else while (step >= start + length) [start, length] = [start + length, length * restarts];
    return between(1, to, (step - start) / length);
  });
}

export interface OneCycleOptions {
  /** Of the whole run; after them the factor stays. */
  readonly steps: number;
  /** The part of them in which the rate rises; 0.3 by default. */
  readonly rising?: number;
  /** The run begins at 1/divisor; 25 by default. */
  readonly divisor?: number;
  /** And ends at a part of that, 1/finalDivisor; 10,000 by default. */
  readonly finalDivisor?: number;
  /** Along a cosine by default, or along a line. */
  readonly along?: 'cosine' | 'line';
  /** First back to where it began, as long as it rose, and then to its end. */
  readonly threePhases?: boolean;
}

/**
 * Up to the rate and down again, as OneCycleLR with the rate for max_lr and without a cycle of the momentum.
 *
 * Source: Smith & Topin 2017, arXiv 1708.07120.
 * @throws EngineError 'usage' for settings out of range
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { steps, rising = 0.3, divisor = 25, finalDivisor = 1e4, along = 'cosine', threePhases = false } = options;
  mustBeSteps('oneCycle', 'steps', steps);
  mustBePositive('oneCycle', 'divisor', divisor);
  mustBePositive('oneCycle', 'finalDivisor', finalDivisor);
  if (!(rising > 0 && rising < (threePhases ? 0.5 : 1))) {
    throw new EngineError('usage', {
      place: 'oneCycle',
      given: `rising ${rising}`,
      wanted: `a part above 0 and below ${threePhases ? '1/2, as it falls as long' : '1'}`,
    });
  }
  const [first, end] = [1 / divisor, 1 / divisor / finalDivisor];
  const top = rising * steps - 1;
  const phases = threePhases
    ? [
        { until: top, from: first, to: 1 },
        { until: 2 * rising * steps - 2, from: 1, to: first },
        { until: steps - 1, from: first, to: end },
      ]
    : [
        { until: top, from: first, to: 1 },
        { until: steps - 1, from: 1, to: end },
      ];
  const way = along === 'cosine' ? between : onLine;
  const recipe = { kind: 'oneCycle', steps, rising, divisor, finalDivisor, along, threePhases };
  return made(recipe, (step) => {
    const k = phases.findIndex(({ until }) => step <= until);
    const phase = phases[k];
    if (phase === undefined) return end;
    const start = phases[k - 1]?.until ?? 0;
    // A phase may be shorter than a step: then its end is all there is of it.
    return way(phase.from, phase.to, phase.until <= start ? 1 : (step - start) / (phase.until - start));
  });
}

/**
 * From a part of the rate up to the whole of it, and then another schedule from its own first step: LinearLR and any
 * other in a SequentialLR.
 *
 * @param from the first factor; 1/3 by default
 * @param then the rate as it is by default
 * @throws EngineError 'usage' for settings out of range
 */
export function warmup(
  { steps, from = 1 / 3 }: { readonly steps: number; readonly from?: number },
  then: Schedule = constant(),
): Schedule {
  mustBeSteps('warmup', 'steps', steps);
  mustBePositive('warmup', 'from', from, true);
  return made({ kind: 'warmup', steps, from, after: recipeOf(then) }, (step, stepsPerEpoch) =>
    step < steps ? onLine(from, 1, step / steps) : then(step - steps, stepsPerEpoch),
  );
}

const between = (from: number, to: number, part: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;

const onLine = (from: number, to: number, part: number): number => from + (to - from) * part;

function mustBeSteps(place: string, name: string, steps: number): void {
  if (Number.isInteger(steps) && steps >= 1) return;
  throw new EngineError('usage', { place, given: `${name} ${steps}`, wanted: 'a whole number of at least 1' });
}
