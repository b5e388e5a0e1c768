import { expect, it } from 'vitest';
import { ranked, type SweepRun } from '../../src/train/sweep.js';

const run = (index: number, loss?: number, accuracy?: number): SweepRun => ({
  index,
  settings: {},
  ...(loss !== undefined && accuracy !== undefined
    ? { loss, accuracy }
    : { failed: { code: 'diverged', message: 'it diverged' } }),
  steps: 1,
  seconds: 1,
});

it('ranks by least loss or greatest accuracy, of equals the earlier first, and what failed last', () => {
  const runs = [run(3), run(2, 0.5, 0.9), run(1, 0.5, 0.8), run(0), run(4, 0.4, 0.7)];
  const order = (rank: 'loss' | 'accuracy') => ranked(runs, rank).map(({ index }) => index);
  expect(order('loss')).toEqual([4, 1, 2, 0, 3]);
  expect(order('accuracy')).toEqual([2, 1, 4, 0, 3]);
  expect(runs.map(({ index }) => index)).toEqual([3, 2, 1, 0, 4]);
});
