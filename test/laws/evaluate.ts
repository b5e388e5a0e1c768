import { uniform } from '../../src/core/random.js';
import { sizeOf, type Shape } from '../../src/core/shape.js';
import { evaluate, type Operand } from '../../src/engine/evaluate.js';
import type { Device } from '../../src/gpu/device.js';
import type { Tensor } from '../../src/graph/graph.js';
import { add, mul } from '../../src/ops/arithmetic.js';
import { conv2d } from '../../src/ops/conv2d.js';
import { dense } from '../../src/ops/matmul.js';
import { maxPool2d } from '../../src/ops/maxPool2d.js';
import { relu } from '../../src/ops/relu.js';
import { crossEntropyRows, softmax } from '../../src/ops/softmax.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';

const seeded = (shape: Shape, stream: number): Operand => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => 2 * uniform(21, stream, i) - 1),
});

interface Experiment {
  readonly name: string;
  readonly build: (inputs: Readonly<Record<string, Tensor>>) => Tensor;
  readonly inputs: Readonly<Record<string, Operand>>;
}

export const experiments: readonly Experiment[] = [
  {
    name: 'conv2d, bias, relu and a pool',
    build: ({ x, w, b }) => maxPool2d(relu(add(conv2d(x!, w!, { padding: 1 }), b!)), { window: 2 }),
    inputs: { x: seeded([2, 3, 6, 6], 0), w: seeded([4, 3, 3, 3], 1), b: seeded([4, 1, 1], 2) },
  },
  {
    name: 'dense and cross-entropy, with labels that have no gradient',
    build: ({ x, w, b, labels }) => crossEntropyRows(dense(x!, w!, b), labels!),
    inputs: {
      x: seeded([3, 5], 3),
      w: seeded([4, 5], 4),
      b: seeded([4], 5),
      labels: { shape: [3], data: Uint32Array.of(0, 3, 1) },
    },
  },
  {
    name: 'a product of broadcast operands under softmax',
    build: ({ x, y }) => mul(softmax(x!), y!),
    inputs: { x: seeded([3, 4], 6), y: seeded([1, 4], 7) },
  },
];

const mustBeClose = (given: Float32Array, wanted: Float32Array, what: string): void => {
  const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const at = wanted.findIndex((value, i) => !(Math.abs((given[i] ?? NaN) - value) <= 1e-5 * scale));
  must(at < 0 && given.length === wanted.length, () => `${what}[${at}] is ${given[at]}; wanted ${wanted[at]}`);
};

export const evaluateLaws: readonly GpuLaw[] = [
  ...experiments.map(({ name, build, inputs }) => ({
    title: `${name}: value and gradients of a GPU are those of the formulas`,
    run: async (device: Device) => {
      const { bytes } = device.counts;
      const wanted = await evaluate(build, inputs);
      const given = await evaluate(build, inputs, { device });
      mustEqual(given.shape, wanted.shape, 'shape');
      mustBeClose(given.value, wanted.value, 'value');
      mustEqual(Object.keys(given.gradients), Object.keys(wanted.gradients), 'names of the gradients');
      for (const [input, slope] of Object.entries(wanted.gradients)) {
        mustBeClose(given.gradients[input] ?? new Float32Array(), slope, `gradient of ${input}`);
      }
      mustEqual(device.counts.bytes, bytes, 'bytes left on the GPU');
    },
  })),
  {
    title: 'data that does not fill its shape is refused, and nothing is made',
    run: async (device) => {
      const before = { ...device.counts };
      const x = { shape: [2, 2], data: new Float32Array(3) };
      await mustReject(
        evaluate(({ x: input }) => relu(input), { x }, { device }),
        'shape',
      );
      mustEqual(device.counts, before, 'counts');
    },
  },
  {
    title: 'an op that no kernel covers is refused, and nothing stays on the GPU',
    run: async (device) => {
      const { bytes } = device.counts;
      await mustReject(
        evaluate(({ x: input }) => relu(input), { x: seeded([4], 0) }, { device, kernels: [] }),
        'graph',
      );
      mustEqual(device.counts.bytes, bytes, 'bytes');
    },
  },
];
