import { EngineError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';

/** A parameter that a layer asks for. */
export interface LayerParameter {
  readonly shape: Shape;
  /** Inputs that one output of the layer sums: PyTorch's default draws from U(−1/√fanIn, 1/√fanIn). */
  readonly fanIn: number;
  /** What every element begins as, instead of draws: 1 for the weights of a norm, 0 for its biases; or draws from N(0, 1). */
  readonly initial?: number | 'normal';
}

/** What a layer remembers besides its parameters, such as running statistics: training assigns it, evaluation reads it. */
export interface LayerState {
  readonly shape: Shape;
  /** What every element begins as. */
  readonly initial: number;
}

/** A net in training: what a layer may make use of, beside its input. */
export interface TrainMode {
  readonly kind: 'train';
  /** u32 [1]: which batch of the run this is, from 0. Random numbers are functions of it. */
  readonly step: Tensor;
  /** Of the run. */
  readonly seed: number;
  /** u32 [1]: only so many rows of the batch are images. All, if absent. */
  readonly live?: Tensor;
  /**
   * Has an effect appended at the step's end, once it is known whether loss and gradients are finite: assignments of the
   * layer's states, which a guard that is set leaves as they were.
   */
  atEnd(effect: (guard: Tensor) => void): void;
}

/** Which of its two behaviours a net shows. */
export type NetMode = TrainMode | { readonly kind: 'evaluate' };

/** What a layer is applied in. */
export interface LayerContext {
  readonly mode: NetMode;
  /** The states that the layer asked for. */
  readonly states: Readonly<Record<string, Tensor>>;
  /** A stream of random numbers of the layer's own: the same in every plan of a net. */
  readonly stream: number;
}

/** One layer of a net: a user's own layer is an object of this form. */
export interface Layer {
  /** For summaries: `conv2d 6 3×3`. */
  readonly label: string;
  /** Parameters and states are named `<prefix><count>.<name>`, as in `conv1.weight`; a layer without has no name. */
  readonly prefix?: string;
  /** The parameters for an input of this shape, batch axis included, by their names in PyTorch. */
  parameters?(input: Shape): Readonly<Record<string, LayerParameter>>;
  /** The states besides parameters for an input of this shape, f32, by their names in PyTorch. */
  states?(input: Shape): Readonly<Record<string, LayerState>>;
  /** Appends the layer's ops. */
  apply(x: Tensor, parameters: Readonly<Record<string, Tensor>>, context: LayerContext): Tensor;
  /** Multiply-adds of one image, forward; 0 if absent. */
  macs?(input: Shape, output: Shape): number;
}

/** A parameter or a state that the net made because the layer asked for it. Throws EngineError 'graph' if it did not. */
export function parameterOf(parameters: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = parameters[name];
  if (tensor !== undefined) return tensor;
  throw new EngineError('graph', {
    place: 'layer',
    given: `no parameter ${name}`,
    wanted: 'the parameters and states it asked for',
  });
}
