import {
  conv2dPool,
  convPoolPlaces,
  filterBlocks,
  windowsOf,
  type ConvPoolParams,
  type ConvPoolTile,
} from '../../shaders/conv2dPool.wgsl.js';
import { bytePixelsOf, type BytePixels } from '../../shaders/lib/bytePixels.js';
import { sizeOf } from '../core/shape.js';
import type { Node, Tensor } from '../graph/graph.js';
import { conv2dOp } from '../ops/conv2d.js';
import { gatherImagesOp } from '../ops/data.js';
import { maxPool2dOp } from '../ops/maxPool2d.js';
import { reluOp } from '../ops/relu.js';
import { biasOf } from './convBiasRelu.js';
import { conv2dFlops, conv2dSizes } from './conv2dSizes.js';
import type { Kernel, Uses, Variant } from './kernel.js';
import { operandsOf } from './single.js';
import { evenly, lanesFor, quadVariant, tileGroups } from './tiling.js';

/** Pixels that an invocation holds: more of them take the adapter's compiler seconds. */
const MOST_PIXELS = 340;
/** Sums that a loop carries. */
const MOST_SUMS = 96;
/** Taps of a window, and pixels of a row, past which a text is too long to unroll. */
const MOST_TAPS = 49;
const MOST_WINDOW = 9;

/**
 * [gatherImages →] conv2d → bias → max-pool → relu, each but the first of them if it is there: what a convolutional layer
 * keeps. The compiler has moved relu behind the pool. The pixels before the pool are never stored, nor is a batch of
 * images whose bytes can be read as they are.
 */
export const convPoolKernel: Kernel = {
  name: 'convPool',
  match: (node, uses) => {
    const conv = operandsOf(conv2dOp, node);
    if (conv === undefined || uses.profile.dialect !== 'cpu') return undefined;
    const [x, w] = conv.inputs;
    let [y] = conv.outputs;
    const sizes = conv2dSizes(x.shape, w.shape, y.shape, conv.attrs);
    if (sizes.groups > 1 || sizes.R * sizes.S > MOST_TAPS) return undefined;
    const nodes = [node];
    const take = (next: Node, output: Tensor | undefined): void => {
      nodes.push(next);
      y = output ?? y;
    };

    const adds = uses.soleReader(y);
    const b = biasOf(adds, y, node);
    if (b !== undefined && adds !== undefined) take(adds, adds.outputs[0]);
    const next = uses.soleReader(y);
    const pool = next && operandsOf(maxPool2dOp, next);
    const isTiled = pool?.attrs.window.every((size, i) => size === pool.attrs.stride[i] && pool.attrs.padding[i] === 0);
    const fits = isTiled === true && pool !== undefined && sizeOf(pool.attrs.window) <= MOST_WINDOW;
    if (next !== undefined && fits) take(next, pool.outputs[0]);
    const last = uses.soleReader(y);
    const relu = last !== undefined && reluOp.attrsOf(last) !== undefined;
    if (relu) take(last, last.outputs[0]);

    const index = fits && uses.readers(pool.outputs[1])?.length !== 0 ? pool.outputs[1] : undefined;
    const window = fits ? pool.attrs.window : ([1, 1] as const);
    const whole = { sizes, window, bias: b !== undefined, relu, index: index !== undefined };
    const source = gatherOf(x, whole);
    const params: ConvPoolParams = { ...whole, ...(source && { bytes: source.bytes }) };
    const from = source === undefined ? { x } : { images: source.images, indices: source.indices };
    const bind = { ...from, w, y, ...(b && { b }), ...(index && { index }) };
    const variants = variantsOf(params, bind, sizeOf(y.shape));
    if (variants.length === 0) return undefined;
    return { nodes, variants, ...(source && { again: [source.node] }) };
  },
};

/** The bytes that an operand is gathered from, where a row is whole words and nothing is read outside it. */
export function gatherOf(
  x: Tensor,
  { sizes: { W, padding } }: Pick<ConvPoolParams, 'sizes'>,
): { readonly node: Node; readonly images: Tensor; readonly indices: Tensor; readonly bytes: BytePixels } | undefined {
  const gather = x.node && operandsOf(gatherImagesOp, x.node);
  if (gather === undefined || x.node === undefined || W % 4 !== 0 || W > 64) return undefined;
  if (padding[0] > 0 || padding[1] > 0) return undefined;
  const [images, indices] = gather.inputs;
  return { node: x.node, images, indices, bytes: bytePixelsOf(images.shape[0] ?? 0, gather.attrs) };
}

function variantsOf(p: ConvPoolParams, bind: Readonly<Record<string, Tensor>>, results: number): readonly Variant[] {
  const flops = conv2dFlops(p.sizes) + (Number(p.bias) + Number(p.relu) + sizeOf(p.window)) * results;
  const steps =
    (tile: ConvPoolTile): Variant['steps'] =>
    () => [
      {
        code: conv2dPool(p, tile),
        bind,
        groups: tileGroups(convPoolPlaces(p, tile), tile.lanes, filterBlocks(p, tile)),
        flops,
      },
    ];
  const [shared, alone] = [tileOf(p, true), tileOf(p, false)];
  return [
    ...(shared === undefined ? [] : [quadVariant(steps(shared))]),
    ...(alone === undefined ? [] : [{ name: 'tiled', dialect: 'cpu' as const, steps: steps(alone) }]),
  ];
}

/** The largest tile whose text an adapter compiles in a second or two; undefined where quads gain nothing. */
function tileOf(p: ConvPoolParams, quads: boolean): ConvPoolTile | undefined {
  const { sizes, window, bytes } = p;
  const { C, K, R, S, stride, dilation } = sizes;
  const [, columns] = windowsOf(p);
  const rowCount = (window[0] - 1) * stride[0] + (R - 1) * dilation[0] + 1;
  const columnsFor = (windows: number): number => (windows * window[1] - 1) * stride[1] + (S - 1) * dilation[1] + 1;
  const fits = (windows: number): boolean => C * rowCount * columnsFor(windows) <= MOST_PIXELS;
  if (quads && K < 4) return undefined;

  let most = columns;
  while (most > 1 && !fits(most)) most--;
  const still = fits(most) && (most >= Math.min(3, columns) || bytes !== undefined);
  const perFilter = sizeOf(window);
  const least = quads ? 4 : 1;
  const wide = Math.max(1, Math.floor(MOST_SUMS / perFilter / (quads ? 8 : 4)));
  const windows = evenly(columns, still ? most : Math.min(wide, columns, 7));
  if (bytes !== undefined && windows < columns) return undefined;
  const walked = Math.max(least, Math.floor(MOST_SUMS / (perFilter * windows) / least) * least);
  const filters = still ? (quads && (K % 4 === 0 || K > 8) ? 4 : 1) : Math.min(walked, Math.ceil(K / least) * least, 16);
  if (quads && filters % 4 !== 0) return undefined;
  const draft = { windows, filters, still, quads, lanes: 4 };
  return { ...draft, lanes: lanesFor(convPoolPlaces(p, draft) * filterBlocks(p, draft)) };
}
