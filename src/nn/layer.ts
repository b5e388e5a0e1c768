import { EngineError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';

/** A parameter that a layer asks for. */
export interface LayerParameter {
  readonly shape: Shape;
  /** Inputs that one output of the layer sums: PyTorch's default draws from U(−1/√fanIn, 1/√fanIn). */
  readonly fanIn: number;
}

/** One layer of a net: a user's own layer is an object of this form. */
export interface Layer {
  /** For summaries: `conv2d 6 3×3`. */
  readonly label: string;
  /** Parameters are named `<prefix><count>.<name>`, as in `conv1.weight`; a layer without parameters has none. */
  readonly prefix?: string;
  /** The parameters for an input of this shape, batch axis included, by their names in PyTorch. */
  parameters?(input: Shape): Readonly<Record<string, LayerParameter>>;
  /** Appends the layer's ops. */
  apply(x: Tensor, parameters: Readonly<Record<string, Tensor>>): Tensor;
  /** Multiply-adds of one image, forward; 0 if absent. */
  macs?(input: Shape, output: Shape): number;
}

/** A parameter that the net made because the layer asked for it. Throws EngineError 'graph' if it did not. */
export function parameterOf(parameters: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = parameters[name];
  if (tensor !== undefined) return tensor;
  throw new EngineError('graph', {
    place: 'layer',
    given: `no parameter ${name}`,
    wanted: 'the parameters it asked for',
  });
}
