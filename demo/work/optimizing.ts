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
