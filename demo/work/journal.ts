// What a run has told the page so far, so that a page that goes on with it shows it from the beginning.

import type { EpochRow, Reply } from '../protocol.js';

/** Numbers of steps from 1 on, in an array that grows. */
class Column {
  #values = new Float32Array(1024);

  set(first: number, values: Float32Array): void {
    const end = first - 1 + values.length;
    if (end > this.#values.length) {
      const larger = new Float32Array(2 ** Math.ceil(Math.log2(end)));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.set(values, first - 1);
  }

  until(step: number): Float32Array<ArrayBuffer> {
    return this.#values.slice(0, step);
  }
}

export class Journal {
  #losses = new Column();
  #accuracies = new Column();
  #epochs: EpochRow[] = [];
  #seconds = 0;

  /** Listens to what the page is told. */
  hear(reply: Reply): void {
    if (reply.type === 'run') this.#clear();
    else if (reply.type === 'steps') {
      this.#losses.set(reply.first, reply.losses);
      this.#accuracies.set(reply.first, reply.accuracies);
      this.#seconds = reply.seconds;
    } else if (reply.type === 'epoch') this.#epochs.push(reply.row);
  }

  /** All of it up to a step. */
  until(step: number) {
    return {
      losses: this.#losses.until(step),
      accuracies: this.#accuracies.until(step),
      epochs: this.#epochs.filter((row) => row.step <= step),
      seconds: this.#seconds,
    };
  }

  #clear(): void {
    this.#losses = new Column();
    this.#accuracies = new Column();
    this.#epochs = [];
    this.#seconds = 0;
  }
}
