import {
  convGradWHeld,
  convGradWSum,
  gradWHeldGroups,
  gradWParts,
  gradWQuads,
  type GradWConv,
  type GradWHeldTile,
} from '../../shaders/convGradWHeld.wgsl.js';
import { heldPatch } from '../../shaders/convHeld.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import type { Node, Tensor } from '../graph/graph.js';
import { conv2dGradW } from '../ops/conv2d.js';
import { maxPool2dGrad } from '../ops/maxPool2d.js';
import { sumOp } from '../ops/reduce.js';
import { conv2dFlops, conv2dSizes } from './conv2dSizes.js';
import { slopesOf } from './convGradXHeld.js';
import { sourceOf } from './convPool.js';
import { temporary, type Kernel, type Uses } from './kernel.js';
import { operandsOf } from './single.js';
import { evenly, quadVariant } from './tiling.js';

/** Pixels that an invocation holds, and products in the text of one filter. */
const MOST_PIXELS = 170;
const MOST_PRODUCTS = 1200;
/** Partial sums of a weight, and words of all of them. */
const MOST_SLICES = 256;
const MOST_PARTS = 2 ** 20;

/**
 * [gatherImages, maxPool2dGrad →] conv2dGradW, and the sum of the slopes that is the gradient of the bias, if they are
 * there: what a convolutional layer learns from. Pixels are read from the bytes of the set, slopes are scattered as they
 * are loaded, and the bias takes them along.
 */
export const convGradWHeldKernel: Kernel = {
  name: 'convGradWHeld',
  match: (node, uses) => {
    if (uses.profile.dialect !== 'cpu' || !uses.profile.features.includes('subgroups')) return undefined;
    const bias = operandsOf(sumOp, node);
    const filters = bias === undefined ? node : filtersBeside(node, bias.inputs[0], bias.attrs.axes, uses);
    const conv = filters && operandsOf(conv2dGradW, filters);
    if (filters === undefined || conv === undefined) return undefined;
    const [dy, x] = conv.inputs;
    const [dw] = conv.outputs;
    const sizes = conv2dSizes(x.shape, dw.shape, dy.shape, conv.attrs);
    if (sizes.groups > 1) return undefined;

    const { N, C, K, H, W, R, S, stride, padding, dilation } = sizes;
    const source = sourceOf(x, sizes);
    const slopes = slopesOf(dy, sizes);
    const whole: GradWConv = {
      N,
      C,
      K,
      image: [H, W],
      results: slopes.image,
      taps: [R, S],
      stride,
      padding,
      dilation,
      x: source.load,
      dy: slopes.load,
      bias: bias !== undefined,
    };
    const tile = tileOf(whole, slopes.window, source.again.length > 0);
    if (tile === undefined) return undefined;
    const parts = temporary('convGradW.parts', [gradWParts(whole, tile)]);
    const results = sizeOf(dw.shape) + (bias === undefined ? 0 : K);
    const steps = () => [
      {
        code: convGradWHeld(whole, tile),
        bind: { ...source.bind, ...slopes.bind, parts },
        groups: gradWHeldGroups(whole, tile),
        flops: conv2dFlops(sizes),
      },
      {
        code: convGradWSum(whole, tile),
        bind: { parts, dw, ...(bias && { db: bias.outputs[0] }) },
        groups: linearGroups(results),
        flops: tile.slices * results,
        merge: 'sums',
      },
    ];
    const nodes = bias === undefined ? [filters] : [node, filters];
    return { nodes, variants: [quadVariant(steps)], again: [...source.again, ...slopes.again] };
  },
};

/** The gradient of the filters whose bias has this gradient: Σ dy over images and places. */
function filtersBeside(sum: Node, dy: Tensor, axes: readonly number[], uses: Uses): Node | undefined {
  if (axes.join() !== '0,2,3') return undefined;
  const readers = uses.readers(dy);
  const scattered = readers.filter((reader) => maxPool2dGrad.attrsOf(reader) !== undefined && reader.inputs[0] === dy);
  const places = [dy, ...scattered.flatMap((scatter) => scatter.outputs)];
  return places
    .flatMap((place) => uses.readers(place))
    .find((reader) => reader !== sum && conv2dGradW.attrsOf(reader) !== undefined && places.includes(reader.inputs[0] as Tensor));
}

/** As many channels and results as the text of a kernel takes. */
function tileOf(conv: GradWConv, window: readonly [number, number], wholeRows: boolean): GradWHeldTile | undefined {
  const { C, results, taps } = conv;
  const KN = (globalThis as any).KNOBS ?? {};
  const rows = window[0] > 1 ? window[0] : results[0] % 2 === 0 ? 2 : 1;
  const widest = Math.ceil(results[1] / window[1]);
  const pixels = (columns: number): number => {
    const patch = heldPatch(conv, { rows, columns });
    return patch.rows.length * patch.columns.length;
  };
  let most = widest;
  while (most > 1 && pixels(most * window[1]) > MOST_PIXELS) most--;
  const columns = evenly(widest, most) * window[1];
  if (wholeRows && columns < results[1]) return undefined;
  let channels = C;
  const fits = (count: number): boolean =>
    count * pixels(columns) <= (KN.gpx ?? MOST_PIXELS) && count * taps[0] * taps[1] * rows * columns <= MOST_PRODUCTS;
  while (channels > 1 && (C % channels > 0 || !fits(channels))) channels--;
  if (taps[0] * taps[1] * rows * columns > 2 * MOST_PRODUCTS) return undefined;
  const draft = { rows, columns, channels, slices: 1 };
  const quads = gradWQuads(conv, draft);
  const cap = Math.max(16, Math.min(MOST_SLICES, Math.floor(MOST_PARTS / gradWParts(conv, draft))));
  return { ...draft, slices: Math.ceil(quads / Math.ceil(quads / cap)) };
}
