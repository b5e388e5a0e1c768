import { reachesPast, type Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import type { HeldConv } from '../../shaders/convHeld.wgsl.js';
import { bytesLoad, imageLoad, type ConvLoad } from '../../shaders/lib/convLoads.js';
import { pixelStore, poolStore } from '../../shaders/lib/convStores.js';
import { sizeOf } from '../core/shape.js';
import type { Node, Tensor } from '../graph/graph.js';
import { conv2dOp } from '../ops/conv2d.js';
import { maxPool2dOp } from '../ops/maxPool2d.js';
import { reluOp } from '../ops/relu.js';
import { biasOf } from './convBiasRelu.js';
import { conv2dFlops, conv2dSizes } from './conv2dSizes.js';
import { heldVariants } from './convHeld.js';
import { convPoolGpuVariant } from './convPoolGpu.js';
import { gatheredFrom } from './gathered.js';
import type { Kernel } from './kernel.js';
import { operandsOf } from './single.js';

/** Pixels of a window past which a text is too long to unroll. */
const MOST_WINDOW = 9;
/** From so many channels on, a GPU multiplies matrices instead, and pools in a dispatch of its own. */
const MANY_CHANNELS = 16;

/**
 * [gatherImages →] conv2d → bias → max-pool → relu, each but the convolution if it is there: what a convolutional layer
 * keeps. The compiler has moved relu behind the pool. The pixels before the pool are never stored, nor is a batch of
 * images whose bytes can be read as they are.
 */
export const convPoolKernel: Kernel = {
  name: 'convPool',
  match: (node, uses) => {
    const conv = operandsOf(conv2dOp, node);
    if (conv === undefined) return undefined;
    const [x, w] = conv.inputs;
    let [y] = conv.outputs;
    const sizes = conv2dSizes(x.shape, w.shape, y.shape, conv.attrs);
    const isGpu = uses.profile.dialect === 'gpu';
    if (isGpu ? sizes.C / sizes.groups >= MANY_CHANNELS : sizes.groups > 1) return undefined;
    const nodes = [node];
    const take = (next: Node, output: Tensor | undefined): void => {
      nodes.push(next);
      y = output ?? y;
    };

    const adds = uses.soleReader(y);
    const b = biasOf(adds, y, node);
    if (b !== undefined && adds !== undefined) take(adds, adds.outputs[0]);
    const next = uses.soleReader(y);
    const pool = next && (isGpu ? densePoolOf(next) : tiledPoolOf(next));
    if (next !== undefined && pool !== undefined) take(next, pool.outputs[0]);
    const last = uses.soleReader(y);
    const relu = last !== undefined && reluOp.attrsOf(last) !== undefined;
    if (relu) take(last, last.outputs[0]);

    if (isGpu && pool === undefined) return undefined;
    const { N, K, P, Q } = sizes;
    const index =
      pool !== undefined && (uses.readers(pool.outputs[1]).length > 0 || uses.isKept(pool.outputs[1]))
        ? pool.outputs[1]
        : undefined;
    const window = pool?.attrs.window ?? ([1, 1] as const);
    if (isGpu && pool !== undefined) {
      const gathered = gatheredFrom(x);
      const variant = convPoolGpuVariant({
        sizes,
        pool: pool.attrs,
        x,
        gathered,
        w,
        b,
        relu: relu ? 'after' : undefined,
        y,
        index,
      });
      return variant && { nodes, variants: [variant], again: gathered?.again ?? [] };
    }
    const windows = [Math.floor(P / window[0]), Math.floor(Q / window[1])] as const;
    const source = sourceOf(x, sizes);
    const held = heldForward(sizes, [windows[0] * window[0], windows[1] * window[1]], source.load, {
      bias: b !== undefined,
      store:
        pool === undefined
          ? pixelStore({ to: 'y', N, K, P, Q, relu, gate: false })
          : poolStore({ N, K, windows, window, width: Q, relu, index: index !== undefined }),
    });
    const rows = pool === undefined ? (P % 2 === 0 ? 2 : 1) : window[0];
    const flops =
      conv2dFlops(sizes) + (Number(b !== undefined) + Number(relu) + (pool ? sizeOf(window) : 0)) * sizeOf(y.shape);
    const bind = { ...source.bind, w, y, ...(b && { b }), ...(index && { index }) };
    const cut = { unit: window[1], rows: [rows], wholeRows: source.again.length > 0 };
    const variants = heldVariants(held, cut, bind, flops);
    return variants.length === 0 ? undefined : { nodes, variants, again: source.again };
  },
};

/** A max-pool whose windows have no holes. */
function densePoolOf(node: Node) {
  const pool = operandsOf(maxPool2dOp, node);
  return pool?.attrs.dilation === undefined ? pool : undefined;
}

/** A max-pool whose windows tile the image from its first pixel on. */
function tiledPoolOf(node: Node) {
  const pool = operandsOf(maxPool2dOp, node);
  if (pool === undefined || sizeOf(pool.attrs.window) > MOST_WINDOW) return undefined;
  const { window, stride, padding, dilation, ceil } = pool.attrs;
  if (dilation !== undefined || ceil === true) return undefined;
  return window.every((size, axis) => size === stride[axis] && padding[axis] === 0) ? pool : undefined;
}

/** Where a convolution's images come from: memory, or bytes where a row is whole words and nothing is read outside it. */
export interface Source {
  readonly load: ConvLoad;
  readonly bind: Readonly<Record<string, Tensor>>;
  /** What is computed again as it loads. */
  readonly again: readonly Node[];
}

export function sourceOf(x: Tensor, sizes: Conv2dSizes): Source {
  const { N, C, H, W } = sizes;
  const gathered = gatheredFrom(x);
  const fits = W % 4 === 0 && W <= 64 && !reachesPast(sizes, 0) && !reachesPast(sizes, 1);
  if (gathered === undefined || !fits) return { load: imageLoad('x', { N, C, H, W }), bind: { x }, again: [] };
  const { bytes, bind, again } = gathered;
  return { load: bytesLoad(bytes), bind, again };
}

const heldForward = (
  { N, C, H, W, K, R, S, stride, padding, dilation }: Conv2dSizes,
  results: readonly [number, number],
  load: ConvLoad,
  rest: Pick<HeldConv, 'bias' | 'store'>,
): HeldConv => ({
  name: 'conv2dHeld',
  N,
  C,
  K,
  image: [H, W],
  results,
  taps: [R, S],
  stride,
  padding,
  dilation,
  weights: { size: K * C * R * S, summed: R * S, result: C * R * S },
  weightOf: (r, s) => r * S + s,
  load,
  ...rest,
});
