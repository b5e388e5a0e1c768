import type { Shape } from '../../src/core/shape.js';
import type { Tensor } from '../../src/graph/graph.js';
import {
  abs,
  clamp,
  div,
  elementwiseOps,
  equal,
  erf,
  exp,
  log,
  maximum,
  minimum,
  neg,
  pow,
  shift,
  sign,
  sqrt,
  square,
  sub,
} from '../../src/ops/elementwise.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** Fewer elements than one invocation takes; an odd number, more than one workgroup. */
const sizes: readonly Shape[] = [[], [3], [3, 85]];

/** Every kind of number there is, and where formulas change their form. */
const corners: KernelOperand = {
  shape: [28],
  values: [NaN, Infinity, 0, 1e-30, 1e-7, 0.02, 0.5, 1, 2, 3.5, 8, 19.5, 85, 1e30].flatMap((x) => [x, -x]),
};

const positive: KernelOperand = {
  shape: [13],
  values: [NaN, 0, 1e-30, 0.3, 0.5, 0.999, 1, 1.5, 2, 17, 1e5, 1e30, Infinity],
};

const laws = (title: string, op: (x: Tensor) => Tensor, at: KernelOperand = corners): readonly GpuLaw[] => [
  ...sizes.map((shape) =>
    kernelLaw(`${title} of [${shape.join()}]`, { inputs: { x: shape }, build: ({ x }) => op(x!) }),
  ),
  kernelLaw(`${title} at its corners`, { inputs: { x: at }, build: ({ x }) => op(x!) }),
];

/** Sizes that differ on either side, in the middle, and not at all. */
const pairs: readonly (readonly [Shape, Shape])[] = [
  [
    [2, 3, 7],
    [2, 3, 7],
  ],
  [[5, 17], [17]],
  [
    [2, 3, 1, 5],
    [3, 7, 1],
  ],
  [[], [3, 5]],
];

const binary = { sub, div, maximum, minimum, equal };

/** Each with each: NaN, infinities, zeros, equals. */
const edges = [NaN, Infinity, -Infinity, 0, 1, -1, 1e-3];
const left: KernelOperand = { shape: [edges.length, 1], values: edges };
const right: KernelOperand = { shape: [edges.length], values: edges };

const broadcasts: readonly GpuLaw[] = Object.entries(binary).flatMap(([title, op]) => [
  ...pairs.map(([a, b]) =>
    kernelLaw(`${title} [${a.join()}] and [${b.join()}]`, { inputs: { a, b }, build: (by) => op(by['a']!, by['b']!) }),
  ),
  kernelLaw(`${title} of every kind of number with every other`, {
    inputs: { a: left, b: right },
    build: ({ a, b }) => op(a!, b!),
  }),
]);

export const familyLaws: readonly GpuLaw[] = [
  ...broadcasts,
  ...laws('neg', neg),
  ...laws('abs', abs),
  ...laws('sign', sign),
  ...laws('exp', exp),
  ...laws('erf', erf),
  ...laws('square', square),
  ...laws('log', (x) => log(abs(x)), positive),
  ...laws('sqrt', (x) => sqrt(abs(x)), positive),
  ...laws('shift', (x) => shift(x, 1 / 3)),
  ...laws('clamp', (x) => clamp(x, { min: -0.3, max: 0.4 })),
  ...laws('clamp from below', (x) => clamp(x, { min: 0.1 })),
  ...laws('clamp from above', (x) => clamp(x, { max: -0.1 })),
  ...[0, 1, 2, 3, -1, -2, 7].flatMap((exponent) => laws(`pow ${exponent}`, (x) => pow(x, exponent))),
  ...[0.5, 0.1, -0.5, 2.5, 33, 40, -33].flatMap((exponent) =>
    laws(`pow ${exponent}`, (x) => pow(exponent < 33 ? abs(x) : x, exponent), positive),
  ),
  kernelLaw('a root or a logarithm of a negative number is NaN', {
    inputs: { x: { shape: [4], values: [-1, -1e30, -1e-3, -0.5] } },
    build: ({ x }) => [pow(x!, 0.1), pow(x!, -2.5), log(x!), sqrt(x!)],
  }),
  kernelLaw('the gradient of clamp passes between its bounds, both of them included', {
    inputs: { dy: [28], x: corners },
    build: ({ dy, x }) => elementwiseOps.clampGrad.one([dy!, x!], { min: -1, max: 0.5 }),
  }),
  kernelLaw('the gradient of a maximum goes to the larger, halved among equals', {
    inputs: { dy: [7, 7], a: left, b: right },
    build: ({ dy, a, b }) => elementwiseOps.larger.one([dy!, a!, b!], {}),
  }),
];
