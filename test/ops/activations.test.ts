import { describe, expect, it } from 'vitest';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { elu, gelu, leakyRelu, sigmoid, silu, softplus, tanh } from '../../src/ops/activations.js';
import { checkCalculus } from '../support/calculus.js';
import { slopesOf, valuesOf } from '../support/formulaValues.js';

const x = [-3, -1, -0.25, 0, 0.5, 2];

/** An activation, its values at x and its slopes there: PyTorch 1.13, f64. */
const table: Readonly<Record<string, readonly [(x: Tensor) => Tensor, readonly number[], readonly number[]]>> = {
  leakyRelu: [(t) => leakyRelu(t), [-0.03, -0.01, -0.0025, 0, 0.5, 2], [0.01, 0.01, 0.01, 0.01, 1, 1]],
  elu: [
    (t) => elu(t, 0.7),
    [-0.665149052142, -0.44248439118, -0.15483945185, 0, 0.5, 2],
    [0.034850947858, 0.25751560882, 0.54516054815, 0.7, 1, 1],
  ],
  gelu: [
    (t) => gelu(t),
    [-0.004049694095, -0.158655253931, -0.100323418579, 0, 0.345731230637, 1.954499736104],
    [-0.011945647204, -0.083315470588, 0.304626645116, 0.5, 0.867495124656, 1.085231801078],
  ],
  'the tanh form of gelu': [
    (t) => gelu(t, { approximate: 'tanh' }),
    [-0.003637392082, -0.158808009392, -0.100324649298, 0, 0.345714009825, 1.954597694088],
    [-0.011584166631, -0.082964083846, 0.304645904849, 0.5, 0.867369903535, 1.086099256624],
  ],
  silu: [
    silu,
    [-0.142277619533, -0.26894142137, -0.109455874779, 0, 0.311229665601, 1.761594155956],
    [-0.088104106015, 0.072329488129, 0.37628997843, 0.5, 0.739961187303, 1.090784248785],
  ],
  sigmoid: [
    sigmoid,
    [0.047425873178, 0.26894142137, 0.437823499114, 0.5, 0.622459331202, 0.880797077978],
    [0.045176659731, 0.196611933241, 0.246134082738, 0.25, 0.235003712202, 0.104993585404],
  ],
  tanh: [
    tanh,
    [-0.995054753687, -0.761594155956, -0.244918662404, 0, 0.46211715726, 0.964027580076],
    [0.009866037165, 0.419974341614, 0.940014848806, 1, 0.786447732966, 0.070650824853],
  ],
  softplus: [
    (t) => softplus(t, { beta: 3, threshold: 4 }),
    [4.1134063e-5, 0.016195783858, 0.128957002038, 0.231049060187, 0.567137759328, 2],
    [0.000123394576, 0.047425873178, 0.320821300825, 0.5, 0.817574476194, 1],
  ],
};

describe('activations and their slopes are PyTorch’s', () => {
  for (const [title, [op, values, slopes]] of Object.entries(table)) {
    it(title, () => {
      const near = (wanted: readonly number[]) => wanted.map((value): unknown => expect.closeTo(value, 11));
      expect(valuesOf(op, x)).toEqual(near(values));
      expect(slopesOf(op, x)).toEqual(near(slopes));
    });
    checkCalculus(`${title}: the slope is the derivative`, { inputs: { x: [3, 17] }, build: ({ x: t }) => op(t!) });
  }
});

// PyTorch 1.13, but for the slope of gelu's tanh form at ±1e30, which is NaN there: its cube overflows.
describe('where f32 ends', () => {
  const NAN = Number.NaN;
  const inf = Infinity;
  const ends = [-inf, -1e30, 1e30, inf, NAN];

  it.each<readonly [string, (x: Tensor) => Tensor, readonly number[], readonly number[]]>([
    ['leakyRelu', (t) => leakyRelu(t), [-inf, -1e28, 1e30, inf, NAN], [0.01, 0.01, 1, 1, 0.01]],
    ['elu', (t) => elu(t), [-1, -1, 1e30, inf, NAN], [0, 0, 1, 1, 1]],
    ['gelu', (t) => gelu(t), [NAN, -0, 1e30, inf, NAN], [NAN, 0, 1, NAN, NAN]],
    [
      'the tanh form of gelu',
      (t) => gelu(t, { approximate: 'tanh' }),
      [NAN, -0, 1e30, inf, NAN],
      [NAN, 0, 1, NAN, NAN],
    ],
    ['silu', silu, [NAN, -0, 1e30, inf, NAN], [NAN, 0, 1, NAN, NAN]],
    ['sigmoid', sigmoid, [0, 0, 1, 1, NAN], [0, 0, 0, 0, NAN]],
    ['tanh', tanh, [-1, -1, 1, 1, NAN], [0, 0, 0, 0, NAN]],
    ['softplus', (t) => softplus(t), [0, 0, 1e30, inf, NAN], [0, 0, 1, 1, NAN]],
  ])('%s and its slope go to their limits', (_, op, values, slopes) => {
    const plain = (numbers: readonly number[]) => numbers.map((value) => value + 0);
    expect(plain(valuesOf(op, ends))).toEqual(plain(values));
    expect(plain(slopesOf(op, ends))).toEqual(plain(slopes));
  });
});

describe('activations refuse', () => {
  const operand = new Graph().state('x', [3]);
  it.each([
    ['leakyRelu', () => leakyRelu(operand, NaN)],
    ['elu', () => elu(operand, Infinity)],
    ['softplus', () => softplus(operand, { beta: 0 })],
    ['softplus', () => softplus(operand, { beta: -1 })],
    ['softplus', () => softplus(operand, { threshold: Infinity })],
  ])('in %s a constant that makes no sense', (place, apply) => {
    expect(apply).toThrow(expect.objectContaining({ code: 'usage', place }));
  });
});
