import { EngineError } from '../core/errors.js';
import { normal, uniform } from '../core/random.js';
import { sameShape, sizeOf, textOf, type Shape } from '../core/shape.js';
import type { Net, NetParameter } from './net.js';

/** One parameter's values, row-major. */
export interface WeightTensor {
  readonly shape: Shape;
  readonly data: Float32Array<ArrayBuffer>;
}

/** A net's parameters, and its running statistics, by PyTorch's names and in PyTorch's layouts. */
export type Weights = ReadonlyMap<string, WeightTensor>;

/** Random streams of parameters begin here; each parameter has the next. */
const FIRST_STREAM = 1000;

/** Everything that a net's weights are: parameters first, so that states move no random stream. */
const wantedOf = ({ parameters, states }: Net): readonly NetParameter[] => [
  ...parameters,
  ...states.map((state) => ({ ...state, fanIn: 1 })),
];

/** The names of all that a net's weights are, parameters first. */
export const weightNamesOf = (net: Net): readonly string[] => wantedOf(net).map(({ name }) => name);

/** PyTorch counts the batches of a batch norm, for a momentum that Weft does not have: its files may have that count. */
export const isBatchCount = (name: string): boolean => name.endsWith('.num_batches_tracked');

/**
 * PyTorch's default initialisation: every weight and bias from U(−1/√fanIn, 1/√fanIn), which is what
 * kaiming_uniform with a = √5 comes to (torch.nn.Linear and torch.nn.Conv2d, reset_parameters); where a layer says what
 * its elements begin as, that, or N(0, 1) (torch.nn.Embedding).
 */
export const initialWeights = (net: Net, seed: number): Weights =>
  new Map(
    wantedOf(net).map(({ name, shape, fanIn, initial }, position) => {
      const bound = 1 / Math.sqrt(fanIn);
      const stream = FIRST_STREAM + position;
      const draw = (i: number): number =>
        initial === undefined
          ? (2 * uniform(seed, stream, i) - 1) * bound
          : initial === 'normal'
            ? normal(seed, stream, i)
            : initial;
      return [name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => draw(i)) }];
    }),
  );

/**
 * Throws EngineError 'weights' unless every parameter and running statistic of the net is there in its shape, and nothing
 * else is but PyTorch's counts of batches.
 */
export function mustFitNet(
  net: Net,
  weights: ReadonlyMap<string, { readonly shape: Shape; readonly data: ArrayLike<number> }>,
): void {
  const problems: string[] = [];
  const wanted = wantedOf(net);
  for (const { name, shape } of wanted) {
    const given = weights.get(name);
    if (given === undefined) problems.push(`no ${name}`);
    else if (!sameShape(given.shape, shape))
      problems.push(`${name} ${textOf(given.shape)} instead of ${textOf(shape)}`);
    else if (given.data.length !== sizeOf(shape)) problems.push(`${name} with ${given.data.length} values`);
  }
  const known = new Set(wanted.map(({ name }) => name));
  for (const name of weights.keys())
    if (!known.has(name) && !isBatchCount(name)) problems.push(`${name}, which the net does not have`);
  if (problems.length === 0) return;
  throw new EngineError('weights', {
    place: `net ${net.name}`,
    given: `weights with ${problems.join('; ')}`,
    wanted: wanted.map(({ name, shape }) => `${name} ${textOf(shape)}`).join(', '),
    wayOut: 'Choose the net that these weights were saved from.',
  });
}
