import { describe, expect, it } from 'vitest';
import type { StateData } from '../../src/engine/store.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import { RING_ROWS } from '../../src/train/graphs.js';
import { EpochMeans, MetricsReader } from '../../src/train/metrics.js';

/** A GPU that records steps when told to: step s has loss s, three images, and s mod 4 of them right. */
class InventedGpu {
  readonly #ring = new Float32Array(RING_ROWS * 3);
  #done = 0;
  guard = ALL_FINITE;
  readonly answers: (() => void)[] = [];
  /** Answer at once, or when the test says so. */
  atOnce = true;

  record(steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.#ring.set([this.#done + 1, (this.#done + 1) % 4, 3], (this.#done % RING_ROWS) * 3);
      this.#done++;
    }
  }
  namesIn = (): string[] => ['conv1.weight', 'conv1.bias'];
  reader = (names: readonly string[]) => {
    if (names.join() !== 'metrics,step,guard') throw new Error(`asked for ${names.join()}`);
    const read = (): Promise<ReadonlyMap<string, StateData>> => {
      const states = new Map<string, StateData>([
        ['metrics', this.#ring.slice()],
        ['step', Uint32Array.of(this.#done)],
        ['guard', Uint32Array.of(this.guard)],
      ]);
      if (this.atOnce) return Promise.resolve(states);
      return new Promise((resolve) => this.answers.push(() => resolve(states)));
    };
    return Promise.resolve({ read, [Symbol.dispose]: () => undefined });
  };
}

const open = async (perEpoch = 1000) => {
  const gpu = new InventedGpu();
  return { gpu, metrics: await MetricsReader.open(gpu, perEpoch) };
};

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('the metrics of steps', () => {
  it('are told once each, in order, around the ring', async () => {
    const { gpu, metrics } = await open();
    const told: number[] = [];
    let recorded = 0;
    for (const steps of [1, 0, 7, RING_ROWS - 8, RING_ROWS, 1, 3000, 3000]) {
      expect(metrics.room(recorded)).toBeGreaterThanOrEqual(steps);
      gpu.record(steps);
      recorded += steps;
      const { steps: news, done } = await metrics.tell();
      expect(done).toBe(recorded);
      expect(news.length).toBe(steps);
      told.push(...news.map(({ step, loss }) => (loss === step ? step : NaN)));
    }
    expect(told).toEqual(Array.from({ length: recorded }, (_, i) => i + 1));
  });
  it('have their epoch, their images and the fraction that was right', async () => {
    const { gpu, metrics } = await open(2);
    gpu.record(3);
    const { steps } = await metrics.tell();
    expect(steps.map(({ epoch, images }) => [epoch, images])).toEqual([
      [1, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(steps.map(({ accuracy }) => accuracy * 3)).toEqual([1, 2, 3]);
  });
  it('leave room for no step beyond the ring until they are told', async () => {
    const { gpu, metrics } = await open();
    gpu.record(100);
    expect(metrics.room(100)).toBe(RING_ROWS - 100);
    metrics.ask();
    await settled();
    expect(metrics.room(RING_ROWS)).toBe(0);
    await metrics.tell();
    expect(metrics.room(RING_ROWS)).toBe(100);
  });
  it('are asked for while earlier questions are under way, three at most, and told in the order of asking', async () => {
    const { gpu, metrics } = await open();
    gpu.atOnce = false;
    for (const steps of [2, 3, 4, 5]) {
      gpu.record(steps);
      metrics.ask();
    }
    expect(gpu.answers.length).toBe(3);
    await settled();
    expect([metrics.asked, metrics.arrived]).toEqual([true, false]);
    gpu.answers[1]?.();
    await settled();
    expect(metrics.arrived).toBe(false);
    gpu.answers[0]?.();
    await settled();
    expect(metrics.arrived).toBe(true);
    gpu.answers[2]?.();
    const told = [await metrics.tell(), await metrics.tell(), await metrics.tell()].map(({ steps }) => steps.length);
    expect(told).toEqual([2, 3, 4]);
    expect([metrics.asked, metrics.arrived]).toEqual([false, false]);
    gpu.atOnce = true;
    expect((await metrics.tell()).steps.map(({ step }) => step)).toEqual([10, 11, 12, 13, 14]);
  });
  it('come with the divergence that ended them: its step and its tensor', async () => {
    const { gpu, metrics } = await open();
    gpu.record(4);
    gpu.guard = 2;
    const { steps, diverged } = await metrics.tell();
    expect(steps.length).toBe(4);
    expect(diverged).toMatchObject({ code: 'diverged', place: 'step 5' });
    expect(diverged?.message).toContain('the gradient of conv1.bias is not finite');
    gpu.guard = 0;
    expect((await metrics.tell()).diverged?.message).toContain('the loss is not finite');
  });
  it('that cannot be read reject for whoever is told, and for nobody else', async () => {
    const failing = {
      namesIn: () => [],
      reader: () =>
        Promise.resolve({ read: () => Promise.reject(new Error('gone')), [Symbol.dispose]: () => undefined }),
    };
    const metrics = await MetricsReader.open(failing, 10);
    metrics.ask();
    metrics.ask();
    await settled();
    expect(metrics.arrived).toBe(true);
    await expect(metrics.tell()).rejects.toThrow('gone');
  });
});

describe('the means of an epoch', () => {
  const step = (epoch: number, loss: number, accuracy: number, images: number) => ({
    step: 1,
    epoch,
    loss,
    accuracy,
    images,
  });
  it('weigh each step by its images', () => {
    const means = new EpochMeans();
    means.add(step(1, 4, 0.5, 6));
    means.add(step(1, 1, 1, 2));
    expect(means.now).toEqual({ loss: 3.25, accuracy: 0.625, images: 8 });
  });
  it('begin anew with the first step of another epoch', () => {
    const means = new EpochMeans();
    means.add(step(1, 100, 0, 64));
    means.add(step(2, 2, 1, 3));
    expect(means.now).toEqual({ loss: 2, accuracy: 1, images: 3 });
  });
});
