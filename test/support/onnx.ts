// Exported models as another runtime computes them, and as any reader of the format sees them.

import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type GraphProto, type ValueInfoProto } from 'onnx-buf';
import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import { uniform } from '../../src/core/random.js';
import { sizeOf, type Shape } from '../../src/core/shape.js';
import { Elements, indexAt, valuesOf } from '../../src/engine/checkBounds.js';
import { Graph } from '../../src/graph/graph.js';
import { onnxOut, type OnnxOptions } from '../../src/io/onnx/onnxOut.js';
import type { Net } from '../../src/nn/net.js';
import type { Weights } from '../../src/nn/weights.js';

// Threads would need Workers, which outlive a test.
env.wasm.numThreads = 1;

/** What ONNX Runtime makes of a batch. */
export async function runOnnx(
  model: Uint8Array,
  data: Float32Array | Uint8Array,
  shape: Shape,
): Promise<{ readonly shape: Shape; readonly data: Float32Array }> {
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
  try {
    const input =
      data instanceof Float32Array ? new OrtTensor('float32', data, shape) : new OrtTensor('uint8', data, shape);
    const { output } = await session.run({ input });
    // Places are int64.
    const values = output!.data as Float32Array | BigInt64Array;
    return { shape: output!.dims, data: Float32Array.from(values, Number) };
  } finally {
    await session.release();
  }
}

/** The graph of a model, with its shapes as text: `N, 6, 26, 26`. */
export function readOnnx(bytes: Uint8Array) {
  const model = fromBinary(ModelProtoSchema, bytes);
  const graph = model.graph as GraphProto;
  const sizesOf = ({ type }: ValueInfoProto): string => {
    const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
    return (tensor?.shape?.dim ?? []).map(({ value }) => String(value.value ?? '?')).join(', ');
  };
  return { model, graph, sizesOf };
}

/** Numbers from −1 to 1, of a stream. */
export const someNumbers = (count: number, stream = 0): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, i) => 2 * uniform(7, stream, i) - 1);

/** Weights that look trained: none is what it begins as, and variances are above 0. */
export const someWeights = (net: Net): Weights =>
  new Map(
    [...net.parameters, ...net.states].map(({ name, shape }, i) => {
      const isVariance = name.endsWith('running_var');
      const bound = 1 / Math.sqrt(Math.max(1, sizeOf(shape.slice(1))));
      const draws = someNumbers(sizeOf(shape), i + 1);
      return [name, { shape, data: draws.map((draw) => (isVariance ? 1 + draw / 2 : draw * bound)) }];
    }),
  );

/** A net by its formulas in f64, and how far f32 arithmetic may be from them in any order of summation. */
export function byFormulas(net: Net, weights: Weights, batch: number, images: Float32Array) {
  const input = new Graph().state('x', [batch, ...net.input]);
  const output = net.build(input);
  const elements = new Elements((state) =>
    valuesOf(state.shape, state === input ? images : (weights.get(state.name)?.data ?? [])),
  );
  const indices = Array.from({ length: sizeOf(output.shape) }, (_, i) => indexAt(output.shape, i));
  return {
    shape: output.shape,
    values: indices.map((index) => elements.of(output).at(...index)),
    tolerances: indices.map((index) => elements.tolerance(output, index)),
  };
}

/** How far the runtime is from the formulas at the worst element, in units of what rounding allows: right up to 1. */
export async function worstOf(net: Net, batch: number, weights = someWeights(net), options: OnnxOptions = {}) {
  const images = someNumbers(batch * sizeOf(net.input));
  const model = onnxOut(net, weights, options);
  const given = await runOnnx(model, images, [batch, ...net.input]);
  const wanted = byFormulas(net, weights, batch, images);
  const ratios = wanted.values.map((value, i) => Math.abs((given.data[i] ?? NaN) - value) / wanted.tolerances[i]!);
  return { shapes: [given.shape.join(), wanted.shape.join()], ratio: Math.max(...ratios) };
}
