import { EngineError } from '../core/errors.js';
import type { Dataset, Splits } from '../data/dataset.js';
import { mustBeFraction, mustBePositive } from '../optim/settings.js';
import { sgd } from '../optim/sgd.js';
import type { TrainerOptions } from './options.js';
import { mustBeWholeSetting } from './settings.js';
import { Trainer } from './trainer.js';

export interface FindRateOptions extends Omit<TrainerOptions, 'schedule' | 'plateau' | 'resume'> {
  /** The first rate; 1e-7 by default. */
  readonly from?: number;
  /** The last; 10 by default. */
  readonly to?: number;
  /** From the first to the last; 100 by default. */
  readonly steps?: number;
  /** What a smoothed loss has of the one before; 0.9 by default. */
  readonly smoothing?: number;
  readonly signal?: AbortSignal;
}

/** One step of a curve. */
export interface RatePoint {
  readonly rate: number;
  readonly loss: number;
  /** Average of the losses so far, those that are long past weighing little. */
  readonly smoothed: number;
}

/** The loss along rising rates. */
export interface RateCurve {
  /** Fewer than steps where the loss went up to four times its least, or was not finite. */
  readonly points: readonly RatePoint[];
  /** Where the smoothed loss falls fastest on its way to its least; absent if it does not fall. */
  readonly suggestion?: number;
}

/** A curve ends where the smoothed loss is so many times its least. */
const LOST = 4;

/**
 * Trains a few steps on a copy of the weights while the rate rises exponentially, and says where the loss falls fastest:
 *
 *   rate_t = from·(to/from)^(t/(steps − 1))      smoothed_t = Σ β^(t−k)·loss_k / Σ β^(t−k), over k ≤ t
 *
 * The weights that are given stay as they are; if none are, they are those a trainer of this seed begins with.
 *
 * Source: Smith 2017, arXiv 1506.01186, §3.3; the steepest descent as fastai's `steep`.
 * @throws EngineError as `Trainer.open`; 'usage' for rates or steps out of range
 */
export async function findRate(options: FindRateOptions): Promise<RateCurve> {
  const { from = 1e-7, to = 10, steps = 100, smoothing = 0.9, signal, optimizer = sgd(), data, ...rest } = options;
  mustBePositive('findRate', 'from', from);
  mustBePositive('findRate', 'to', to);
  if (to <= from) throw new EngineError('usage', { place: 'findRate', given: `${from} to ${to}`, wanted: 'a rise' });
  mustBeWholeSetting('findRate.steps', steps, 2);
  mustBeFraction('findRate', 'smoothing', smoothing);
  const rateAt = (step: number): number => from * (to / from) ** (step / (steps - 1));

  using trainer = await Trainer.open({
    ...rest,
    optimizer,
    data: withoutTests(data),
    schedule: (step) => rateAt(step) / optimizer.rate,
    expectedSteps: steps,
    // A curve may end early: what is submitted then is for nothing.
    pace: { mostSteps: 8, ...rest.pace },
  });
  const losses: number[] = [];
  try {
    for await (const event of trainer.fit({ steps, ...(signal && { signal }) })) {
      if (event.type !== 'steps') continue;
      losses.push(...event.steps.map(({ loss }) => loss));
      if (isLost(smoothed(losses, smoothing))) break;
    }
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'diverged') throw error;
  }
  return curveOf(losses, rateAt, smoothing);
}

/** The curve of losses at rising rates, up to where it is lost. */
export function curveOf(losses: readonly number[], rateAt: (step: number) => number, smoothing: number): RateCurve {
  const averages = smoothed(losses, smoothing);
  const end = averages.findIndex((_, step) => isLost(averages.slice(0, step + 1)));
  const points = averages
    .slice(0, end < 0 ? undefined : end + 1)
    .filter(Number.isFinite)
    .map((average, step) => ({ rate: rateAt(step), loss: losses[step] ?? NaN, smoothed: average }));
  const suggestion = steepest(points);
  return suggestion === undefined ? { points } : { points, suggestion };
}

function smoothed(losses: readonly number[], beta: number): readonly number[] {
  let [sum, weight] = [0, 0];
  return losses.map((loss) => {
    [sum, weight] = [beta * sum + loss, beta * weight + 1];
    return sum / weight;
  });
}

const isLost = (averages: readonly number[]): boolean => !((averages.at(-1) ?? 0) <= LOST * Math.min(...averages));

/**
 * Rates rise by equal factors, so that differences are slopes along their logarithm. The first tenth is mostly noise; and
 * what falls after the least loss only comes back from where too high a rate has led.
 */
function steepest(points: readonly RatePoint[]): number | undefined {
  const averages = points.map(({ smoothed: average }) => average);
  const noise = Math.ceil(points.length / 10);
  const lowest = averages.lastIndexOf(Math.min(...averages.slice(noise)));
  const slopes = averages.map((_, i) => {
    const [before, after] = [averages[i - 1], averages[i + 1]];
    return before === undefined || after === undefined || i < noise || i > lowest ? 0 : after - before;
  });
  const least = Math.min(...slopes);
  return least < 0 ? points[slopes.indexOf(least)]?.rate : undefined;
}

/** An epoch may end on the way; one image is evaluated then. */
function withoutTests(data: Splits): Splits {
  const { train } = data;
  const first: Dataset = {
    ...train,
    images: train.images.slice(0, train.rows * train.columns),
    labels: train.labels.slice(0, 1),
    count: Math.min(1, train.count),
  };
  return { ...data, test: first };
}
