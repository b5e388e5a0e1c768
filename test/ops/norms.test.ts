import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import { trackStatistics } from '../../src/ops/moments.js';
import { batchNorm, batchNormBy, groupNorm, layerNorm, rmsNorm } from '../../src/ops/norms.js';
import { checkCalculus } from '../support/calculus.js';

const affine = (by: Readonly<Record<string, Tensor>>) => ({ weight: by['w']!, bias: by['b']! });

describe('the gradients of norms are their derivatives', () => {
  checkCalculus('batchNorm of rows', {
    inputs: { x: [5, 3], w: [3], b: [3] },
    build: (by) => batchNorm(by['x']!, affine(by)).y,
  });
  checkCalculus('batchNorm of images', { inputs: { x: [3, 2, 2, 3] }, build: ({ x }) => batchNorm(x!).y });
  checkCalculus('batchNorm of images, with a weight alone', {
    inputs: { x: [3, 2, 4], w: [2] },
    build: ({ x, w }) => batchNorm(x!, { weight: w }).y,
  });
  checkCalculus('batchNorm in evaluation', {
    inputs: { x: [3, 2, 4], w: [2], b: [2] },
    build: (by) => {
      const constants = ['mean', 'variance'].map((name) => by['x']!.graph.state(name, [2]));
      return batchNormBy(by['x']!, constants[0]!, constants[1]!, affine(by));
    },
  });
  checkCalculus('layerNorm of the last axis', {
    inputs: { x: [2, 3, 5], w: [5], b: [5] },
    build: (by) => layerNorm(by['x']!, 1, affine(by)),
  });
  checkCalculus('layerNorm of two axes', {
    inputs: { x: [3, 2, 4], w: [2, 4], b: [2, 4] },
    build: (by) => layerNorm(by['x']!, 2, affine(by)),
  });
  checkCalculus('layerNorm without weights', { inputs: { x: [3, 4] }, build: ({ x }) => layerNorm(x!) });
  checkCalculus('rmsNorm', {
    inputs: { x: [3, 5], w: [5] },
    build: ({ x, w }) => rmsNorm(x!, 1, { weight: w }),
  });
  checkCalculus('groupNorm', {
    inputs: { x: [2, 4, 3], w: [4], b: [4] },
    build: (by) => groupNorm(by['x']!, 2, affine(by)),
  });
  checkCalculus('groupNorm of each channel alone', {
    inputs: { x: [2, 3, 4], w: [3], b: [3] },
    build: (by) => groupNorm(by['x']!, 3, affine(by)),
  });
});

/** A norm of PyTorch's numbers: y, and the gradients of x, weight and bias for given slopes. */
function numbers(norm: (x: Tensor, weight: Tensor, bias: Tensor) => Tensor): readonly (readonly number[])[] {
  const graph = new Graph();
  const x = graph.state('x', [3, 2, 2]);
  const [weight, bias] = [graph.state('w', [2]), graph.state('b', [2])];
  const dy = graph.state('dy', [3, 2, 2]);
  const formulas = new Formulas(graph);
  const y = norm(x, weight, bias);
  formulas.set(x, [1, 2, 3, 4, 6, 8, -1, 0, 5, 7, 2, 1]);
  formulas.set(weight, [0.5, 2]);
  formulas.set(bias, [1, -1]);
  formulas.set(dy, [1, 0, -1, 2, 0.5, 1, 3, -2, 1, 1, 0, 2]);
  for (const [name, values] of [['mean', [1, 2]] as const, ['variance', [4, 0.25]] as const]) {
    const state = graph.states.find((other) => other.name === name);
    if (state !== undefined) formulas.set(state, values);
  }
  return [y, ...gradients(y, [x, weight, bias], dy)].map((tensor) => [...formulas.read(tensor).data]);
}

// By torch 1.13 in float64, to six places.
const torch: Readonly<Record<string, readonly [Parameters<typeof numbers>[0], readonly (readonly number[])[]]>> = {
  'batch_norm in training': [
    (x, weight, bias) => batchNorm(x, { weight, bias }).y,
    [
      [
        0.246611, 0.443147, 0.756617, 1.927695, 1.229292, 1.622365, -3.927695, -2.756617, 1.032756, 1.425829, -0.414461,
        -1.585539,
      ],
      [
        0.092785, -0.115138, -1.751041, 1.89603, -0.062419, 0.013074, 2.397923, -3.32363, 0.047236, 0.024462, -0.7138,
        1.494519,
      ],
      [0.884414, -1.171078],
      [4.5, 4],
    ],
  ],
  'batch_norm in evaluation': [
    (x, weight, bias) => batchNormBy(x, x.graph.state('mean', [2]), x.graph.state('variance', [2]), { weight, bias }),
    [
      [1, 1.25, 2.99992, 6.99984, 2.249998, 2.749998, -12.99976, -8.99984, 1.999999, 2.499998, -1, -4.99992],
      [0.25, 0, -3.99992, 7.99984, 0.125, 0.25, 11.99976, -7.99984, 0.25, 0.25, 0, 7.99984],
      [9.749988, -7.99984],
      [4.5, 4],
    ],
  ],
  layer_norm: [
    (x, weight, bias) => layerNorm(x, 1, { weight, bias }),
    [
      [0.50001, 0.99996, 0.50001, 0.99996, 0.500002, 0.99999, 0.50001, 0.99996, 0.500002, 0.99999, 1.49999, -2.99996],
      [2e-5, -2e-5, -0.00018, 0.00018, -9e-6, 9e-6, 0.00022, -0.00022, -7e-6, 7e-6, -0.00016, 0.00016],
      [-4.499933, 3e-5],
      [4.5, 4],
    ],
  ],
  group_norm: [
    (x, weight, bias) => groupNorm(x, 1, { weight, bias }),
    [
      [
        0.329182, 0.776394, -0.105576, 1.683271, 1.35878, 1.619711, -3.217915, -2.696052, 1.262071, 1.681385, -2.467597,
        -3.306225,
      ],
      [
        1.028578, -0.178888, -2.727989, 1.878299, 0.00111, 0.150174, 1.208056, -1.35934, -0.112892, 0.209656, -0.806372,
        0.709608,
      ],
      [2.143479, -1.700985],
      [4.5, 4],
    ],
  ],
};

