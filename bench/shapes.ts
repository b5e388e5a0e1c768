import type { Device } from '../src/index.js';
import { conv2d, Graph, gradients, matmul, type Conv2dOptions, type Tensor } from '../src/lab.js';
import { benchKernels, type KernelRow } from './kernels.js';
import { peaksOf, type PeaksBy, type PeakSubjects } from './peaks.js';
import type { TimingOptions } from './timing.js';

/** Kernels of one shape: an op, and the gradients for its operands. */
export interface ShapeCase {
  readonly name: string;
  /** The tensors whose kernels are timed. */
  build(graph: Graph): readonly Tensor[];
}

/** y = a·bᵀ with a [M, K], b [N, K], and the two products that its gradients are. */
const denseCase = (M: number, K: number, N: number): ShapeCase => ({
  name: `dense [${M}, ${K}] → [${M}, ${N}]`,
  build: (graph) => {
    const [x, w] = [graph.state('x', [M, K]), graph.state('w', [N, K])];
    const y = matmul(x, w, 'nt');
    return [y, ...gradients(y, [x, w], graph.state('dy', y.shape))];
  },
});

/** A convolution, and its gradients for images and filters. */
const convCase = (x: readonly number[], w: readonly number[], options: Conv2dOptions = {}): ShapeCase => ({
  name: [`conv2d [${x.join(', ')}] by [${w.join(', ')}]`, ...Object.entries(options).map((one) => one.join(' '))].join(
    ', ',
  ),
  build: (graph) => {
    const operands = [graph.state('x', x), graph.state('w', w)] as const;
    const y = conv2d(...operands, options);
    return [y, ...gradients(y, operands, graph.state('dy', y.shape))];
  },
});

export const shapes: readonly ShapeCase[] = [
  denseCase(64, 784, 10), // a linear classifier of MNIST's images
  denseCase(64, 9216, 128), // the dense layer of the wide net
  denseCase(512, 512, 512), // large enough to show the tiling
  denseCase(511, 513, 509), // sizes no tile divides: the price of the edges
  denseCase(1, 1000, 1000), // one image: nothing to share
  convCase([64, 1, 28, 28], [8, 1, 5, 5]), // one channel in
  convCase([64, 16, 14, 14], [32, 16, 3, 3], { padding: 1 }),
  convCase([16, 64, 16, 16], [64, 64, 3, 3], { padding: 1 }), // many channels
  convCase([16, 64, 16, 16], [64, 64, 1, 1]), // a matmul in disguise
  convCase([17, 5, 29, 31], [11, 5, 5, 3], { padding: 2 }), // sizes no tile divides
  convCase([32, 16, 28, 28], [32, 16, 3, 3], { padding: 1, stride: 2 }),
];

export interface ShapeBench {
  readonly name: string;
  readonly rows: readonly KernelRow[];
  readonly peaks: PeaksBy;
}

export async function benchShape(
  device: Device,
  { name, build }: ShapeCase,
  timing: TimingOptions,
  peaks: PeakSubjects,
): Promise<ShapeBench> {
  const graph = new Graph();
  const keep = build(graph);
  const { rows, others } = await benchKernels(
    device,
    graph,
    {
      keep,
      warmUp: 0,
      prepare: (store) => {
        graph.states.forEach(({ name: state, shape }, stream) => {
          const size = shape.reduce((product, length) => product * length, 1);
          store.write(
            state,
            Float32Array.from({ length: size }, (_, i) => Math.sin((stream + 1) * (i + 1))),
          );
        });
      },
    },
    timing,
    peaks,
  );
  return { name, rows, peaks: peaksOf(peaks, others) };
}
