import { linearGroups } from '../../shaders/lib/linear.js';
import * as plain from '../../shaders/pool.wgsl.js';
import * as tiled from '../../shaders/poolTiled.wgsl.js';
import { sizeOf, sizes4, type Shape } from '../core/shape.js';
import type { Op } from '../graph/op.js';
import { avgPool2dGrad, avgPool2dOp, type AvgPoolAttrs } from '../ops/avgPool2d.js';
import { maxPool2dGrad, maxPool2dOp, winners } from '../ops/maxPool2d.js';
import { reluOp } from '../ops/relu.js';
import type { PoolAttrs } from '../ops/poolWindow.js';
import type { Kernel, Slot, Variant } from './kernel.js';
import { operandsOf, single, type Operands } from './single.js';
import { evenly, lanesFor, tileGroups } from './tiling.js';

/** Loads and results of one text: past these, a software adapter's compiler takes too long. */
const MOST_LOADS = 96;
const MOST_PIXELS = 28;
/** Taps of one result that are unrolled. */
const MOST_TAPS = 36;

/** What one op asks of the kernels: its two texts, the row that is tiled, and the memory. */
interface PoolKernel<Attrs extends PoolAttrs> {
  readonly op: Op<Attrs>;
  /** Whether a relu that follows is taken along. */
  readonly takesRelu?: boolean;
  readonly plain: (sizes: plain.PoolSizes) => string;
  readonly tiled: (sizes: plain.PoolSizes, tile: tiled.PoolTile) => string;
  readonly tile: (sizes: plain.PoolSizes) => tiled.PoolTile | undefined;
  /** [width, lines] of the result. */
  readonly result: (sizes: plain.PoolSizes) => readonly [number, number];
  readonly sizes: (operands: Operands<Attrs>) => plain.PoolSizes;
  readonly bind: (operands: Operands<Attrs>) => Readonly<Record<string, Slot>>;
}

function poolKernel<Attrs extends PoolAttrs>(parts: PoolKernel<Attrs>): Kernel {
  return {
    name: parts.op.name,
    match: (node, uses) => {
      const operands = operandsOf(parts.op, node);
      if (operands === undefined) return undefined;
      const next = parts.takesRelu === true ? uses.soleReader(operands.outputs[0]) : undefined;
      const relu = next && operandsOf(reluOp, next);
      const nodes = next === undefined || relu === undefined ? [node] : [node, next];
      const sizes = { ...parts.sizes(operands), relu: relu !== undefined };
      const [width, lines] = parts.result(sizes);
      const bind = { ...parts.bind(operands), ...(relu && { y: relu.outputs[0] }) };
      const flops = sizes.planes * sizes.P * sizes.Q * sizes.window[0] * sizes.window[1];
      const plainVariant: Variant = {
        name: 'plain',
        dialect: 'any',
        steps: () => [{ code: parts.plain(sizes), bind, groups: linearGroups(width * lines), flops }],
      };
      const tile = parts.tile(sizes);
      if (tile === undefined) return { nodes, variants: [plainVariant] };
      const groups = tileGroups(lines * Math.ceil(width / tile.pixels), tile.lanes, 1);
      const tiledVariant: Variant = {
        name: 'tiled',
        dialect: 'cpu',
        steps: () => [{ code: parts.tiled(sizes, tile), bind, groups, flops }],
      };
      return { nodes, variants: [tiledVariant, plainVariant] };
    },
  };
}

/** The sizes of a pool from the shapes of its image and its result (or their gradients). */
function poolSizes(x: Shape, y: Shape, { window, stride, padding, dilation, divisor }: AvgPoolAttrs): plain.PoolSizes {
  const [N, C, H, W] = sizes4(x);
  const [, , P, Q] = sizes4(y);
  return { planes: N * C, H, W, P, Q, window, stride, padding, dilation, divisor };
}

