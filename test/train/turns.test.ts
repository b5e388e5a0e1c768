import { expect, it } from 'vitest';
import { batchesUntil, stepsPerEpochOf } from '../../src/train/turns.js';

it('steps of several batches end with their epoch: 10 batches in turns of 4 are 4, 4 and 2', () => {
  const turns = { perEpoch: 10, length: 4 };
  expect(stepsPerEpochOf(turns)).toBe(3);
  expect(Array.from({ length: 8 }, (_, step) => batchesUntil(step, turns))).toEqual([0, 4, 8, 10, 14, 18, 20, 24]);
});

it('a step of one batch is a batch', () => {
  const turns = { perEpoch: 7, length: 1 };
  expect(stepsPerEpochOf(turns)).toBe(7);
  for (const step of [0, 1, 6, 7, 8, 700]) expect(batchesUntil(step, turns)).toBe(step);
});

it('a turn longer than an epoch is an epoch', () => {
  const turns = { perEpoch: 3, length: 8 };
  expect(stepsPerEpochOf(turns)).toBe(1);
  expect(batchesUntil(5, turns)).toBe(15);
});
