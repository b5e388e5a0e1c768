import { describe, expect, it } from 'vitest';
import { perClass } from '../../src/train/perClass.js';

describe('perClass', () => {
  it('is precision, recall and F1 of each class, with their means', () => {
    const { classes, macro, weighted } = perClass([
      [6, 2, 0],
      [0, 3, 1],
      [2, 0, 2],
    ]);
    expect(classes).toEqual([
      { precision: 6 / 8, recall: 6 / 8, f1: 3 / 4, support: 8 },
      { precision: 3 / 5, recall: 3 / 4, f1: 2 / 3, support: 4 },
      { precision: 2 / 3, recall: 2 / 4, f1: 4 / 7, support: 4 },
    ]);
    expect(macro.precision).toBeCloseTo((6 / 8 + 3 / 5 + 2 / 3) / 3, 14);
    expect(macro.recall).toBeCloseTo(2 / 3, 14);
    expect(macro.f1).toBeCloseTo((3 / 4 + 2 / 3 + 4 / 7) / 3, 14);
    expect(weighted.precision).toBeCloseTo((8 * (6 / 8) + 4 * (3 / 5) + 4 * (2 / 3)) / 16, 14);
    expect(weighted.f1).toBeCloseTo((8 * (3 / 4) + 4 * (2 / 3) + 4 * (4 / 7)) / 16, 14);
    expect([macro.support, weighted.support]).toEqual([16, 16]);
  });

  it('the weighted recall is the accuracy', () => {
    expect(
      perClass([
        [1, 2],
        [3, 9],
      ]).weighted.recall,
    ).toBeCloseTo(10 / 15, 14);
  });

  it('is 0 where nothing was of a class, or taken for it, or there are no images at all', () => {
    const zero = { precision: 0, recall: 0, f1: 0, support: 0 };
    expect(
      perClass([
        [2, 0, 0],
        [0, 0, 0],
        [1, 0, 0],
      ]).classes,
    ).toEqual([{ precision: 2 / 3, recall: 1, f1: 4 / 5, support: 2 }, zero, { ...zero, support: 1 }]);
    expect(
      perClass([
        [0, 0],
        [0, 0],
      ]),
    ).toEqual({ classes: [zero, zero], macro: zero, weighted: zero });
  });
});
