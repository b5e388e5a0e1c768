import { describe, expect, it } from 'vitest';
import * as plain from '../../shaders/conv2d.wgsl.js';
import { conv2dGradWSplit, conv2dGradWSum } from '../../shaders/conv2dGradWSplit.wgsl.js';
import { conv2dGradXTiled, conv2dTiled } from '../../shaders/conv2dTiled.wgsl.js';
import { conv2dSizes } from '../../src/kernels/conv2dSizes.js';
import { convAttrs, convShape } from '../../src/ops/convWindow.js';
import { forwardTile, gradWTile, gradXTile, slicesOf } from '../../src/kernels/convTile.js';
import { convCases } from '../laws/conv2d.js';
import { errorsOfAll, tintErrors } from '../support/tint.js';

const sizesOf = ({ x, w, options = {} }: (typeof convCases)[string]): plain.Conv2dSizes => {
  const attrs = convAttrs('conv2d', options, w);
  return conv2dSizes(x, w, convShape('conv2d', x, w, attrs), attrs);
};

const none = { bias: false, relu: false };
const both = { bias: true, relu: true };

/** Every text that a convolution of these sizes may become. */
function textsOf(sizes: plain.Conv2dSizes): Readonly<Record<string, string>> {
  const [forward, gradX, gradW] = [forwardTile(sizes, false), gradXTile(sizes, false), gradWTile(sizes, false)];
  const [forwardQuad, gradXQuad, gradWQuad] = [
    forwardTile(sizes, true),
    gradXTile(sizes, true),
    gradWTile(sizes, true),
  ];
  return {
    'plain conv2d': plain.conv2d(sizes, none),
    'plain conv2dBias': plain.conv2d(sizes, { bias: true, relu: false }),
    'plain conv2dRelu': plain.conv2d(sizes, { bias: false, relu: true }),
    'plain conv2dBiasRelu': plain.conv2d(sizes, both),
    'plain conv2dGradX': plain.conv2dGradX(sizes),
    'plain conv2dGradW': plain.conv2dGradW(sizes),
    ...(forward && { 'tiled conv2d': conv2dTiled(sizes, forward, none) }),
    ...(forward && { 'tiled conv2dBiasRelu': conv2dTiled(sizes, forward, both) }),
    ...(gradX && { 'tiled conv2dGradX': conv2dGradXTiled(sizes, gradX) }),
    ...(gradW && { 'split conv2dGradW': conv2dGradWSplit(sizes, gradW, slicesOf(sizes, gradW, 'gpu')) }),
    ...(forwardQuad && { 'quad conv2d': conv2dTiled(sizes, forwardQuad, none) }),
    ...(forwardQuad && { 'quad conv2dBiasRelu': conv2dTiled(sizes, forwardQuad, both) }),
    ...(gradXQuad && { 'quad conv2dGradX': conv2dGradXTiled(sizes, gradXQuad) }),
    ...(gradWQuad && { 'quad conv2dGradW': conv2dGradWSplit(sizes, gradWQuad, slicesOf(sizes, gradWQuad, 'cpu')) }),
    ...(gradW && { 'sum of conv2dGradW': conv2dGradWSum({ weights: plain.extents(sizes).w, slices: 7 }) }),
  };
}

describe('every text of a convolution is WGSL', () => {
  for (const [title, convCase] of Object.entries(convCases)) {
    it(title, async () => {
      expect(await errorsOfAll(textsOf(sizesOf(convCase)))).toEqual([]);
    });
  }
});

describe('what the settings decide', () => {
  const square = sizesOf({ x: [1, 2, 8, 8], w: [4, 2, 3, 3] });

  it('without padding nothing is compared with the rim', () => {
    expect(plain.conv2d(square, none)).not.toContain('continue');
    expect(plain.conv2d({ ...square, padding: [1, 1] }, none)).toContain('continue');
    const text = (sizes: plain.Conv2dSizes) => conv2dTiled(sizes, forwardTile(sizes, false)!, none);
    expect(text(square)).not.toContain('select');
    expect(text({ ...square, padding: [1, 0], P: 8 })).toContain('select');
  });

  it('a row that is one tile needs no comparison of columns', () => {
    const padded = { ...square, padding: [0, 1] as const, Q: 8 };
    expect(conv2dTiled(padded, forwardTile(padded, false)!, none)).not.toContain('select');
  });

  it('bias and relu are there or not', () => {
    expect(plain.conv2d(square, none)).not.toMatch(/ b:|select/);
    expect(plain.conv2d(square, both)).toMatch(/ b: array<f32, 4>[\s\S]*select/);
  });
});

describe('tintErrors', () => {
  it('names the line of a fault', async () => {
    const broken = plain.conv2dGradW(sizesOf({ x: [1, 1, 3, 3], w: [1, 1, 2, 2] })).replace('var sum', 'let sum');
    const [error] = await tintErrors(broken);
    expect(error).toMatch(/line \d+: sum \+= rowSum/);
  });
});
