import { expect, it } from 'vitest';
import { scoresTable } from '../../src/cli/scores.js';

it('a line for each label, and the means', () => {
  const table = scoresTable(
    [
      [90, 10],
      [0, 1000],
    ],
    (_, text) => text,
  );
  expect(table.split('\n')).toEqual([
    '   label  precision     recall         f1     images',
    '       0     1.0000     0.9000     0.9474        100',
    '       1     0.9901     1.0000     0.9950      1,000',
    '   macro     0.9950     0.9500     0.9712      1,100',
    'weighted     0.9910     0.9909     0.9907      1,100',
  ]);
});
