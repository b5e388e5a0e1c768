import { sizeOf, sizes4, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, sumOver, type Op } from '../graph/op.js';
import { convAttrs, convShape, withWindows, type Conv2dAttrs, type Conv2dOptions } from './convWindow.js';

/** The node behind `conv2d`. */
export const conv2dOp: Op<Conv2dAttrs> = defineOp('conv2d', {
  arity: 2,
  infer: ([x, w], attrs) => [{ shape: convShape('conv2d', x.shape, w.shape, attrs), dtype: 'f32' }],
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
  half: true,
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
    () => conv2dOp.one([ddx, w], withWindows(attrs, attrs.image, imageOf(w.shape), imageOf(dy.shape))),
    () => conv2dGradW.one([dy, ddx], { ...attrs, window: imageOf(w.shape) }),
  ],
  half: true,
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
    () => conv2dOp.one([x, ddw], withWindows(attrs, imageOf(x.shape), attrs.window, imageOf(dy.shape))),
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
 *   y[n,k,p,q] = Σ_{c,r,s} x[n,c, p·stride+r·dilation−top, q·stride+s·dilation−left] · w[k,c,r,s]
 *
 * @param x images [N, C, H, W]; outside the image x is 0
 * @param w filters [K, C/groups, R, S]; filter k sees the channels of its group alone. With as many groups as channels
 *   the convolution is depthwise
 * @returns y [N, K, P, Q] with P = ⌊(H + top + bottom − dilation·(R − 1) − 1) / stride⌋ + 1, and Q likewise
 * @throws EngineError 'shape' if channels and groups disagree, the window is larger than the padded image, or 'same'
 *   padding is asked for with another stride than 1
 * Called convolution throughout, as in Goodfellow et al. 2016, eq. 9.6: the filter is not flipped. Layouts and
 * attributes are those of torch.nn.functional.conv2d, and of ONNX Conv, whose pads may differ from side to side.
 */
export const conv2d = (x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor =>
  conv2dOp.one([x, w], convAttrs('conv2d', options, w.shape));
