import { EngineError } from '../core/errors.js';
import { mustBeWhole, mustHaveRank, sizes4, textOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { conv2dGradX, type Conv2dGradXAttrs } from './conv2d.js';
import { convAttrs, pairOf, reachOf, type Conv2dOptions, type Pair, type Sides } from './convWindow.js';

export interface ConvTranspose2dOptions extends Pick<Conv2dOptions, 'stride' | 'dilation' | 'groups'> {
  /** Rows and columns that are left out at every side of the result; 0 by default. [[top, bottom], [left, right]] too. */
  readonly padding?: Sides;
  /**
   * Rows and columns more at the end of the result, fewer than the stride or the dilation; 0 by default. Images of
   * several sizes have as many windows, and this says which of them is meant.
   */
  readonly outputPadding?: Pair;
}

function attrsFrom(x: Shape, w: Shape, options: ConvTranspose2dOptions): Conv2dGradXAttrs {
  const place = 'convTranspose2d';
  mustHaveRank(place, 'x', x, 4, '[N, K, P, Q]');
  mustHaveRank(place, 'w', w, 4, '[K, C/groups, R, S]');
  const { stride, padding, end = padding, dilation, groups } = convAttrs(place, options, w);
  const [, filters, P, Q] = sizes4(x);
  const [K, , R, S] = sizes4(w);
  if (filters !== K || K % groups !== 0) {
    throw new EngineError('shape', {
      place,
      given: `${filters} channels in ${groups} groups and filters for ${K} (x ${textOf(x)}, w ${textOf(w)})`,
      wanted: 'as many channels as filters, a number that groups divide',
    });
  }
  const outputPadding = pairOf(options.outputPadding, 0);
  const sideOf = (axis: 0 | 1, results: number, window: number): number => {
    mustBeWhole(place, 'outputPadding', outputPadding[axis], 0);
    if (outputPadding[axis] >= Math.max(stride[axis], dilation[axis])) {
      throw new EngineError('shape', {
        place,
        given: `outputPadding ${outputPadding.join('×')} with stride ${stride.join('×')} and dilation ${dilation.join('×')}`,
        wanted: 'fewer pixels than the stride or the dilation',
      });
    }
    const whole = (results - 1) * stride[axis] + reachOf(window, dilation[axis]) + outputPadding[axis];
    return whole - padding[axis] - end[axis];
  };
  const image = [sideOf(0, P, R), sideOf(1, Q, S)] as const;
  if (image[0] < 1 || image[1] < 1) {
    throw new EngineError('shape', {
      place,
      given: `a ${R}×${S} window on ${P}×${Q} pixels with padding ${textOf(padding)} before and ${textOf(end)} after`,
      wanted: 'a result of at least one pixel',
      wayOut: 'Use less padding.',
    });
  }
  return { stride, padding, dilation, groups, image };
}

/**
 * The adjoint of `conv2d`: every pixel of x adds its filter, times itself, to the window that it stands for.
 *
 *   y[n,c,h,w] = Σ_{k,r,s} x[n,k,p,q] · w[k,c,r,s] over the windows (p, q) with p·stride + r·dilation − top = h, and so for w
 *
 * @param x images [N, K, P, Q]
 * @param w filters [K, C/groups, R, S]
 * @returns y [N, C, H, W] with H = (P − 1)·stride − top − bottom + dilation·(R − 1) + outputPadding + 1, and W likewise
 * @throws EngineError 'shape' if channels and groups disagree, outputPadding is not below stride or dilation, or nothing
 *   is left of the result
 * As torch.nn.functional.conv_transpose2d (Dumoulin & Visin 2016, arXiv 1603.07285, §4).
 */
export const convTranspose2d = (x: Tensor, w: Tensor, options: ConvTranspose2dOptions = {}): Tensor =>
  conv2dGradX.one([x, w], attrsFrom(x.shape, w.shape, options));
