import type { Shape } from '../../src/core/shape.js';
import { gradients } from '../../src/graph/tape.js';
import type { Tensor } from '../../src/graph/graph.js';
import { elu, gelu, leakyRelu, sigmoid, silu, softplus, tanh } from '../../src/ops/activations.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const sizes: readonly Shape[] = [[3], [3, 85]];

/** What nets have, from −12 to 12, and wherever formulas change their form. */
const usual: KernelOperand = { shape: [241], values: Array.from({ length: 241 }, (_, i) => (i - 120) / 10) };

/** So small that squares vanish, so large that cubes overflow, and what is no number. */
const corners: KernelOperand = {
  shape: [18],
  values: [NaN, Infinity, 0, 1e-30, 1e-6, 40, 100, 1e13, 1e30].flatMap((x) => [x, -x]),
};

const activations: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  leakyRelu: (x) => leakyRelu(x),
  'leakyRelu with a slope of −2': (x) => leakyRelu(x, -2),
  elu: (x) => elu(x),
  'elu with an alpha of 0.3': (x) => elu(x, 0.3),
  gelu: (x) => gelu(x),
  'the tanh form of gelu': (x) => gelu(x, { approximate: 'tanh' }),
  silu,
  sigmoid,
  tanh,
  softplus: (x) => softplus(x),
  'softplus with a beta of 3 and a threshold of 10': (x) => softplus(x, { beta: 3, threshold: 10 }),
};

/** The gradient, of an operand or of a result that is given: only the last node runs. */
const slope = (op: (x: Tensor) => Tensor, x: Tensor, dy: Tensor): readonly Tensor[] => gradients(op(x), [x], dy);

export const activationLaws: readonly GpuLaw[] = Object.entries(activations).flatMap(([title, op]) => [
  ...sizes.map((shape) =>
    kernelLaw(`${title} of [${shape.join()}] and its gradient`, {
      inputs: { x: shape, dy: shape },
      build: ({ x, dy }) => [op(x!), ...slope(op, x!, dy!)],
    }),
  ),
  kernelLaw(`${title} from −12 to 12 and its gradient`, {
    inputs: { x: usual, dy: usual.shape },
    build: ({ x, dy }) => [op(x!), ...slope(op, x!, dy!)],
  }),
  kernelLaw(`${title} of what is very small, very large or no number, and its gradient`, {
    inputs: { x: corners, dy: { shape: [18], values: new Array<number>(18).fill(1.5) } },
    build: ({ x, dy }) => [op(x!), ...slope(op, x!, dy!)],
  }),
]);
