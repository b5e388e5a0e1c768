import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../src/cli/flags.js';
import { trainingSettings } from '../../src/cli/settings.js';
import { trainFlags } from '../../src/cli/tables.js';

const settings = (...words: string[]) => trainingSettings(parseFlags('weft train', trainFlags, words));

describe('trainingSettings', () => {
  it('are the tutorial’s by default', () => {
    expect(settings()).toEqual({
      optimizer: { kind: 'sgd', rate: 0.001, momentum: 0.9, nesterov: false, weightDecay: 0 },
      batch: 64,
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
    expect(() => settings(...adam, '--momentum', '0.5')).toThrow(/^--momentum: given with --optimizer adam; wanted/);
    expect(() => settings(...adam, '--nesterov')).toThrow(/^--nesterov: /);
    expect(() => settings('--nesterov', '--momentum', '0')).toThrow(/^--nesterov: a momentum of 0; wanted/);
  });
});
