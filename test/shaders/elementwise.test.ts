import { describe, expect, it } from 'vitest';
import { copy } from '../../shaders/copy.wgsl.js';
import { binary, broadcast, constant, scale } from '../../shaders/elementwise.wgsl.js';
import { addressOf } from '../../shaders/lib/address.js';
import { spread, spreadGroups } from '../../shaders/lib/linear.js';
import { relu, reluGrad } from '../../shaders/relu.wgsl.js';
import { broadcastShape, type Shape } from '../../src/core/shape.js';
import { errorsOfAll } from '../support/tint.js';

/** One element; fewer than an invocation takes; an odd number; more than one row of workgroups holds. */
const sizes = [1, 3, 255, 20_000_003];

/** Equal; the smaller on the right, in the middle, on either side of the result; a scalar. */
const pairs: readonly (readonly [Shape, Shape])[] = [
  [
    [3, 5],
    [3, 5],
  ],
  [[2, 3, 5], [5]],
  [
    [2, 3, 5],
    [3, 1],
  ],
  [
    [4, 1, 2],
    [1, 3, 1],
  ],
  [[2, 3], []],
];

describe('every text of arithmetic is WGSL', () => {
  it.each(sizes)('for %i elements', async (size) => {
    const texts = {
      relu: relu({ size }),
      reluGrad: reluGrad({ size }),
      copy: copy({ words: size }),
      scale: scale({ size, factor: -1e-30 }),
      fill: constant({ size, value: 1 / 3 }),
    };
    expect(await errorsOfAll(texts)).toEqual([]);
  });

  it.each(pairs)('for operands %j and %j', async (a, b) => {
    const shape = broadcastShape('test', a, b);
    const names = ['add', 'mul', 'accumulate'] as const;
    const texts = Object.fromEntries(names.map((name) => [name, binary({ name, shape, a, b })]));
    expect(await errorsOfAll({ ...texts, broadcast: broadcast({ shape, x: b }) })).toEqual([]);
  });
});

describe('addressOf', () => {
  it('divides nothing where the shapes are equal, and takes neighbouring axes together', () => {
    expect(addressOf('i', [2, 3, 5], [2, 3, 5])).toBe('(i)');
    expect(addressOf('i', [2, 3, 5], [3, 5])).toBe('(i % 15u)');
    expect(addressOf('i', [2, 3, 5], [3, 1])).toBe('(i / 5u % 3u)');
    expect(addressOf('i', [2, 3, 5], [])).toBe('0u');
  });
});

describe('spread', () => {
  it('tests only elements that may lie past the end', () => {
    const callsOf = (elements: number): readonly [calls: number, tests: number] => [
      spread(elements).match(/element\(/g)?.length ?? 0,
      spread(elements).match(/if \(first \+/g)?.length ?? 0,
    ];
    expect([1, 2, 4, 5, 256, 257].map(callsOf)).toEqual([
      [1, 0],
      [2, 0],
      [4, 0],
      [3, 1],
      [4, 0],
      [4, 1],
    ]);
  });

  it('takes more than one row of workgroups where one is too short', () => {
    expect(spreadGroups(1)).toEqual([1, 1, 1]);
    expect(spreadGroups(4 * 64 * 65_535)).toEqual([65_535, 1, 1]);
    expect(spreadGroups(4 * 64 * 65_535 + 1)).toEqual([65_535, 2, 1]);
  });
});
