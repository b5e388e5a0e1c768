import { Graph, type Tensor } from '../graph/graph.js';
import { gradients } from '../graph/tape.js';
import type { Net } from '../nn/net.js';
import { gatherImages, gatherLabels, type Normalisation } from '../ops/data.js';
import { crossEntropyRows, softmax } from '../ops/softmax.js';

/** States of the graph that are written before a look: u8 [1, rows, columns], and u8 [1]. */
export const IMAGE = 'inspect.image';
export const LABEL = 'inspect.label';

/** A value, and where there is a label the gradient of the loss by it. */
export interface Inspected {
  readonly value: Tensor;
  readonly gradient?: Tensor | undefined;
}

export interface InspectedLayer extends Inspected {
  readonly label: string;
  /** By their names in PyTorch; running statistics have no gradient. */
  readonly weights: ReadonlyMap<string, Inspected>;
}

/** The net on one image, and every tensor that a look at it shows. */
export interface InspectGraph {
  readonly graph: Graph;
  /** What the net makes of the pixels first: (x/255 − mean)/std, [1, 1, rows, columns]. */
  readonly input: Inspected;
  readonly layers: readonly InspectedLayer[];
  readonly probabilities: Tensor;
  /** [1]; absent without gradients. */
  readonly loss?: Tensor | undefined;
}

/**
 * The net in evaluation on one image. Nothing is assigned: weights and running statistics stay as they are.
 * @param withGradients of the image's cross-entropy too, by all that it depends on
 */
export function inspectGraph(net: Net, normalisation: Normalisation, withGradients: boolean): InspectGraph {
  const [, rows = 1, columns = 1] = net.input;
  const graph = new Graph();
  const image = graph.state(IMAGE, [1, rows, columns], { dtype: 'u8' });
  const classes = graph.state(LABEL, [1], { dtype: 'u8' });
  // Never written, so it is 0: the only image there is.
  const index = graph.state('inspect.index', [1], { dtype: 'u32' });
  const x = gatherImages(image, index, normalisation);
  const applied: { label: string; y: Tensor; parameters: readonly Tensor[]; states: readonly Tensor[] }[] = [];
  const logits = net.build(x, undefined, (layer) => applied.push(layer));

  const loss = withGradients ? crossEntropyRows(logits, gatherLabels(classes, index)) : undefined;
  const values = [x, ...applied.flatMap(({ y, parameters }) => [y, ...parameters])];
  const gradientOf = loss === undefined ? new Map<Tensor, Tensor>() : gradientsOf(loss, values);
  const inspected = (value: Tensor): Inspected => ({ value, gradient: gradientOf.get(value) });
  return {
    graph,
    input: inspected(x),
    layers: applied.map(({ label, y, parameters, states }) => ({
      label,
      ...inspected(y),
      weights: new Map([...parameters, ...states].map((tensor) => [tensor.name, inspected(tensor)])),
    })),
    probabilities: softmax(logits),
    loss,
  };
}

/** Gradients by those of the tensors on which the loss depends: a branch that leads nowhere has none. */
function gradientsOf(loss: Tensor, tensors: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> {
  const feeding = new Set<Tensor>([loss]);
  for (const { outputs, inputs } of [...loss.graph.nodes].reverse()) {
    if (outputs.some((output) => feeding.has(output))) inputs.forEach((input) => feeding.add(input));
  }
  const wanted = [...new Set(tensors)].filter((tensor) => feeding.has(tensor));
  const slopes = gradients(loss, wanted);
  return new Map(wanted.flatMap((tensor, i) => (slopes[i] === undefined ? [] : [[tensor, slopes[i]] as const])));
}
