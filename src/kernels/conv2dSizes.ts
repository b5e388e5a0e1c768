import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import { sizes4, type Shape } from '../core/shape.js';
import type { Conv2dAttrs } from '../ops/convWindow.js';

/** The sizes of a convolution from the shapes of its three operands: images, filters and result (or their gradients). */
export function conv2dSizes(
  x: Shape,
  w: Shape,
  y: Shape,
  { stride, padding, dilation, groups }: Conv2dAttrs,
): Conv2dSizes {
  const [N, C, H, W] = sizes4(x);
  const [K, , R, S] = sizes4(w);
  const [, , P, Q] = sizes4(y);
  return { N, C, H, W, K, R, S, P, Q, stride, padding, dilation, groups };
}

/** Multiplications and additions of a convolution, or of either of its gradients. */
export const conv2dFlops = ({ N, C, K, R, S, P, Q, groups }: Conv2dSizes): number =>
  (2 * N * K * P * Q * C * R * S) / groups;
