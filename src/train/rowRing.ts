import type { Store } from '../engine/store.js';

/** Four numbers that an update reads. */
export type Row = readonly [number, number, number, number];

/** A ring of rows on the GPU, [rows, 4], that is kept ahead of whoever reads them one after the other. */
export class RowRing {
  readonly #store: Pick<Store, 'writePart'>;
  readonly #name: string;
  readonly #rows: number;
  #filled = 0;

  constructor(store: Pick<Store, 'writePart'>, name: string, rows: number) {
    this.#store = store;
    this.#name = name;
    this.#rows = rows;
  }

  /** Rows from this one on are to be made again. */
  forget(from: number): void {
    this.#filled = Math.min(this.#filled, from);
  }

  /**
   * Makes sure that `count` rows are there from `first` on, with one upload at most.
   * @param rowAt undefined from the first row on that cannot be made
   * @param kept rows before `first` that may still be read
   * @returns how many are there, at least one and at most `count`: one upload cannot pass the end of the ring
   */
  fill(first: number, count: number, rowAt: (at: number) => Row | undefined, kept = 0): number {
    const ready = this.#filled - first;
    if (ready >= count) return count;
    if (ready > 0) return ready;
    const place = first % this.#rows;
    const most = Math.min(this.#rows - place, this.#rows - kept, Math.max(count, this.#rows / 4));
    const rows = new Float32Array(most * 4);
    let made = 0;
    for (; made < most; made++) {
      const row = rowAt(first + made);
      if (row === undefined) break;
      rows.set(row, made * 4);
    }
    this.#store.writePart(this.#name, place * 4, rows.subarray(0, made * 4));
    this.#filled = first + made;
    return Math.min(count, made);
  }
}
