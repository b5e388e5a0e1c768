import { describe, expect, it } from 'vitest';
import { widthOf } from '../../demo/parts/pens.js';
import { INK, inkOfStrokes } from '../../demo/work/strokes.js';

/** A line down the middle, its pen of this width all along. */
const bar = (...widths: number[]) => [
  widths.flatMap((width, i) => [0.5, 0.2 + (0.6 * i) / (widths.length - 1), width]),
];
/** Ink in each row. */
const rows = (ink: Float32Array): number[] =>
  Array.from({ length: INK }, (_, y) => ink.subarray(y * INK, (y + 1) * INK).reduce((sum, value) => sum + value, 0));
const middle = (ink: Float32Array): number => rows(ink)[INK / 2] ?? 0;

describe('the ink of pen lines', () => {
  it('is as wide as the pen', () => {
    const [usual, wide, fine] = [bar(1, 1), bar(1.5, 1.5), bar(0.5, 0.5)].map(inkOfStrokes).map(middle);
    expect((wide ?? 0) / (usual ?? 1)).toBeCloseTo(1.5, 1);
    expect((fine ?? 0) / (usual ?? 1)).toBeCloseTo(0.5, 1);
  });

  it('grows wider where the pen is pressed more', () => {
    const found = rows(inkOfStrokes(bar(0.5, 0.75, 1, 1.25, 1.5)));
    expect(found[INK * 0.75]).toBeGreaterThan(2 * (found[INK * 0.25] ?? Infinity));
  });

  it('is a dot for a touch, and does not depend on the place of the drawing', () => {
    const dot = inkOfStrokes([[0.2, 0.3, 1]]);
    expect(Math.max(...rows(dot))).toBeGreaterThan(5);
    expect(dot).toEqual(inkOfStrokes([[0.7, 0.6, 1]]));
  });
});

it('a stylus writes as wide as it is pressed; mouse and finger know no pressure', () => {
  expect([0, 0.5, 1].map((pressure) => widthOf({ pointerType: 'pen', pressure }))).toEqual([0.5, 1, 1.5]);
  expect(['mouse', 'touch'].map((pointerType) => widthOf({ pointerType, pressure: 1 }))).toEqual([1, 1]);
});
