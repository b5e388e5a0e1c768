import { describe, expect, it } from 'vitest';
import { hotOf } from '../../demo/protocol.js';
import { USUAL } from '../../demo/state.js';
import { Going } from '../../demo/work/going.js';
import { shapeOf } from '../../demo/work/optimizing.js';
import type { FitOptions, TrainEvent } from '../../src/index.js';

/** A trainer of ten steps an epoch whose every step is an event; it remembers with what it was asked to train. */
class InventedTrainer {
  rate = 1;
  steps = 0;
  readonly asked: FitOptions[] = [];

  async *fit(options: FitOptions): AsyncGenerator<TrainEvent, void, void> {
    this.asked.push(options);
    const last = options.steps ?? 10 * (options.epochs ?? 1);
    while (this.steps < last && options.signal?.aborted !== true) {
      this.steps++;
      yield { type: 'steps', steps: [], imagesPerSecond: 1, skipped: 0 };
    }
  }
}

const hot = { ...hotOf(USUAL), epochs: 2 };

/** Trains, and does something after each step. */
async function train(trainer: InventedTrainer, going: Going, after: (step: number) => void, most?: number) {
  const { signal } = new AbortController();
  for await (const _ of going.fit(trainer, signal, most)) after(trainer.steps);
}

describe('a fit that goes', () => {
  it('ends with the epochs', async () => {
    const trainer = new InventedTrainer();
    await train(trainer, new Going(hot, 10), () => undefined);
    expect([trainer.steps, trainer.rate, trainer.asked.length]).toEqual([20, hot.rate, 1]);
  });

  it('takes on a rate without a break, and epochs and a schedule at the next submit, no step lost or done twice', async () => {
    const trainer = new InventedTrainer();
    const going = new Going(hot, 10);
    const done: number[] = [];
    await train(trainer, going, (step) => {
      done.push(step);
      if (step === 3) going.take({ ...hot, rate: 0.5 });
      if (step === 5) going.take({ ...hot, rate: 0.5, epochs: 3, schedule: 'cosine' });
    });
    expect(trainer.rate).toBe(0.5);
    expect(done).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(trainer.asked.map(({ epochs }) => epochs)).toEqual([2, 3]);
    const [before, after] = trainer.asked.map(({ schedule }) => schedule);
    expect(before?.(15, 10)).toBe(1);
    // Half of the longer run is done.
    expect(after?.(15, 10)).toBeCloseTo(0.5, 12);
  });

  it('ends at once where fewer epochs are wanted than are done', async () => {
    const trainer = new InventedTrainer();
    const going = new Going(hot, 10);
    await train(trainer, going, (step) => step === 12 && going.take({ ...hot, epochs: 1 }));
    expect(trainer.steps).toBe(12);
  });

  it('may be one step, before the end and beyond it', async () => {
    const trainer = new InventedTrainer();
    await train(trainer, new Going(hot, 10), () => undefined, 1);
    expect(trainer.steps).toBe(1);
    trainer.steps = 20;
    await train(trainer, new Going(hot, 10), () => undefined, 1);
    expect(trainer.steps).toBe(21);
  });

  it('ends when it is told to pause, whatever has changed', async () => {
    const trainer = new InventedTrainer();
    const [going, pause] = [new Going(hot, 10), new AbortController()];
    for await (const _ of going.fit(trainer, pause.signal)) {
      if (trainer.steps !== 4) continue;
      going.take({ ...hot, epochs: 9 });
      pause.abort();
    }
    expect(trainer.steps).toBe(4);
  });
});

describe('the picture of a schedule', () => {
  it('goes from the beginning of a run to its end', () => {
    expect(new Set(shapeOf('constant'))).toEqual(new Set([1]));
    const [cosine, steps, oneCycle] = [shapeOf('cosine'), shapeOf('step'), shapeOf('oneCycle')];
    expect([cosine[0], Math.round(1e4 * (cosine.at(-1) ?? 1))]).toEqual([1, 0]);
    expect([...new Set(steps.map((factor) => Number(factor.toPrecision(3))))]).toEqual([1, 0.1, 0.01]);
    expect(oneCycle[0]).toBeCloseTo(0.04, 6);
    expect(Math.max(...oneCycle)).toBeGreaterThan(0.99);
    expect(oneCycle.at(-1)).toBeLessThan(1e-4);
  });
});
