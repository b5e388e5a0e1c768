import { EngineError } from '../core/errors.js';
import { mustBeWhole, mustHaveRank, sizeOf, sizes4, textOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, sumOver, type Op } from '../graph/op.js';

/** How a window walks over an image; each pair is [rows, columns]. */
export interface Conv2dAttrs {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

type Pair = number | readonly [number, number];

export interface Conv2dOptions {
  /** Pixels between neighbouring windows, at least 1; 1 by default. */
  readonly stride?: Pair;
  /** Zeros added on every side; 0 by default. */
  readonly padding?: Pair;
  /** Pixels between neighbouring taps of one window, at least 1; 1 by default. */
  readonly dilation?: Pair;
  /** Channels are split into so many independent convolutions; 1 by default. */
  readonly groups?: number;
}

/** A number for both axes, or one for each. */
export const pairOf = (value: Pair | undefined, otherwise: number): readonly [number, number] =>
  value === undefined ? [otherwise, otherwise] : typeof value === 'number' ? [value, value] : value;

/** Windows along one axis: ⌊(size + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1. */
export const windowsAlong = (size: number, window: number, stride: number, padding: number, dilation = 1): number =>
  Math.floor((size + 2 * padding - dilation * (window - 1) - 1) / stride) + 1;

function attrsFrom(options: Conv2dOptions): Conv2dAttrs {
  const attrs: Conv2dAttrs = {
    stride: pairOf(options.stride, 1),
    padding: pairOf(options.padding, 0),
    dilation: pairOf(options.dilation, 1),
    groups: options.groups ?? 1,
  };
  for (const axis of [0, 1] as const) {
    mustBeWhole('conv2d', 'stride', attrs.stride[axis], 1);
    mustBeWhole('conv2d', 'padding', attrs.padding[axis], 0);
    mustBeWhole('conv2d', 'dilation', attrs.dilation[axis], 1);
  }
  mustBeWhole('conv2d', 'groups', attrs.groups, 1);
  return attrs;
}

function outputShape(x: Shape, w: Shape, { stride, padding, dilation, groups }: Conv2dAttrs): Shape {
  mustHaveRank('conv2d', 'x', x, 4, '[N, C, H, W]');
  mustHaveRank('conv2d', 'w', w, 4, '[K, C/groups, R, S]');
  const [N, C, H, W] = sizes4(x);
  const [K, Cg, R, S] = sizes4(w);
  if (C !== Cg * groups || K % groups !== 0) {
    throw new EngineError('shape', {
      place: 'conv2d',
      given: `${C} channels and ${K} filters of ${Cg} channels in ${groups} groups (x ${textOf(x)}, w ${textOf(w)})`,
      wanted: 'channels = groups × channels of a filter, and a number of filters that groups divide',
    });
  }
  const P = windowsAlong(H, R, stride[0], padding[0], dilation[0]);
  const Q = windowsAlong(W, S, stride[1], padding[1], dilation[1]);
  if (P < 1 || Q < 1) {
    throw new EngineError('shape', {
      place: 'conv2d',
      given: `a ${R}×${S} window with dilation ${dilation.join('×')} on a ${H}×${W} image with padding ${padding.join('×')}`,
      wanted: 'a window that fits the padded image',
      wayOut: 'Add padding or use a smaller window.',
    });
  }
  return [N, K, P, Q];
}

/** The node behind `conv2d`. */
export const conv2dOp: Op<Conv2dAttrs> = defineOp('conv2d', {
  arity: 2,
  infer: ([x, w], attrs) => [{ shape: outputShape(x.shape, w.shape, attrs), dtype: 'f32' }],
  at: ([x, w], [n, k, p, q], { stride, padding, dilation, groups }) => {
    const [, , H, W] = sizes4(x.shape);
    const [K, Cg, R, S] = sizes4(w.shape);
    const firstChannel = Math.floor(k / (K / groups)) * Cg;
    return sumOver(Cg, (c) =>
      sumOver(R, (r) =>
        sumOver(S, (s) => {
          const row = p * stride[0] - padding[0] + r * dilation[0];
          const column = q * stride[1] - padding[1] + s * dilation[1];
          if (row < 0 || row >= H || column < 0 || column >= W) return 0;
          return x.at(n, firstChannel + c, row, column) * w.at(k, c, r, s);
        }),
      ),
    );
  },
  terms: ([, w]) => sizeOf(w.shape.slice(1)),
  gradient: (dy, [x, w], attrs) => [
    () => conv2dGradX.one([dy, w], { ...attrs, image: imageOf(x.shape) }),
    () => conv2dGradW.one([dy, x], { ...attrs, window: imageOf(w.shape) }),
  ],
});

/** The attributes of a convolution, and H and W of its image: stride and flooring hide them from dy. */
export type Conv2dGradXAttrs = Conv2dAttrs & { readonly image: readonly [number, number] };

/**
 * dx[n,c,h,·] = Σ_{k,r,s} dy[n,k,p,·]·w[k,c,r,s] over the windows p with p·stride − padding + r·dilation = h, and so for columns.
 * dy [N, K, P, Q], w [K, C/groups, R, S] → dx [N, C, H, W].
 */
export const conv2dGradX: Op<Conv2dGradXAttrs> = defineOp('conv2dGradX', {
  arity: 2,
  infer: ([dy, w], { image, groups }) => [
    { shape: [sizes4(dy.shape)[0], sizes4(w.shape)[1] * groups, ...image], dtype: 'f32' },
  ],
  at: ([dy, w], [n, c, h, column], { stride, padding, dilation, groups }) => {
    const [, K, P, Q] = sizes4(dy.shape);
    const [, Cg, R, S] = sizes4(w.shape);
    const filters = K / groups;
    const firstFilter = Math.floor(c / Cg) * filters;
    return sumOver(R, (r) =>
      sumOver(S, (s) => {
        const p = (h + padding[0] - r * dilation[0]) / stride[0];
        const q = (column + padding[1] - s * dilation[1]) / stride[1];
        if (!Number.isInteger(p) || !Number.isInteger(q) || p < 0 || p >= P || q < 0 || q >= Q) return 0;
        return sumOver(filters, (k) => dy.at(n, firstFilter + k, p, q) * w.at(firstFilter + k, c % Cg, r, s));
      }),
    );
  },
  terms: ([, w], { groups }) => sizeOf(w.shape) / groups / sizes4(w.shape)[1],
  gradient: (ddx, [dy, w], attrs) => [
    () => conv2dOp.one([ddx, w], attrs),
    () => conv2dGradW.one([dy, ddx], { ...attrs, window: imageOf(w.shape) }),
  ],
});

/** The attributes of a convolution, and R and S of its window. */
export type Conv2dGradWAttrs = Conv2dAttrs & { readonly window: readonly [number, number] };

/**
 * dw[k,c,r,s] = Σ_{n,p,q} dy[n,k,p,q]·x[n, c of k's group, p·stride−padding+r·dilation, q·stride−padding+s·dilation].
 * dy [N, K, P, Q], x [N, C, H, W] → dw [K, C/groups, R, S].
 */
export const conv2dGradW: Op<Conv2dGradWAttrs> = defineOp('conv2dGradW', {
  arity: 2,
  infer: ([dy, x], { window, groups }) => [
    { shape: [sizes4(dy.shape)[1], sizes4(x.shape)[1] / groups, ...window], dtype: 'f32' },
  ],
  at: ([dy, x], [k, c, r, s], { stride, padding, dilation, groups }) => {
    const [N, K, P, Q] = sizes4(dy.shape);
    const [, C, H, W] = sizes4(x.shape);
    const channel = Math.floor(k / (K / groups)) * (C / groups) + c;
    // Tens of thousands of terms an element: rows are walked by their positions.
    return sumOver(N, (n) =>
      sumOver(P, (p) => {
        const row = p * stride[0] - padding[0] + r * dilation[0];
        if (row < 0 || row >= H) return 0;
        const [dyRow, xRow] = [((n * K + k) * P + p) * Q, ((n * C + channel) * H + row) * W];
        let total = 0;
        for (let q = 0; q < Q; q++) {
          const column = q * stride[1] - padding[1] + s * dilation[1];
          if (column >= 0 && column < W) total += dy.flat(dyRow + q) * x.flat(xRow + column);
        }
        return total;
      }),
    );
  },
  terms: ([dy]) => sizeOf(dy.shape) / sizes4(dy.shape)[1],
  gradient: (ddw, [dy, x], attrs) => [
    () => conv2dOp.one([x, ddw], attrs),
    () => conv2dGradX.one([dy, ddw], { ...attrs, image: imageOf(x.shape) }),
  ],
});

const imageOf = (shape: Shape): readonly [number, number] => {
  const [, , rows, columns] = sizes4(shape);
  return [rows, columns];
};

/**
 * 2-D cross-correlation of a batch of images with a bank of filters.
 *
 *   y[n,k,p,q] = Σ_{c,r,s} x[n,c, p·stride+r·dilation−padding, q·stride+s·dilation−padding] · w[k,c,r,s]
 *
 * @param x images [N, C, H, W]; outside the image x is 0
 * @param w filters [K, C/groups, R, S]; filter k sees the channels of its group alone
 * @returns y [N, K, P, Q] with P = ⌊(H + 2·padding − dilation·(R − 1) − 1) / stride⌋ + 1, and Q likewise
 * @throws EngineError 'shape' if channels and groups disagree or the window is larger than the padded image
 * Called convolution throughout, as in Goodfellow et al. 2016, eq. 9.6: the filter is not flipped. Layouts and
 * attributes are those of torch.nn.functional.conv2d and of ONNX Conv.
 */
export const conv2d = (x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor =>
  conv2dOp.one([x, w], attrsFrom(options));
