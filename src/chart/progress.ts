// The line that changes while training goes on: in a terminal and on the page.

import type { StepMetrics } from '../index.js';
import { clock, count, loss } from './figures.js';

/** How much of the shown loss a step leaves: it is a mean of the last twenty or so. */
const LOSS_KEPT = 0.95;

export interface ProgressState {
  /** Steps done, of the run. */
  readonly step: number;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly imagesPerSecond: number;
  /** Smoothed. */
  readonly loss: number;
  /** Of training so far. */
  readonly seconds: number;
  /** Until the last step; undefined while nobody knows. */
  readonly secondsLeft: number | undefined;
}

/**
 *     2/10  21%  |██▏       |  197/938  0:19<1:21  41,200 img/s  loss 0.0712
 *
 * Seconds that went and seconds that are left stand beside each other, as tqdm has them.
 *
 * As much of it as the columns hold; what matters least goes first.
 */
export function progressLine(state: ProgressState, columns: number): string {
  const { step, steps, stepsPerEpoch } = state;
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const epoch = Math.min(epochs, Math.floor(step / stepsPerEpoch) + 1);
  const first = (epoch - 1) * stepsPerEpoch;
  // The last epoch may be cut short by --steps.
  const inEpoch = Math.min(stepsPerEpoch, steps - first);
  const done = Math.min(step - first, inEpoch);
  const share = inEpoch > 0 ? done / inEpoch : 1;

  const pieces = [
    { text: `${String(epoch).padStart(String(epochs).length)}/${epochs}`, weight: 6 },
    { text: `${String(Math.floor(100 * share)).padStart(3)}%`, weight: 7 },
    { text: `|${bar(share, 10)}|`, weight: 1 },
    { text: `${String(done).padStart(String(inEpoch).length)}/${inEpoch}`, weight: 3 },
    { text: `${clock(state.seconds)}<${state.secondsLeft === undefined ? '?' : clock(state.secondsLeft)}`, weight: 4 },
    { text: `${count(state.imagesPerSecond)} img/s`, weight: 2 },
    { text: `loss ${loss(state.loss)}`, weight: 5 },
  ];
  const line = () => pieces.map(({ text }) => text).join('  ');
  while (line().length > columns && pieces.length > 1) {
    const least = pieces.reduce((a, b) => (b.weight < a.weight ? b : a));
    pieces.splice(pieces.indexOf(least), 1);
  }
  return line();
}

/** Eighths of a block. */
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = '█'.repeat(Math.floor(eighths / 8));
  return (full + (PARTS[eighths % 8] ?? '')).padEnd(width);
}

/** Follows a run's steps, and says where it stands. */
export class Follower {
  /** Of the whole run; it may become longer or shorter. */
  steps: number;
  readonly #stepsPerEpoch: number;
  #step = 0;
  #loss: number | undefined;
  #imagesPerSecond = 0;
  #seconds = 0;
  #stepsPerSecond: number | undefined;

  constructor(steps: number, stepsPerEpoch: number) {
    this.steps = steps;
    this.#stepsPerEpoch = stepsPerEpoch;
  }

  follow(steps: readonly StepMetrics[], imagesPerSecond: number): void {
    const images = steps.reduce((sum, step) => sum + step.images, 0);
    for (const step of steps) {
      this.#step = step.step;
      this.#loss = this.#loss === undefined ? step.loss : LOSS_KEPT * this.#loss + (1 - LOSS_KEPT) * step.loss;
    }
    if (images === 0) return;
    this.#imagesPerSecond = imagesPerSecond;
    this.#seconds += images / imagesPerSecond;
    const speed = (imagesPerSecond * steps.length) / images;
    this.#stepsPerSecond = this.#stepsPerSecond === undefined ? speed : (this.#stepsPerSecond + speed) / 2;
  }

  get state(): ProgressState {
    return {
      step: this.#step,
      steps: this.steps,
      stepsPerEpoch: this.#stepsPerEpoch,
      imagesPerSecond: this.#imagesPerSecond,
      loss: this.#loss ?? NaN,
      seconds: this.#seconds,
      secondsLeft: this.#stepsPerSecond && (this.steps - this.#step) / this.#stepsPerSecond,
    };
  }
}
