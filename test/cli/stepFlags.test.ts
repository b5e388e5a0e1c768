import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../src/cli/flags.js';
import { planFlags, tuneFlags } from '../../src/cli/planTables.js';
import { stepOf } from '../../src/cli/stepFlags.js';
import { trainFlags } from '../../src/cli/tables.js';
import { nets, tutorial } from '../../src/nn/nets.js';
import { trainGraph } from '../../src/train/graphs.js';

const step = (...words: string[]) => stepOf(parseFlags('weft plan', planFlags, words));

/** The names of the ops of a step. */
const opsOf = (...words: string[]): Set<string> => {
  const { settings, optimizer, update } = step(...words);
  const graph = trainGraph(tutorial(), { count: 1000, rows: 28, columns: 28 }, settings, optimizer, update);
  return new Set(graph.nodes.map(({ op }) => op));
};

describe('what a step is compiled from', () => {
  it('is by default what a run has by default', () => {
    const { settings, optimizer, update } = step();
    expect(settings).toEqual({ batch: 64, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081, augment: {} });
    expect([optimizer.name, optimizer.weightDecay, update]).toEqual(['sgd', 0, { accumulate: 1 }]);
  });

  it('has an op for each flag that brings one', () => {
    const [plain, whole] = [
      opsOf(),
      opsOf('--augment', 'light', '--mixup', '0.2', '--accumulate', '2', '--clip-norm', '1', '--optimizer', 'adamw'),
    ];
    const [smoothed, clipped] = [opsOf('--label-smoothing', '0.1'), step('--clip-value', '2').update.clip];
    expect([plain.has('pick'), smoothed.has('pick'), clipped]).toEqual([false, true, { value: 2 }]);
    for (const op of ['augment', 'mixup', 'mixRows', 'clipFactor', 'addTurn', 'adam']) {
      expect([plain.has(op), whole.has(op)], `the op ${op}`).toEqual([false, true]);
    }
  });

  it('can be said of all flags of a run that a plan depends on, for plan and tune', () => {
    // A rate, how it changes, how long, what comes out and where it runs are no part of a plan; how many images are held
    // out is said by --images.
    const others =
      'data weights-in epochs steps lr schedule warmup backend weights-out checkpoint checkpoint-every resume';
    const judging = 'validation stop-early min-delta keep-best plateau';
    const free = new Set(`${others} ${judging} metrics json quiet`.split(' '));
    for (const name of Object.keys(trainFlags).filter((flag) => !free.has(flag))) {
      // The tuner times kernels of f32 alone.
      expect([name in planFlags, name in tuneFlags], `--${name}`).toEqual([true, name !== 'precision']);
    }
    expect(Object.keys(nets)).toContain('tutorial');
  });
});
