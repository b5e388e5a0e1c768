import { describe, expect, it } from 'vitest';
import { uniform } from '../../src/core/random.js';
import { adam } from '../../src/optim/adam.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { sgd } from '../../src/optim/sgd.js';
import { RATE_ROWS } from '../../src/train/graphs.js';
import { BASES } from '../../src/train/lossScale.js';
import { Rates, rowsOf } from '../../src/train/rates.js';

/** The GPU's rows of rates, written at once: the queue keeps uploads and submits in order. */
class Rows {
  readonly values = new Float32Array(RATE_ROWS * 4).fill(NaN);
  uploads = 0;

  writePart(name: string, start: number, data: Float32Array | Uint32Array): void {
    if (name !== 'rates' || start + data.length > this.values.length)
      throw new Error(`${data.length} at ${start} of ${name}`);
    this.values.set(data, start);
    this.uploads++;
  }
  of(step: number): number[] {
    const at = ((step - 1) % RATE_ROWS) * 4;
    return [...this.values.subarray(at, at + 4)];
  }
}

/** Submits of seeded sizes, up to `to` steps; each step's row must be that of its rate. */
function submitAll(optimizer: Optimizer, to: number, changes: ReadonlyMap<number, number> = new Map()): Rows {
  const rows = new Rows();
  const rates = new Rates(rows, optimizer);
  let submitted = 0;
  for (let submit = 0; submitted < to; submit++) {
    const changed = changes.get(submit);
    if (changed !== undefined) rates.change(changed, submitted);
    const asked = 1 + Math.floor(uniform(8, 0, submit) * 300);
    const uploads = rows.uploads;
    const count = rates.fill(submitted, asked);
    expect(rows.uploads - uploads).toBeLessThanOrEqual(1);
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(asked);
    for (let step = submitted + 1; step <= submitted + count; step++) {
      expect(rows.of(step)).toEqual([...Float32Array.from(optimizer.row(step, rates.rate))]);
    }
    submitted += count;
  }
  return rows;
}

describe('the rows of rates', () => {
  it('hold what each step needs when it is submitted, three times around the ring', () => {
    submitAll(adam(), 3 * RATE_ROWS);
  });
  it('mostly need no upload', () => {
    const { uploads } = submitAll(sgd(), 3 * RATE_ROWS);
    expect(uploads).toBeLessThanOrEqual(12);
  });
  it('follow a changed rate from the next submitted step on, and leave those before it as they were', () => {
    submitAll(adam(), 3 * RATE_ROWS, new Map([3, 4, 9, 40, 41, 42].map((submit) => [submit, 1 / (submit + 1)])));
  });
  it('hold an f64 number rounded once', () => {
    const rows = new Rows();
    new Rates(rows, sgd({ rate: 0.1 })).fill(0, 1);
    expect(rows.of(1)[0]).toBe(Math.fround(0.1));
  });
  it('may be asked for before the first step with another rate', () => {
    const rows = new Rows();
    const rates = new Rates(rows, sgd());
    rates.change(0.5, 0);
    rates.fill(0, 1);
    expect([rates.rate, rows.of(1)[0]]).toEqual([0.5, 0.5]);
  });
});

describe('a schedule', () => {
  it('has its factor in each row, three times around the ring', () => {
    const rows = new Rows();
    const schedule = (step: number, stepsPerEpoch: number): number => 1 / (1 + (step % 11)) + stepsPerEpoch;
    const rates = new Rates(rows, sgd({ rate: 0.5 }), { schedule, stepsPerEpoch: 7 });
    for (let submitted = 0; submitted < 3 * RATE_ROWS;) {
      const count = rates.fill(submitted, 100);
      for (let step = submitted; step < submitted + count; step++) {
        expect(rows.of(step + 1)[0]).toBe(Math.fround(0.5 * schedule(step, 7)));
      }
      submitted += count;
    }
  });
  it('may make no rate for steps that are never wanted, and is refused at the first that is', () => {
    const rates = new Rates(new Rows(), sgd(), { schedule: (step) => (step < 10 ? 1 : NaN) });
    expect(rates.fill(0, 4)).toBe(4);
    expect(rates.fill(4, 20)).toBe(6);
    expect(() => rates.fill(10, 1)).toThrow(/schedule: a rate of NaN for step 10; wanted a number of at least 0/);
  });
  it('is another from the next step on', () => {
    const rows = new Rows();
    const rates = new Rates(rows, sgd({ rate: 1 }));
    rates.fill(0, 4);
    rates.follow((step) => step, 4);
    rates.fill(4, 4);
    expect([rows.of(4)[0], rows.of(5)[0], rows.of(8)[0], rates.rate, rates.at(9)]).toEqual([1, 4, 7, 1, 9]);
  });
});

