import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { concat } from '../../src/ops/concat.js';
import { permute, transpose } from '../../src/ops/permute.js';
import { pad, slice } from '../../src/ops/slice.js';
import { checkCalculus } from '../support/calculus.js';

describe('the gradients of what moves elements are its derivatives', () => {
  checkCalculus('permute', { inputs: { x: [2, 3, 4] }, build: ({ x }) => permute(x!, [2, 0, 1]) });
  checkCalculus('transpose', { inputs: { x: [2, 3, 4] }, build: ({ x }) => transpose(x!) });
  checkCalculus('slice', { inputs: { x: [5, 6] }, build: ({ x }) => slice(x!, [{ start: 1, end: 4 }, { end: 3 }]) });
  checkCalculus('slice with steps that do not divide', {
    inputs: { x: [7, 6] },
    build: ({ x }) => slice(x!, [{ start: 1, step: 3 }, { step: 4 }]),
  });
  checkCalculus('pad', {
    inputs: { x: [2, 3] },
    build: ({ x }) =>
      pad(
        x!,
        [
          [1, 0],
          [2, 3],
        ],
        0.5,
      ),
  });
  checkCalculus('pad of a slice with steps', {
    inputs: { x: [7] },
    build: ({ x }) => pad(slice(x!, [{ start: 2, step: 2 }]), [[1, 1]]),
  });
  checkCalculus('concat along the first axis', {
    inputs: { a: [2, 3], b: [1, 3], c: [3, 3] },
    build: ({ a, b, c }) => concat([a!, b!, c!]),
  });
  checkCalculus('concat along the last, one operand twice', {
    inputs: { a: [2, 3], b: [2, 1] },
    build: ({ a, b }) => concat([a!, b!, a!], 1),
  });
});

/** x[i, j] = 10·i + j + 1 for i < 2, j < 3. */
function small(): { x: Tensor; read: (tensor: Tensor) => number[] } {
  const graph = new Graph();
  const x = graph.state('x', [2, 3]);
  const formulas = new Formulas(graph);
  formulas.set(x, [1, 2, 3, 11, 12, 13]);
  return { x, read: (tensor) => [...formulas.read(tensor).data] };
}

describe('by formula', () => {
  const { x, read } = small();

  it('permute and transpose exchange rows and columns', () => {
    expect(permute(x, [1, 0]).shape).toEqual([3, 2]);
    expect(read(permute(x, [1, 0]))).toEqual([1, 11, 2, 12, 3, 13]);
    expect(read(transpose(x))).toEqual([1, 11, 2, 12, 3, 13]);
  });

  it('permute is as PyTorch’s: axis i of the result is axis axes[i] of the operand', () => {
    expect(permute(x.graph.state('y', [2, 3, 5]), [2, 0, 1]).shape).toEqual([5, 2, 3]);
  });

  it('an order that moves nothing is no node, and one that moves axes of size 1 is an alias', () => {
    const y = x.graph.state('z', [2, 1, 3]);
    expect(permute(y, [0, 1, 2])).toBe(y);
    expect(permute(y, [1, 0, 2]).node?.op).toBe('reshape');
    expect(permute(y, [2, 1, 0]).node?.op).toBe('permute');
  });

  it('slice takes from start to before end, by steps', () => {
    expect(read(slice(x, [{ start: 1 }]))).toEqual([11, 12, 13]);
    expect(read(slice(x, [undefined, { start: 1, end: 2 }]))).toEqual([2, 12]);
    expect(slice(x, [{}, { step: 2 }]).shape).toEqual([2, 2]);
    expect(read(slice(x, [{}, { step: 2 }]))).toEqual([1, 3, 11, 13]);
  });

  it('pad puts a constant around', () => {
    const padded = pad(
      x,
      [
        [0, 1],
        [1, 0],
      ],
      9,
    );
    expect(padded.shape).toEqual([3, 4]);
    expect(read(padded)).toEqual([9, 1, 2, 3, 9, 11, 12, 13, 9, 9, 9, 9]);
  });

  it('concat puts rows under rows, or columns beside columns', () => {
    expect(read(concat([x, slice(x, [{ end: 1 }])]))).toEqual([1, 2, 3, 11, 12, 13, 1, 2, 3]);
    expect(read(concat([x, slice(x, [{}, { end: 1 }])], 1))).toEqual([1, 2, 3, 1, 11, 12, 13, 11]);
  });
});

describe('what does not fit is refused', () => {
  const graph = new Graph();
  const x = graph.state('x', [2, 3]);
  const y = graph.state('y', [3, 3]);
  const bytes = graph.state('bytes', [2, 3], { dtype: 'u8' });
  const words = graph.state('words', [2, 3], { dtype: 'u32' });

  it.each<[string, () => unknown, string, RegExp]>([
    ['an axis twice', () => permute(x, [0, 0]), 'shape', /^permute: axes \[0, 0\] of \[2, 3\]; wanted every axis/],
    ['too few axes', () => permute(x, [0]), 'shape', /every axis from 0 to 1 once/],
    ['an axis that is not there', () => transpose(x, 0, 2), 'shape', /^permute: axes/],
    ['bytes', () => permute(bytes, [1, 0]), 'dtype', /^permute: x u8/],
    ['an end past the axis', () => slice(x, [{ end: 3 }]), 'shape', /^slice: 0 to 3 by 1 of axis 0 of \[2, 3\]/],
    ['an empty slice', () => slice(x, [{ start: 1, end: 1 }]), 'shape', /wanted 0 ≤ start < end ≤ 2/],
    ['a negative start', () => slice(x, [{ start: -1 }]), 'shape', /^slice: -1 to 2/],
    ['a step of 0', () => slice(x, [{ step: 0 }]), 'shape', /by 0/],
    ['more ranges than axes', () => slice(x, [{}, {}, {}]), 'shape', /^slice: 3 ranges for \[2, 3\]/],
    ['a negative pad', () => pad(x, [[0, -1]]), 'shape', /0 and -1, 0 and 0 around \[2, 3\].*use slice/],
    ['half an element', () => pad(x, [[0.5, 0]]), 'shape', /whole numbers/],
    ['half a whole number', () => pad(words, [], 0.5), 'usage', /^pad: value 0.5/],
    ['other rows', () => concat([x, y], 1), 'shape', /^concat: x1 f32 \[3, 3\]; wanted x1 f32 \[2, any\]/],
    ['other types', () => concat([x, words]), 'dtype', /x1 u32/],
    ['an axis too many', () => concat([x, y], 2), 'shape', /axis 2 of \[2, 3\]; wanted an axis from 0 to 1/],
    ['nothing', () => concat([]), 'graph', /^concat: 0 operands/],
  ])('%s', (_, apply, code, sentence) => {
    expect(apply).toThrow(expect.objectContaining({ code, message: expect.stringMatching(sentence) }));
  });
});
