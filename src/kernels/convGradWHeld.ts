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
import { bestOf, costOf, CYCLES } from './cost.js';
import { slopesOf } from './convGradXHeld.js';
import { sourceOf } from './convPool.js';
import { temporary, type Cost, type Kernel, type Step, type Uses } from './kernel.js';
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
    const results = sizeOf(dw.shape) + (bias === undefined ? 0 : K);
    const steps = (tile: GradWHeldTile): readonly Step[] => {
      const parts = temporary('convGradW.parts', [gradWParts(whole, tile)]);
      return [
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
    };
    const tiles = bestOf(tilesOf(whole, slopes.window, source.again.length > 0), (tile) => gradWCost(whole, tile));
    if (tiles.length === 0) return undefined;
    const variants = tiles.toReversed().map((tile) => {
      const name = `quad ${tile.rows}×${tile.columns}×${tile.channels}`;
      return quadVariant(() => steps(tile), { name, cost: gradWCost(whole, tile) });
    });
    const nodes = bias === undefined ? [filters] : [node, filters];
    return { nodes, variants, again: [...source.again, ...slopes.again] };
  },
};

/** The gradient of the filters whose bias has this gradient: Σ dy over images and places. */
export function filtersBeside(sum: Node, dy: Tensor, axes: readonly number[], uses: Uses): Node | undefined {
  if (axes.join() !== '0,2,3') return undefined;
  const readers = uses.readers(dy);
  const scattered = readers.filter((reader) => maxPool2dGrad.attrsOf(reader) !== undefined && reader.inputs[0] === dy);
  const places = [dy, ...scattered.flatMap((scatter) => scatter.outputs)];
  return places
    .flatMap((place) => uses.readers(place))
    .find(
      (reader) =>
        reader !== sum && conv2dGradW.attrsOf(reader) !== undefined && places.includes(reader.inputs[0] as Tensor),
    );
}

/** Every tile worth a thought. */
function tilesOf(conv: GradWConv, window: readonly [number, number], wholeRows: boolean): readonly GradWHeldTile[] {
  const { C, results, taps } = conv;
  const rows = window[0] > 1 ? window[0] : results[0] % 2 === 0 ? 2 : 1;
  const widest = Math.ceil(results[1] / window[1]);
  const tiles: GradWHeldTile[] = [];
  for (const parts of wholeRows ? [1] : [1, 2, 3, 4]) {
    const columns = evenly(widest, Math.ceil(widest / parts)) * window[1];
    for (let channels = 1; channels <= C; channels++) {
      const products = channels * taps[0] * taps[1] * rows * columns;
      const pixels = channels * pixelsOf(conv, rows, columns);
      if (C % channels > 0 || pixels > MOST_PIXELS || products > MOST_PRODUCTS) continue;
      const draft = { rows, columns, channels, slices: 1 };
      const quads = gradWQuads(conv, draft);
      const most = Math.max(16, Math.min(MOST_SLICES, Math.floor(MOST_PARTS / gradWParts(conv, draft))));
      tiles.push({ ...draft, slices: Math.ceil(quads / Math.ceil(quads / most)) });
    }
  }
  return tiles;
}

function pixelsOf(conv: GradWConv, rows: number, columns: number): number {
  const patch = heldPatch(conv, { rows, columns });
  return patch.rows.length * patch.columns.length;
}

/** What a tile costs: every quad of strips loads its pixels once, and the slopes of each filter. */
function gradWCost(conv: GradWConv, tile: GradWHeldTile): Cost {
  const { C, K, taps, x, dy } = conv;
  const { rows, columns, channels, slices } = tile;
  const held = channels * pixelsOf(conv, rows, columns);
  const sums = channels * taps[0] * taps[1] + 1;
  const results = rows * columns;
  const slopes = results * dy.perPixel;
  const quads = Math.ceil(gradWQuads(conv, tile) / slices) * slices;
  const again = quads > slices ? CYCLES.load : 0;
  const filter =
    slopes * CYCLES.load +
    results * CYCLES.swap * 2 +
    sums * (results * CYCLES.product * 0.8) +
    (sums / 4) * (CYCLES.store + again + 12 * CYCLES.swap);
  const cycles = held * x.perPixel * CYCLES.load + K * filter + CYCLES.workgroup;
  return costOf(quads * (C / channels) * cycles, [[held * x.perPixel + slopes + sums / 4, held + results / 2]]);
}
