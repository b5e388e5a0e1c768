import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import * as shapes from '../../src/core/shape.js';

describe('shapes', () => {
  it('hold the product of their sizes; a scalar holds one', () => {
    expect([[], [0], [7], [2, 3, 4]].map(shapes.sizeOf)).toEqual([1, 0, 7, 24]);
  });

  it('take whole words of memory, bytes too', () => {
    expect([1, 3, 4, 5].map((count) => shapes.bytesOf([count], 'u8'))).toEqual([4, 4, 4, 8]);
    expect(shapes.bytesOf([3, 5], 'f32')).toBe(60);
    expect(shapes.bytesOf([3], 'u32')).toBe(12);
  });

  it('have strides from the last axis on', () => {
    expect([[], [5], [2, 3, 4]].map(shapes.stridesOf)).toEqual([[], [1], [12, 4, 1]]);
  });
});

describe('broadcastShape', () => {
  it('aligns at the last axis, as NumPy does', () => {
    const cases = [
      [[], [], []],
      [[3], [], [3]],
      [[4, 3], [3], [4, 3]],
      [
        [2, 1, 3],
        [4, 1],
        [2, 4, 3],
      ],
      [[1], [5, 1], [5, 1]],
    ] as const;
    for (const [a, b, both] of cases) {
      expect(shapes.broadcastShape('add', a, b)).toEqual(both);
      expect(shapes.broadcastShape('add', b, a)).toEqual(both);
    }
  });

  it('refuses sizes that differ and are not 1, with both shapes in the sentence', () => {
    expect(() => shapes.broadcastShape('add', [4, 3], [2, 3])).toThrow(
      expect.objectContaining({
        code: 'shape',
        message: 'add: operands [4, 3] and [2, 3]; wanted sizes that are equal or 1, aligned at the last axis',
      }),
    );
  });
});

describe('EngineError', () => {
  it('is a sentence: place, what was given, what was wanted, the way out', () => {
    const parts = { place: 'conv2d', given: 'a 5×5 window', wanted: 'a smaller one', wayOut: 'Add padding.' };
    const error = new EngineError('shape', parts);
    expect(error.message).toBe('conv2d: a 5×5 window; wanted a smaller one. Add padding.');
    expect(error).toMatchObject({ name: 'EngineError', code: 'shape', ...parts });
    expect('cause' in error).toBe(false);
    const cause = new Error('below');
    expect(new EngineError('gpu', { place: 'a', given: 'b', wanted: 'c', cause }).cause).toBe(cause);
  });
});
