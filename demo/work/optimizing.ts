// How a run goes down: its optimizer, and its schedule of the learning rate.

import { adam, adamW, schedules, sgd, type Optimizer, type Schedule } from '../../src/index.js';
import type { Settings } from '../protocol.js';

export function optimizerOf({ optimizer, rate, momentum, weightDecay }: Settings): Optimizer {
  if (optimizer === 'sgd') return sgd({ rate, momentum, weightDecay });
  return optimizer === 'adam' ? adam({ rate, weightDecay }) : adamW({ rate, weightDecay });
}

/** Thirds of a run, at each of which a step schedule takes a tenth. */
const THIRDS = 3;

/** @param steps of the whole run: they are a schedule's length */
export function scheduleOf(name: Settings['schedule'], steps: number): Schedule {
  return {
    constant: () => schedules.constant(),
    step: () => schedules.stepDecay({ every: Math.ceil(steps / THIRDS), factor: 0.1 }),
    cosine: () => schedules.cosine({ steps }),
    oneCycle: () => schedules.oneCycle({ steps }),
  }[name]();
}

/** Points of a schedule's picture, and the steps of the run that it is drawn for. */
const [POINTS, RUN] = [61, 600];

/** What the rate is multiplied with, from the beginning of a run to its end. */
export function shapeOf(name: Settings['schedule']): number[] {
  const schedule = scheduleOf(name, RUN);
  return Array.from({ length: POINTS }, (_, i) => schedule(Math.round((i * (RUN - 1)) / (POINTS - 1)), 1));
}
