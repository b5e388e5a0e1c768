import { expect, it } from 'vitest';
import { nearest } from '../../src/cli/nearest.js';

const commands = ['train', 'eval', 'predict', 'doctor'];

it('a word with letters swapped, missing, wrong or too many has its nearest', () => {
  expect(
    ['trian', 'trin', 'traib', 'trainn', 'evla', 'pedict', 'docter'].map((word) => nearest(word, commands)),
  ).toEqual(['train', 'train', 'train', 'train', 'eval', 'predict', 'doctor']);
});

it('a word unlike any other has none', () => {
  expect(['', 'x', 'serve', 'va', 'benchmark'].map((word) => nearest(word, commands))).toEqual(
    Array(5).fill(undefined),
  );
});
