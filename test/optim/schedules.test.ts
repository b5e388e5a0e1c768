import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Plateau, type PlateauOptions } from '../../src/optim/plateau.js';
import {
  constant,
  cosine,
  exponential,
  multiStep,
  oneCycle,
  perEpoch,
  stepDecay,
  warmup,
  type Schedule,
} from '../../src/optim/schedules.js';

/** What PyTorch's schedulers make of a rate of 1: test/optim/fromTorch.py. */
const torch = JSON.parse(readFileSync(new URL('fromTorch.json', import.meta.url), 'utf8')) as {
  readonly schedules: Readonly<Record<string, readonly number[]>>;
  readonly curve: readonly number[];
  readonly plateaus: Readonly<Record<string, readonly number[]>>;
};

const schedules: Readonly<Record<string, Schedule>> = {
  constant: constant(),
  step: stepDecay({ every: 5, factor: 0.5 }),
  'multi-step': multiStep({ at: [3, 4, 9], factor: 0.3 }),
  exponential: exponential({ factor: 0.8 }),
  cosine: cosine({ steps: 15, to: 0.1 }),
  'cosine with warm restarts': cosine({ steps: 3, restarts: 2, to: 0.1 }),
  'one cycle': oneCycle({ steps: 25 }),
  'one cycle, linear, three phases': oneCycle({
    steps: 25,
    rising: 0.4,
    divisor: 10,
    finalDivisor: 100,
    along: 'line',
    threePhases: true,
  }),
  'linear warm-up, then step': warmup({ steps: 6, from: 0.1 }, stepDecay({ every: 4, factor: 0.5 })),
};

describe('a schedule has the rates of PyTorch at each of 25 steps', () => {
  it('each that PyTorch was asked for', () => {
    expect(Object.keys(schedules)).toEqual(Object.keys(torch.schedules));
  });
  // Recursions of PyTorch and closed forms here differ by roundings of f64 alone.
  it.each(Object.entries(schedules))('%s', (name, schedule) => {
    torch.schedules[name]?.forEach((right, step) => {
      expect(Math.abs(schedule(step, 7) - right), `step ${step}`).toBeLessThanOrEqual(1e-13);
    });
  });
});

describe('schedules', () => {
  it('that count epochs change where one begins', () => {
    const schedule = perEpoch(stepDecay({ every: 2, factor: 0.5 }));
    expect(Array.from({ length: 10 }, (_, step) => schedule(step, 2))).toEqual([
      1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25,
    ]);
  });
  it('after a warm-up begin at their own first step, and know the length of an epoch', () => {
    const schedule = warmup({ steps: 2, from: 0 }, (step, stepsPerEpoch) => 10 * step + stepsPerEpoch);
    expect([0, 1, 2, 3].map((step) => schedule(step, 7))).toEqual([0, 0.5, 7, 17]);
  });
  it('with restarts of one length come round at any step', () => {
    const schedule = cosine({ steps: 4, restarts: 1 });
    expect(schedule(4_000_000, 1)).toBe(1);
    expect(schedule(4_000_002, 1)).toBeCloseTo(0.5, 15);
  });
  it('of one cycle stay at their end, and have one even for a single step', () => {
    const schedule = oneCycle({ steps: 10 });
    expect(schedule(10, 1)).toBe(1 / 25 / 1e4);
    expect(schedule(1000, 1)).toBe(1 / 25 / 1e4);
    expect(Number.isFinite(oneCycle({ steps: 1 })(0, 1))).toBe(true);
  });

  it.each<[string, () => Schedule, RegExp]>([
    ['no steps', () => stepDecay({ every: 0 }), /stepDecay: every 0; wanted a whole number of at least 1/],
    ['half a step', () => multiStep({ at: [1.5] }), /multiStep: at 1.5/],
    ['a factor of 0', () => exponential({ factor: 0 }), /exponential: factor 0/],
    ['a shrinking cycle', () => cosine({ steps: 3, restarts: 0.5 }), /cosine: restarts 0.5/],
    ['no time to rise', () => oneCycle({ steps: 9, rising: 0 }), /oneCycle: rising 0/],
    ['no time to fall', () => oneCycle({ steps: 9, rising: 0.5, threePhases: true }), /below 1\/2/],
    ['a warm-up from below 0', () => warmup({ steps: 3, from: -1 }), /warmup: from -1/],
  ])('refuse %s', (_, make, sentence) => {
    expect(make).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringMatching(sentence) }));
  });
});

describe('a plateau reduces the rate after the epochs after which PyTorch does', () => {
  const plateaus: Readonly<Record<string, PlateauOptions>> = {
    min: { factor: 0.5, patience: 2 },
    'max with cooldown': { watch: 'testAccuracy', patience: 1, cooldown: 2, leastRate: 0.005 },
    'absolute threshold': { threshold: 0.2, relative: false, patience: 0, factor: 0.5 },
  };
  it.each(Object.entries(plateaus))('%s', (name, options) => {
    const plateau = new Plateau(options);
    let rate = 1;
    torch.plateaus[name]?.forEach((right, epoch) => {
      expect(Math.abs(rate - right), `epoch ${epoch}`).toBeLessThanOrEqual(1e-15);
      rate = plateau.next(rate, torch.curve[epoch] ?? NaN);
    });
  });
  it.each(Object.entries(plateaus))('%s, when it goes on after each epoch from what it had counted', (_, options) => {
    const plateau = new Plateau(options);
    let [again, rate, wanted] = [new Plateau(options), 1, 1];
    for (const value of torch.curve) {
      [rate, wanted] = [again.next(rate, value), plateau.next(wanted, value)];
      expect(rate).toBe(wanted);
      const { settings, progress } = JSON.parse(JSON.stringify({ settings: again.settings, progress: again.progress }));
      again = new Plateau(settings, progress);
    }
  });
  it('and takes a loss that is no number for none that is better', () => {
    const plateau = new Plateau({ patience: 0, factor: 0.5 });
    expect([1, NaN, NaN, 0.5].reduce((rate, loss) => plateau.next(rate, loss), 1)).toBe(0.25);
  });
  it.each<[PlateauOptions, RegExp]>([
    [{ factor: 1 }, /plateau: factor 1; wanted below 1/],
    [{ factor: 0 }, /plateau: factor 0/],
    [{ patience: -1 }, /plateau: patience -1/],
    [{ leastRate: NaN }, /plateau: least rate NaN/],
  ])('and refuses %o', (options, sentence) => {
    expect(() => new Plateau(options)).toThrow(sentence);
  });
});
