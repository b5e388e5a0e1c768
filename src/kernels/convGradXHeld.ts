import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import type { HeldConv } from '../../shaders/convHeld.wgsl.js';
import { imageLoad, unpoolLoad, type ConvLoad, type Unpool } from '../../shaders/lib/convLoads.js';
import { pixelStore } from '../../shaders/lib/convStores.js';
import { sizes4 } from '../core/shape.js';
import type { Node, Tensor } from '../graph/graph.js';
import { conv2dGradX } from '../ops/conv2d.js';
import { maxPool2dGrad } from '../ops/maxPool2d.js';
import { reluGrad } from '../ops/relu.js';
import { conv2dFlops, conv2dSizes } from './conv2dSizes.js';
import { heldVariants } from './convHeld.js';
import type { Kernel } from './kernel.js';
import { operandsOf } from './single.js';

/**
 * [maxPool2dGrad →] conv2dGradX → reluGrad, each but the convolution if it is there. The slopes of a pool are scattered as
 * they are loaded, so the image that they would make is never stored.
 */
export const convGradXHeldKernel: Kernel = {
  name: 'convGradXHeld',
  match: (node, uses) => {
    const conv = operandsOf(conv2dGradX, node);
    if (conv === undefined || uses.profile.dialect !== 'cpu') return undefined;
    const [dy, w] = conv.inputs;
    const [sum] = conv.outputs;
    const sizes = conv2dSizes(sum.shape, w.shape, dy.shape, conv.attrs);
    const { N, C, H, W, stride, padding, dilation, groups, R, S } = sizes;
    // Turned round, the padding is what the window reaches further than the padding was.
    const turned = [(R - 1) * dilation[0] - padding[0], (S - 1) * dilation[1] - padding[1]] as const;
    if (groups > 1 || stride[0] > 1 || stride[1] > 1 || turned[0] < 0 || turned[1] < 0) return undefined;

    const next = uses.soleReader(sum);
    const gate = next && operandsOf(reluGrad, next);
    const isGated = next !== undefined && gate?.inputs[0] === sum;
    const dx = isGated ? gate.outputs[0] : sum;
    const source = slopesOf(dy, sizes);
    const held: HeldConv = {
      ...heldBackward(sizes, turned),
      image: source.image,
      load: source.load,
      store: pixelStore({ to: 'dx', N, K: C, P: H, Q: W, relu: false, gate: isGated }),
    };
    const bind = { ...source.bind, w, dx, ...(isGated && { gate: gate.inputs[1] }) };
    // Strips begin where a window of the pool begins.
    const [tall, unit] = source.window;
    const least = tall > 1 ? tall : H % 2 === 0 ? 2 : 1;
    const rows = [...new Set([least, 2 * least, Math.ceil(H / tall) * tall])];
    const cut = { unit, rows, wholeRows: false };
    const variants = heldVariants(held, cut, bind, conv2dFlops(sizes));
    if (variants.length === 0) return undefined;
    return { nodes: isGated ? [node, next] : [node], variants, again: source.again };
  },
};

/** Where the slopes of a convolution's results come from: memory, or a max-pool whose windows tile them. */
export interface Slopes {
  readonly load: ConvLoad;
  readonly bind: Readonly<Record<string, Tensor>>;
  readonly again: readonly Node[];
  /** Rows and columns of a window of the pool; [1, 1] where there is none. */
  readonly window: readonly [number, number];
  /** Rows and columns that may have slopes: a rim that no window sees has none. */
  readonly image: readonly [number, number];
}

export function slopesOf(dy: Tensor, { N, K, P, Q }: Conv2dSizes): Slopes {
  const scattered = scatteredFrom(dy);
  if (scattered === undefined) {
    return { load: imageLoad('dy', { N, C: K, H: P, W: Q }), bind: { dy }, again: [], window: [1, 1], image: [P, Q] };
  }
  const { pool, bind, again } = scattered;
  const { window, windows } = pool;
  return { load: unpoolLoad(pool), bind, again, window, image: [windows[0] * window[0], windows[1] * window[1]] };
}

/** A max-pool's gradient that a kernel can scatter as it loads: its windows tile the image. */
export interface Scattered {
  readonly pool: Unpool;
  readonly bind: Readonly<Record<'dy' | 'index', Tensor>>;
  readonly again: readonly Node[];
}

export function scatteredFrom(dx: Tensor): Scattered | undefined {
  const pool = dx.node && operandsOf(maxPool2dGrad, dx.node);
  if (pool === undefined || dx.node === undefined) return undefined;
  const { window, stride, padding, dilation } = pool.attrs;
  const [dy, index] = pool.inputs;
  const [N, C, U, V] = sizes4(dy.shape);
  const [, , P, Q] = sizes4(dx.shape);
  // A window that reaches past the results would have their pixels' places twice.
  const reached = [U * window[0] - P, V * window[1] - Q];
  const isTiled = window.every(
    (size, axis) => size === stride[axis] && padding[axis] === 0 && (reached[axis] ?? 0) <= 0,
  );
  if (!isTiled || dilation !== undefined) return undefined;
  return { pool: { N, C, windows: [U, V], window, width: Q }, bind: { dy, index }, again: [dx.node] };
}

const heldBackward = (
  { N, C, K, H, W, R, S, dilation }: Conv2dSizes,
  padding: readonly [number, number],
): Omit<HeldConv, 'load' | 'store' | 'image'> => ({
  name: 'conv2dGradXHeld',
  N,
  C: K,
  K: C,
  results: [H, W],
  taps: [R, S],
  stride: [1, 1],
  padding,
  dilation,
  weights: { size: K * C * R * S, summed: C * R * S, result: R * S },
  weightOf: (r, s) => (R - 1 - r) * S + S - 1 - s,
  bias: false,
});
