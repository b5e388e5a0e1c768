import { EngineError } from '../core/errors.js';
import { uniform } from '../core/random.js';
import { sameShape, sizeOf, textOf, type Shape } from '../core/shape.js';
import type { Net } from './net.js';

/** One parameter's values, row-major. */
export interface WeightTensor {
  readonly shape: Shape;
  readonly data: Float32Array<ArrayBuffer>;
}

/** A net's parameters by PyTorch's names, in PyTorch's layouts. */
export type Weights = ReadonlyMap<string, WeightTensor>;

/** Random streams of parameters begin here; each parameter has the next. */
const FIRST_STREAM = 1000;

/**
 * PyTorch's default initialisation: every weight and bias from U(−1/√fanIn, 1/√fanIn), which is what
 * kaiming_uniform with a = √5 comes to (torch.nn.Linear and torch.nn.Conv2d, reset_parameters).
 */
export const initialWeights = (net: Net, seed: number): Weights =>
  new Map(
    net.parameters.map(({ name, shape, fanIn }, position) => {
      const bound = 1 / Math.sqrt(fanIn);
      const data = Float32Array.from(
        { length: sizeOf(shape) },
        (_, i) => (2 * uniform(seed, FIRST_STREAM + position, i) - 1) * bound,
      );
      return [name, { shape, data }];
    }),
  );

/** Throws EngineError 'weights' unless every parameter of the net is there in its shape, and nothing else is. */
export function mustFitNet(
  net: Net,
  weights: ReadonlyMap<string, { readonly shape: Shape; readonly data: ArrayLike<number> }>,
): void {
  const problems: string[] = [];
  for (const { name, shape } of net.parameters) {
    const given = weights.get(name);
    if (given === undefined) problems.push(`no ${name}`);
    else if (!sameShape(given.shape, shape))
      problems.push(`${name} ${textOf(given.shape)} instead of ${textOf(shape)}`);
    else if (given.data.length !== sizeOf(shape)) problems.push(`${name} with ${given.data.length} values`);
  }
  const known = new Set(net.parameters.map(({ name }) => name));
  for (const name of weights.keys()) if (!known.has(name)) problems.push(`${name}, which the net does not have`);
  if (problems.length === 0) return;
  throw new EngineError('weights', {
    place: `net ${net.name}`,
    given: `weights with ${problems.join('; ')}`,
    wanted: net.parameters.map(({ name, shape }) => `${name} ${textOf(shape)}`).join(', '),
    wayOut: 'Choose the net that these weights were saved from.',
  });
}
