import { expect, it } from 'vitest';
import { cellAfter } from '../../demo/parts/cells.js';

const at = (row: number, column: number): number => 10 * row + column;
const after = (key: string, row: number, column: number) => cellAfter(key, at(row, column), 10);

it('arrows go to the next cell, and stop at the edges', () => {
  expect(after('ArrowLeft', 4, 5)).toBe(at(4, 4));
  expect(after('ArrowRight', 4, 5)).toBe(at(4, 6));
  expect(after('ArrowUp', 4, 5)).toBe(at(3, 5));
  expect(after('ArrowDown', 4, 5)).toBe(at(5, 5));
  expect(after('ArrowLeft', 4, 0)).toBe(at(4, 0));
  expect(after('ArrowRight', 4, 9)).toBe(at(4, 9));
  expect(after('ArrowUp', 0, 5)).toBe(at(0, 5));
  expect(after('ArrowDown', 9, 5)).toBe(at(9, 5));
});

it('Home and End go to the ends of the row, and other keys nowhere', () => {
  expect([after('Home', 4, 5), after('End', 4, 5)]).toEqual([at(4, 0), at(4, 9)]);
  expect(['Enter', ' ', 'a'].map((key) => after(key, 4, 5))).toEqual(Array(3).fill(undefined));
});
