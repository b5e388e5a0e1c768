import { textOf } from '../../core/shape.js';
import type { Net } from '../../nn/net.js';
import { mustFitNet, type Weights } from '../../nn/weights.js';
import type { Normalisation } from '../../ops/data.js';
import { WEIGHTS_METADATA } from '../weightsOut.js';
import { encode } from './encode.js';
import type { Initializer, OnnxNode, Sizes } from './pieces.js';
import { INPUT, translate } from './translate.js';

export interface OnnxOptions {
  /**
   * Mean and deviation of the pixels, from 0 to 1: the model then takes bytes, as data sets hold them, and its first nodes
   * make (x/255 − mean)/std of them. Without it the model takes what the net takes.
   */
  readonly normalisation?: Normalisation;
}

/**
 * A net with its weights as the bytes of an ONNX file: opset 17, in the default domain alone. The net is as in evaluation:
 * batch norms by their running statistics, no dropout.
 *
 * - Input `input`, f32 [N, …net.input], or u8 with `normalisation`. N is any number of images.
 * - Output `output`, f32 [N, …net.output], or int64 of a net that ends in places: what the net gives. Of the nets that come
 *   with the engine it is one logit a class.
 * - Initializers have the names and layouts of the weights, which are PyTorch's: `conv1.weight` [O, I, H, W], `fc1.weight`
 *   [out, in]. A bias goes into its Conv or Gemm.
 * - Every value has its shape, every node the layer that it is of, in its doc string.
 *
 * The same net and weights give the same bytes.
 *
 * @param weights as `trainer.weights()` or `weightsIn` gives them: parameters and running statistics
 * @throws EngineError 'weights' for those of another net
 * @throws EngineError 'graph' for an op that has no form in ONNX, such as one of a user's own, and for a net that depends on
 * the size of the batch
 * Source: ONNX IR specification (docs/IR.md) and operator specification (docs/Operators.md).
 */
export function onnxOut(net: Net, weights: Weights, { normalisation }: OnnxOptions = {}): Uint8Array<ArrayBuffer> {
  mustFitNet(net, weights);
  const sizes: Sizes = ['N', ...net.input];
  const first = normalisation && normalising(normalisation);
  const { nodes, initializers, values, output } = translate(net, weights, first?.output ?? INPUT);
  const takes = normalisation
    ? `u8 ${shapeText(net.input)}: pixels from 0 to 255. The model makes (x/255 − ${normalisation.mean})/${normalisation.std} of them.`
    : `f32 ${shapeText(net.input)}: what the net ${net.name} was trained on, for images mostly (x/255 − mean)/deviation of each pixel.`;
  const type = output.type === 'float' ? 'f32' : output.type;
  const gives = `${type} ${shapeText(net.output)}: one row for each image; of a classifier, one logit for each class.`;
  const { net: named, mean, std } = WEIGHTS_METADATA;
  return encode({
    name: net.name,
    doc: `The net ${net.name}, trained with Weft. Input: ${takes} Output: ${gives}`,
    input: { name: INPUT, type: normalisation ? 'uint8' : 'float', sizes, doc: takes },
    output: { ...output, doc: gives },
    nodes: [...(first?.nodes ?? []), ...nodes],
    initializers: [...(first?.initializers ?? []), ...initializers],
    values: [...(first ? [{ name: first.output, type: 'float' as const, sizes }] : []), ...values],
    metadata: {
      [named]: net.name,
      ...(normalisation && { [mean]: String(normalisation.mean), [std]: String(normalisation.std) }),
    },
  });
}

const shapeText = (one: readonly number[]): string => `[N, ${textOf(one).slice(1)}`;

/** (x/255 − mean)/std, in the order of the engine's own formula. ONNX operators Cast, Div, Sub. */
function normalising({ mean, std }: Normalisation): {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
  readonly output: string;
} {
  const scalar = (name: string, value: number): Initializer => ({
    name: `normalise/${name}`,
    type: 'float',
    shape: [],
    values: [value],
  });
  const step = (name: string, op: string, ...inputs: readonly string[]): OnnxNode => ({
    op,
    inputs,
    name: `normalise/${name}`,
    output: `normalise/${name}`,
    doc: 'normalisation: (x/255 − mean)/deviation',
  });
  return {
    nodes: [
      { ...step('pixels', 'Cast', INPUT), attributes: { to: { int: 1 } } },
      step('scaled', 'Div', 'normalise/pixels', 'normalise/255'),
      step('centred', 'Sub', 'normalise/scaled', 'normalise/mean'),
      step('images', 'Div', 'normalise/centred', 'normalise/deviation'),
    ],
    initializers: [scalar('255', 255), scalar('mean', mean), scalar('deviation', std)],
    output: 'normalise/images',
  };
}
