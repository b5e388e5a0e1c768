import { describe, expect, it } from 'vitest';
import { continued } from '../../src/cli/continued.js';
import { givenFlags, parseFlags } from '../../src/cli/flags.js';
import { trainFlags } from '../../src/cli/tables.js';
import type { CheckpointFacts } from '../../src/io/checkpointFacts.js';
import { someCheckpoint } from '../io/someCheckpoint.js';

const { run } = someCheckpoint(1).facts;
const adam = { kind: 'adamW', rate: 0.25, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.125 };

const settings = (words: readonly string[], facts = run, watching?: CheckpointFacts['watching']) =>
  continued(parseFlags('weft train', trainFlags, words), givenFlags(trainFlags, words), {
    run: facts,
    ...(watching && { watching }),
  });

describe('a run that goes on', () => {
  it('asks for what the flags give, and for nothing else', () => {
    const { net, mean, std, training } = settings(['--resume', '--checkpoint', 'run', '--epochs', '3'], {
      ...run,
      net: 'wide',
      batch: 32,
      mean: 0.5,
    });
    expect([net, mean, std]).toEqual(['wide', 0.5, 0.3081]);
    expect(training).toEqual({ batch: 32, accumulate: 1, precision: 'f32', seed: 7, shuffle: true, epochs: 3 });
  });

  it('is asked for flags that are given as they are, other ones than the run’s too', () => {
    const words = ['--batch=16', '--no-shuffle', '--schedule', 'cosine', '--clip-norm', '2', '--net', 'figure'];
    expect(settings(words)).toMatchObject({
      net: 'figure',
      training: { batch: 16, shuffle: false, schedule: { kind: 'cosine', warmup: 0 }, clip: { norm: 2 } },
    });
    const { training } = settings(['--label-smoothing', '0', '--plateau', '3', '--clip-value', '1']);
    expect(training).toMatchObject({ labelSmoothing: 0, plateau: 3, clip: { value: 1 } });
  });

  it('has the rest of its optimizer where a part is given', () => {
    expect(settings(['--lr', '0.5'], { ...run, optimizer: adam }).training?.optimizer).toEqual({
      kind: 'adamw',
      rate: 0.5,
      weightDecay: 0.125,
    });
    expect(settings(['--optimizer', 'lion'], { ...run, optimizer: adam }).training?.optimizer).toEqual({
      kind: 'lion',
      rate: 0.0001,
      weightDecay: 0,
    });
    const own = { ...run, optimizer: { kind: 'own', name: 'mine' } };
    expect(settings(['--lr', '0.5'], own).training?.optimizer).toMatchObject({ kind: 'sgd', rate: 0.5 });
  });

  it('is as long as it was begun for, unless a length is given', () => {
    const length = (...words: string[]) => {
      const { training } = settings(words, { ...run, expectedSteps: 30 });
      return [training?.steps, training?.epochs];
    };
    expect([length(), length('--epochs', '7'), length('--steps', '40')]).toEqual([
      [30, 30],
      [undefined, 7],
      [40, 40],
    ]);
  });

  it('is judged as it was, by the images that it has held out, but for what is given', () => {
    const was = { stopEarly: { patience: 3, minDelta: 0.5 }, keepBest: true };
    const held = { ...run, validation: 64 };
    expect(settings([], held, was).training).toMatchObject({ validation: 64, ...was });
    const other = settings(['--stop-early=5', '--no-keep-best'], held, was).training;
    expect(other).toMatchObject({ validation: 64, stopEarly: { patience: 5, minDelta: 0.5 } });
    expect(other).not.toHaveProperty('keepBest');
    expect(settings(['--validation', '0.1'], held).training).toMatchObject({ validation: 0.1 });
    expect(settings([], held, { keepBest: false }).training).not.toHaveProperty('stopEarly');
    expect(() => settings(['--keep-best'])).toThrow(/^--keep-best: no --validation/);
  });

  it('tells no augmentation that is asked for from none that is left out', () => {
    expect(settings(['--augment', 'none']).training?.augment).toEqual({});
    expect(settings(['--augment', 'light']).training?.augment).toMatchObject({ rotate: 10 });
    expect(settings([]).training).not.toHaveProperty('augment');
    const mixed = { ...run, augment: { shift: 1, mixup: 0.5 } };
    expect(settings(['--mixup', '0.25'], mixed).training?.augment).toEqual({ shift: 1, mixup: 0.25 });
    expect(settings(['--augment', 'none'], mixed).training?.augment).toEqual({ mixup: 0.5 });
  });
});