describe('values and gradients are PyTorch’s', () => {
  it.each(Object.entries(torch))('%s', (_, [norm, wanted]) => {
    const found = numbers(norm);
    wanted.forEach((row, i) => row.forEach((value, at) => expect(found[i]?.[at]).toBeCloseTo(value, 5)));
  });

  it('rmsNorm divides by the root of the mean square', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 2]);
    const formulas = new Formulas(graph);
    formulas.set(x, [3, 4]);
    const root = Math.sqrt(12.5 + 1e-5);
    expect([...formulas.read(rmsNorm(x)).data]).toEqual([3 / root, 4 / root]);
  });
});

describe('a short batch', () => {
  const graph = new Graph();
  const x = graph.state('x', [4, 2]);
  const live = graph.state('live', [1], { dtype: 'u32' });
  const { y } = batchNorm(x, { live });
  const rows = graph.state('rows', [2, 2]);
  const { y: wanted } = batchNorm(rows);
  const dy = graph.state('dy', [4, 2]);
  const dyRows = graph.state('dyRows', [2, 2]);
  const [dx] = gradients(y, [x], dy);
  const [dxRows] = gradients(wanted, [rows], dyRows);
  const formulas = new Formulas(graph);
  formulas.set(x, [1, 5, 3, -2, 99, 98, 97, 96]);
  formulas.set(rows, [1, 5, 3, -2]);
  formulas.set(live, [2]);
  formulas.set(dy, [1, 2, 3, -1, 0, 0, 0, 0]);
  formulas.set(dyRows, [1, 2, 3, -1]);

  it('is normalised by its live rows, and rows beyond have no gradient', () => {
    expect([...formulas.read(y).data].slice(0, 4)).toEqual([...formulas.read(wanted).data]);
    expect([...formulas.read(dx!).data]).toEqual([...formulas.read(dxRows!).data, 0, 0, 0, 0]);
  });
});

describe('running statistics', () => {
  /** After a batch of three rows of one channel, of which some are live. */
  function after(values: readonly number[], live: number, guard = ALL_FINITE): number[] {
    const graph = new Graph();
    const x = graph.state('x', [3, 1]);
    const [mean, variance] = [graph.state('mean', [1]), graph.state('variance', [1])];
    const [count, word] = ['live', 'guard'].map((name) => graph.state(name, [1], { dtype: 'u32' }));
    const { batch } = batchNorm(x, { live: count });
    const attrs = { momentum: 0.1, rows: 3, run: 1 };
    trackStatistics([mean, variance], batch, word!, count, attrs).forEach((value, i) =>
      graph.assign([mean, variance][i]!, value),
    );
    const formulas = new Formulas(graph);
    const states = { x: values, mean: [2], variance: [4], live: [live], guard: [guard] };
    for (const state of graph.states) formulas.set(state, states[state.name as keyof typeof states]);
    formulas.step();
    return [mean, variance].flatMap((state) => [...formulas.read(state).data]);
  }

  it('move a tenth of the way to the mean and the unbiased variance of the live rows', () => {
    expect(after([1, 4, 7], 3)).toEqual([0.9 * 2 + 0.1 * 4, 0.9 * 4 + 0.1 * 9]);
    expect(after([1, 5, 99], 2)).toEqual([0.9 * 2 + 0.1 * 3, 0.9 * 4 + 0.1 * 8]);
  });

  it('keep their variance where one row is live: it has none', () => {
    expect(after([7, 99, 99], 1)).toEqual([0.9 * 2 + 0.1 * 7, 4]);
  });

  it('stay once the guard is set', () => {
    expect(after([1, NaN, 7], 3, 2)).toEqual([2, 4]);
  });
});

describe('what does not fit is refused', () => {
  const graph = new Graph();
  const x = graph.state('x', [2, 6, 4]);
  const line = graph.state('line', [6]);
  it.each<[string, () => unknown, string, RegExp]>([
    ['no channels', () => batchNorm(line), 'shape', /^batchNorm: x \[6\]; wanted x \[N, C\]/],
    ['weights of other channels', () => batchNorm(x, { weight: graph.state('w4', [4]) }), 'shape', /weight f32 \[4\]/],
    ['a bias alone', () => batchNorm(x, { bias: line }), 'usage', /a bias alone/],
    ['no epsilon', () => layerNorm(x, 1, { epsilon: 0 }), 'usage', /^layerNorm: epsilon 0; wanted a number above 0/],
    ['groups of unequal size', () => groupNorm(x, 4), 'shape', /4 groups of 6 channels; wanted groups of one size/],
    ['more axes than there are', () => layerNorm(x, 4), 'shape', /4 axes of \[2, 6, 4\]; wanted from 1 to 3/],
    ['statistics of other channels', () => batchNormBy(x, graph.state('m', [4]), line), 'shape', /running mean/],
  ])('%s', (_, apply, code, sentence) => {
    expect(apply).toThrow(expect.objectContaining({ code, message: expect.stringMatching(sentence) }));
  });
});
