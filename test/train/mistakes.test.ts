import { expect, it } from 'vitest';
import { mistakesOf } from '../../src/train/mistakes.js';

const rows = {
  labels: [0, 1, 2, 1, 0, 2],
  answers: [0, 2, 1, 0, 1, 2],
  losses: [0.1, 2, 3, 1, 4, 0],
  answerLosses: [0.1, 0.5, 0.25, 0.5, 0, 0],
};

it('mistakes are wrong answers alone, the surest first, and of equals the first of the set', () => {
  const found = mistakesOf(rows);
  expect(found.map(({ index }) => index)).toEqual([4, 2, 1, 3]);
  expect(found[1]).toEqual({ index: 2, label: 2, answer: 1, confidence: Math.exp(-0.25), probability: Math.exp(-3) });
  expect(mistakesOf(rows, 2)).toEqual(found.slice(0, 2));
  expect(mistakesOf({ ...rows, answers: rows.labels })).toEqual([]);
});
