import type { Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import type { Weights } from '../nn/weights.js';
import type { InspectGraph, Inspected } from './inspectGraph.js';

/** What an image is within a net, between two layers; gradients where a label is given. */
export interface InspectedValues {
  /** Of one image, [C, H, W] or [C]; values and gradients are row-major in it. */
  readonly shape: Shape;
  readonly values: Float32Array<ArrayBuffer>;
  /** ∂loss/∂values of the image's own cross-entropy. Absent too where the loss does not depend on them. */
  readonly gradients?: Float32Array<ArrayBuffer>;
}

/** One layer on one image. */
export interface LayerInspection extends InspectedValues {
  /** As in the net's summary: `conv2d 6 3×3`. */
  readonly label: string;
  /** Its parameters and running statistics by PyTorch's names, as far as they are asked for; filters are [K, C, R, S]. */
  readonly weights: Weights;
  /** ∂loss/∂weights, by the same names and of the same shapes; running statistics are constants and have none. */
  readonly weightGradients?: Weights;
}

/** Everything that one image does in a net, with the weights of one moment. */
export interface Inspection {
  /** The image as the net gets it, (x/255 − mean)/std, [1, rows, columns]; its gradients are the saliency of its pixels. */
  readonly input: InspectedValues;
  /** As in the net's summary, in the same order. */
  readonly layers: readonly LayerInspection[];
  /** [classes]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
  /** The image's cross-entropy, −ln of the probability of its label; absent without a label. */
  readonly loss?: number;
}

type Read = (tensor: Tensor) => Float32Array<ArrayBuffer>;

/** Tensors of a graph that a look reads, once each. @param isWanted which weights, by name */
export function tensorsIn(graph: InspectGraph, isWanted: (name: string) => boolean): readonly Tensor[] {
  const { input, layers, probabilities, loss } = graph;
  const weights = layers.flatMap((layer) => [...layer.weights].flatMap(([name, of]) => (isWanted(name) ? [of] : [])));
  const pairs = [input, ...layers, ...weights].flatMap(({ value, gradient }) => [value, gradient]);
  return [...new Set([...pairs, probabilities, loss])].filter((tensor) => tensor !== undefined);
}

/** What was read, in the words of the net. */
export function inspectionOf(graph: InspectGraph, isWanted: (name: string) => boolean, read: Read): Inspection {
  const { input, layers, probabilities, loss } = graph;
  return {
    input: valuesOf(input, read),
    layers: layers.map((layer) => {
      const wanted = [...layer.weights].filter(([name]) => isWanted(name));
      return {
        label: layer.label,
        ...valuesOf(layer, read),
        weights: new Map(wanted.map(([name, { value }]) => [name, { shape: value.shape, data: read(value) }])),
        ...(loss && { weightGradients: gradientsIn(wanted, read) }),
      };
    }),
    probabilities: read(probabilities),
    ...(loss && { loss: read(loss)[0] ?? NaN }),
  };
}

const valuesOf = ({ value, gradient }: Inspected, read: Read): InspectedValues => ({
  shape: value.shape.slice(1),
  values: read(value),
  ...(gradient && { gradients: read(gradient) }),
});

const gradientsIn = (weights: readonly (readonly [string, Inspected])[], read: Read): Weights =>
  new Map(
    weights.flatMap(([name, { value, gradient }]) =>
      gradient === undefined ? [] : [[name, { shape: value.shape, data: read(gradient) }] as const],
    ),
  );