/** The GPU's rows of rates and of updates, and what it would read of them. */
class ScaledRows {
  readonly values = new Map([
    ['rates', new Float32Array(RATE_ROWS * 4).fill(NaN)],
    [BASES, new Float32Array(RATE_ROWS * 4).fill(NaN)],
  ]);
  writePart = (name: string, start: number, data: Float32Array | Uint32Array): void => {
    if (start + data.length > RATE_ROWS * 4) throw new Error(`${data.length} at ${start} of ${name}`);
    this.values.get(name)?.set(data, start);
  };
  /** As `rowOfUpdate`; steps and updates from 0. */
  of(step: number, updates: number): number[] {
    const at = (name: string, row: number): number[] => {
      const place = (row % RATE_ROWS) * 4;
      return [...(this.values.get(name)?.subarray(place, place + 4) ?? [])];
    };
    const bases = at(BASES, updates);
    return at('rates', step).map((rate, column) => rate * (bases[column] ?? NaN));
  }
}

describe('rows where steps may be skipped', () => {
  const schedule = (step: number): number => 1 / (1 + (step % 7));

  it('are those of the rate of the step and of the update’s number, however late it is known what was skipped', () => {
    const optimizer = adam({ rate: 0.01 });
    const rows = new ScaledRows();
    const rates = new Rates(rows, optimizer, { schedule, scaled: true });
    let [submitted, skipped, worst] = [0, 0, 0];
    for (let submit = 0; submit < 14; submit++) {
      const known = { done: submitted, skipped };
      // What is heard of may be older than what is submitted by all that a ring holds.
      const ahead = submit % 4 === 3 ? 300 : RATE_ROWS;
      while (submitted - known.done < ahead) {
        const count = rates.fill(submitted, Math.min(ahead - (submitted - known.done), 700));
        expect(count).toBeGreaterThanOrEqual(1);
        for (let step = submitted; step < submitted + count; step++) {
          const [rate, made] = [0.01 * schedule(step), step - skipped];
          const wanted = optimizer.row(made + 1, rate);
          const errors = rows.of(step, made).map((value, column) => {
            const right = wanted[column] ?? NaN;
            return right === 0 ? Math.abs(value) : Math.abs(value / right - 1);
          });
          worst = Math.max(worst, ...errors);
          if (uniform(9, 0, step) < [0.01, 1, 0.5][submit % 3]!) skipped++;
        }
        submitted += count;
      }
      rates.know({ done: submitted, skipped });
    }
    expect(worst).toBeLessThan(2 ** -22);
    expect(skipped).toBeGreaterThan(RATE_ROWS / 2);
  });

  it('are products of those that a run begins with', () => {
    const optimizer = adam({ rate: 0.01 });
    const rows = new ScaledRows();
    for (const [name, values] of Object.entries(rowsOf(optimizer, true)))
      rows.writePart(name, 0, values as Float32Array);
    const wanted = optimizer.row(8, 0.01);
    rows.of(9, 7).forEach((value, column) => expect(value).toBeCloseTo(wanted[column] ?? NaN, 8));
  });

  it('are refused of an optimizer whose row goes otherwise with the rate', () => {
    const odd: Optimizer = { ...sgd(), name: 'odd', row: (_, rate) => [rate ** 2, 0, 0, 0] };
    expect(() => new Rates(new ScaledRows(), odd, { scaled: true })).toThrow(
      /optimizer odd: .*proportional to the rate/,
    );
  });
});

/** 1 − βᵗ without cancellation: −expm1(t·log β). */
const correction = (beta: number, step: number): number => -Math.expm1(step * Math.log(beta));

describe('Adam’s row', () => {
  it.each([1, 2, 10, 1000, 4097, 1e6])('has the corrections of step %i', (step) => {
    const [rate, first, root, unused] = adam({ rate: 0.003 }).row(step, 0.003);
    expect(rate).toBe(0.003);
    expect(first / (0.003 / correction(0.9, step))).toBeCloseTo(1, 12);
    expect(root / Math.sqrt(correction(0.999, step))).toBeCloseTo(1, 12);
    expect(unused).toBe(0);
  });
  it('of the first step is the rate over 1 − β', () => {
    const [, first, root] = adam({ beta1: 0.5, beta2: 0.75 }).row(1, 0.2);
    expect([first, root]).toEqual([0.4, 0.5]);
  });
});
