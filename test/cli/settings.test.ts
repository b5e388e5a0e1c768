import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../src/cli/flags.js';
import { scheduleOf, stepsOf } from '../../src/cli/learning.js';
import { mustBeJudged, trainingSettings } from '../../src/cli/settings.js';
import { trainFlags } from '../../src/cli/tables.js';

const settings = (...words: string[]) => trainingSettings(parseFlags('weft train', trainFlags, words));

describe('trainingSettings', () => {
  it('are the tutorial’s by default', () => {
    expect(settings()).toEqual({
      optimizer: { kind: 'sgd', rate: 0.001, momentum: 0.9, nesterov: false, weightDecay: 0 },
      schedule: { kind: 'constant', warmup: 0 },
      batch: 64,
      accumulate: 1,
      precision: 'f32',
      seed: 1,
      shuffle: true,
      epochs: 10,
    });
  });

  it('let --steps alone decide how long, and together with --epochs whichever is first', () => {
    expect(settings('--steps', '20000')).toMatchObject({ steps: 20_000, epochs: 20_000 });
    expect(settings('--steps', '20000', '--epochs', '2')).toMatchObject({ steps: 20_000, epochs: 2 });
  });

  it('give each optimizer what it knows, and refuse what it does not', () => {
    const adam = ['--optimizer', 'adam'];
    expect(settings(...adam, '--weight-decay', '0.1').optimizer).toEqual({
      kind: 'adam',
      rate: 0.001,
      weightDecay: 0.1,
    });
    expect(settings('--optimizer', 'adamw').optimizer).toEqual({ kind: 'adamw', rate: 0.001, weightDecay: 0.01 });
    expect(settings('--optimizer', 'rmsprop', '--momentum', '0.5').optimizer).toEqual({
      kind: 'rmsprop',
      rate: 0.01,
      weightDecay: 0,
      momentum: 0.5,
    });
    expect(settings('--optimizer', 'lion', '--lr', '0.01').optimizer).toEqual({
      kind: 'lion',
      rate: 0.01,
      weightDecay: 0,
    });
    expect(() => settings(...adam, '--momentum', '0.5')).toThrow(/^--momentum: given with --optimizer adam; wanted/);
    expect(() => settings(...adam, '--nesterov')).toThrow(/^--nesterov: /);
    expect(() => settings('--nesterov', '--momentum', '0')).toThrow(/^--nesterov: a momentum of 0; wanted/);
  });

  it('have a schedule, a bound on gradients and several batches a step where they are asked for', () => {
    const words = ['--schedule', 'cosine', '--warmup', '5', '--clip-norm', '1', '--accumulate', '4'];
    expect(settings(...words)).toMatchObject({
      schedule: { kind: 'cosine', warmup: 5 },
      clip: { norm: 1 },
      accumulate: 4,
    });
    const others = ['--clip-value', '0.5', '--label-smoothing', '0.1', '--plateau', '2'];
    expect(settings(...others)).toMatchObject({ clip: { value: 0.5 }, labelSmoothing: 0.1, plateau: 2 });
    expect(() => settings('--clip-value', '1', '--clip-norm', '1')).toThrow(/^--clip-value: given with --clip-norm/);
    expect(settings('--augment', 'light', '--mixup', '0.2').augment).toMatchObject({ rotate: 10, mixup: 0.2 });
    expect(settings('--mixup', '0.2').augment).toEqual({ mixup: 0.2 });
    expect(() => settings('--mixup', '0')).toThrow(/^--mixup: "0"; wanted a number from 0.01 to 100/);
    expect(() => settings('--schedule', 'cosin')).toThrow(/Did you mean cosine/);
  });
});

describe('epochs that are judged', () => {
  it('hold images out, have a patience, and keep the best, where that is asked for', () => {
    const words = ['--validation', '0.1', '--stop-early', '3', '--min-delta', '0.01', '--keep-best'];
    const judged = settings(...words);
    expect(judged).toMatchObject({ validation: 0.1, stopEarly: { patience: 3, minDelta: 0.01 }, keepBest: true });
    expect(settings('--validation', '50', '--stop-early', '1').stopEarly).toEqual({ patience: 1 });
    const steps = (images: number) => stepsOf({ ...judged, epochs: 2, batch: 8 }, images);
    expect([steps(80), steps(10)]).toEqual([18, 4]);
    expect(() => stepsOf({ ...judged, validation: 80 }, 80)).toThrow(/^--validation: 80 of 80 training images/);
  });

  it.each([
    [['--keep-best'], '--keep-best: no --validation; wanted --validation 0.1'],
    [['--stop-early', '3'], '--stop-early: no --validation; wanted --validation 0.1'],
  ])('%s without images to judge by is refused', (words, message) => {
    const flags = (...more: string[]) => parseFlags('weft train', trainFlags, [...words, ...more]);
    expect(() => mustBeJudged(flags())).toThrow(message);
    expect(() => mustBeJudged(flags('--validation', '0.1'))).not.toThrow();
  });

  it('have no delta without a patience', () => {
    expect(() => settings('--validation', '0.1', '--min-delta', '1')).toThrow(/^--min-delta: no --stop-early; wanted/);
    expect(() => settings('--stop-early', '0')).toThrow(/^--stop-early: "0"; wanted a whole number from 1/);
  });
});

describe('a schedule over a run', () => {
  it.each(['constant', 'step', 'exponential', 'cosine', 'one-cycle'] as const)(
    '%s has a factor at each step',
    (kind) => {
      for (const [steps, warmup] of [
        [1, 0],
        [100, 10],
        [3, 7],
      ] as const) {
        const schedule = scheduleOf({ kind, warmup }, steps);
        const factors = Array.from({ length: steps }, (_, step) => schedule(step, 10));
        expect(factors.every((factor) => factor > 0 && factor <= 1)).toBe(true);
      }
    },
  );
  it('ends low, but for a constant one', () => {
    const last = (kind: 'constant' | 'step' | 'exponential' | 'cosine' | 'one-cycle') =>
      scheduleOf({ kind, warmup: 10 }, 100)(99, 10);
    expect(last('constant')).toBe(1);
    for (const kind of ['step', 'exponential', 'cosine', 'one-cycle'] as const) expect(last(kind)).toBeLessThan(0.02);
  });
});
