// The curve of a run, in a room of fixed size however long the run is.

import { BINS } from './lines.js';

/** How much of the smoothed line is its past: a memory of about 12 steps. */
const MEMORY = 0.92;

export interface Point {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** Means of `stride` steps each. A full room halves itself: neighbours are merged, and the stride doubles. */
export class History {
  /** Last step of each bin. */
  readonly steps: number[] = [];
  readonly losses: number[] = [];
  readonly accuracies: number[] = [];
  readonly smoothLosses: number[] = [];
  readonly smoothAccuracies: number[] = [];
  first: Point | undefined;
  /** The smoothed values of now. */
  last: Point | undefined;
  #stride = 1;
  #waiting = { count: 0, loss: 0, accuracy: 0 };
  #loss = new Average();
  #accuracy = new Average();

  add(firstStep: number, losses: Float32Array, accuracies: Float32Array): void {
    losses.forEach((loss, i) => this.#addStep(firstStep + i, loss, accuracies[i] ?? NaN));
  }

  clear(): void {
    for (const values of this.#columns()) values.length = 0;
    this.first = undefined;
    this.last = undefined;
    this.#stride = 1;
    this.#waiting = { count: 0, loss: 0, accuracy: 0 };
    this.#loss = new Average();
    this.#accuracy = new Average();
  }

  #addStep(step: number, loss: number, accuracy: number): void {
    this.first ??= { step, loss, accuracy };
    this.last = { step, loss: this.#loss.add(loss), accuracy: this.#accuracy.add(accuracy) };
    const waiting = this.#waiting;
    waiting.count++;
    waiting.loss += loss;
    waiting.accuracy += accuracy;
    if (waiting.count < this.#stride) return;
    this.steps.push(step);
    this.losses.push(waiting.loss / waiting.count);
    this.accuracies.push(waiting.accuracy / waiting.count);
    this.smoothLosses.push(this.last.loss);
    this.smoothAccuracies.push(this.last.accuracy);
    this.#waiting = { count: 0, loss: 0, accuracy: 0 };
    if (this.steps.length >= BINS) this.#halve();
  }

  #halve(): void {
    for (const values of this.#columns()) {
      const merge = values === this.steps ? (_: number, b: number) => b : (a: number, b: number) => (a + b) / 2;
      for (let i = 0; i < BINS / 2; i++) values[i] = merge(values[2 * i] ?? NaN, values[2 * i + 1] ?? NaN);
      values.length = BINS / 2;
    }
    this.#stride *= 2;
  }

  #columns(): number[][] {
    return [this.steps, this.losses, this.accuracies, this.smoothLosses, this.smoothAccuracies];
  }
}

/** An exponential average that does not start from zero. */
class Average {
  #sum = 0;
  #weight = 0;

  add(value: number): number {
    this.#sum = MEMORY * this.#sum + (1 - MEMORY) * value;
    this.#weight = MEMORY * this.#weight + (1 - MEMORY);
    return this.#sum / this.#weight;
  }
}
