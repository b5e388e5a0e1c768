import { describe, expect, it } from 'vitest';
import { laneGroups, outputsOf, termsOf, type ReduceParams } from '../../shaders/lib/axes.js';
import { sum, sumLanes } from '../../shaders/sum.wgsl.js';
import { errorsOfAll } from '../support/tint.js';

/** No axis, the first, the last, one in the middle, several apart, all; nothing to add; more outputs than a row holds. */
const cases: readonly ReduceParams[] = [
  { shape: [3, 5], axes: [] },
  { shape: [3, 5], axes: [0] },
  { shape: [3, 5], axes: [1] },
  { shape: [3, 5, 7], axes: [1] },
  { shape: [64, 6, 26, 26], axes: [0, 2, 3] },
  { shape: [2, 3, 4, 5], axes: [0, 2] },
  { shape: [7, 17], axes: [0, 1] },
  { shape: [1, 1], axes: [0, 1] },
  { shape: [], axes: [] },
  { shape: [70_000, 33], axes: [1] },
];

describe('every text of a sum is WGSL', () => {
  it.each(cases)('$shape over $axes', async (p) => {
    expect(await errorsOfAll({ sum: sum(p), sumLanes: sumLanes(p) })).toEqual([]);
  });
});

describe('what the axes decide', () => {
  it('outputs and terms', () => {
    expect(cases.map((p) => [outputsOf(p), termsOf(p)])).toEqual([
      [15, 1],
      [5, 3],
      [3, 5],
      [21, 5],
      [6, 64 * 26 * 26],
      [15, 8],
      [1, 119],
      [1, 1],
      [1, 1],
      [70_000, 33],
    ]);
  });

  it('neighbouring axes are one loop', () => {
    expect(sum({ shape: [64, 6, 26, 26], axes: [0, 2, 3] }).match(/for \(/g)).toHaveLength(2);
    expect(sum({ shape: [3, 5, 7], axes: [0, 1, 2] }).match(/for \(/g)).toHaveLength(1);
  });

  it('rows of workgroups past the limit of one axis', () => {
    expect(laneGroups({ shape: [70_000, 33], axes: [1] })).toEqual([65_535, 2, 1]);
  });
});