/** As many results of a row as its loads allow; undefined where a window is too large to unroll, or not alike all others. */
function forwardTile(sizes: plain.PoolSizes): tiled.PoolTile | undefined {
  const { planes, P, Q, window, stride } = sizes;
  if (sizes.dilation !== undefined || typeof sizes.divisor === 'string') return undefined;
  if (window[0] * window[1] > MOST_TAPS) return undefined;
  const fit = Math.floor((MOST_LOADS / window[0] - window[1]) / stride[1]) + 1;
  if (fit < 1) return undefined;
  const pixels = evenly(Q, Math.min(MOST_PIXELS, fit));
  return { pixels, lanes: lanesFor(planes * P * Math.ceil(Q / pixels)) };
}

/** The same for the gradients, whose tiles begin where a window of the first row of windows begins. */
function gradTile({ planes, H, W, window, stride, divisor }: plain.PoolSizes): tiled.PoolTile | undefined {
  if (typeof divisor === 'string') return undefined;
  const overlap = Math.ceil(window[0] / stride[0]) * Math.ceil(window[1] / stride[1]);
  if (overlap > MOST_TAPS || stride[1] > MOST_PIXELS) return undefined;
  const most = Math.max(stride[1], Math.min(MOST_PIXELS, Math.floor(MOST_LOADS / overlap)));
  const pixels =
    W <= most ? W : Math.min(most - (most % stride[1]), Math.ceil(evenly(W, most) / stride[1]) * stride[1]);
  return { pixels, lanes: lanesFor(planes * H * Math.ceil(W / pixels)) };
}

const windows = ({ planes, P, Q }: plain.PoolSizes): readonly [number, number] => [Q, planes * P];
const pixels = ({ planes, H, W }: plain.PoolSizes): readonly [number, number] => [W, planes * H];

export const maxPool2dKernel = poolKernel({
  op: maxPool2dOp,
  takesRelu: true,
  plain: plain.maxPool2d,
  tiled: tiled.maxPool2dTiled,
  tile: forwardTile,
  result: windows,
  sizes: ({ inputs: [x], outputs: [y], attrs }) => poolSizes(x.shape, y.shape, attrs),
  bind: ({ inputs: [x], outputs: [y, index] }) => ({ x, y, index }),
});

export const maxPool2dGradKernel = poolKernel({
  op: maxPool2dGrad,
  plain: plain.maxPool2dGrad,
  tiled: tiled.maxPool2dGradTiled,
  tile: gradTile,
  result: pixels,
  sizes: ({ inputs: [dy], outputs: [dx], attrs }) => poolSizes(dx.shape, dy.shape, attrs),
  bind: ({ inputs: [dy, index], outputs: [dx] }) => ({ dy, index, dx }),
});

export const avgPool2dKernel = poolKernel({
  op: avgPool2dOp,
  plain: plain.avgPool2d,
  tiled: tiled.avgPool2dTiled,
  tile: forwardTile,
  result: windows,
  sizes: ({ inputs: [x], outputs: [y], attrs }) => poolSizes(x.shape, y.shape, attrs),
  bind: ({ inputs: [x], outputs: [y] }) => ({ x, y }),
});

export const avgPool2dGradKernel = poolKernel({
  op: avgPool2dGrad,
  plain: plain.avgPool2dGrad,
  tiled: tiled.avgPool2dGradTiled,
  tile: gradTile,
  result: pixels,
  sizes: ({ inputs: [dy], outputs: [dx], attrs }) => poolSizes(dx.shape, dy.shape, attrs),
  bind: ({ inputs: [dy], outputs: [dx] }) => ({ dy, dx }),
});

export const winnersKernel = single(winners, ({ inputs: [x, index], outputs: [y] }) => {
  const [N, C, H, W] = sizes4(x.shape);
  const code = plain.winners({ planes: N * C, plane: H * W, windows: sizeOf(y.shape) / (N * C) });
  return [{ code, bind: { x, index, y }, groups: linearGroups(sizeOf(y.shape)), flops: 0 }];
});
