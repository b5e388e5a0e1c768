import { largerPartQuantiles } from '../core/beta.js';
import { EngineError } from '../core/errors.js';
import { imageWord, wholeBelow } from '../core/random.js';
import { mustBeWhole, sizeOf, textOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, gamma, type Op } from '../graph/op.js';
import { mustBe, mustBeWord } from './operands.js';

export interface MixupAttrs {
  /** α of Beta(α, α), from 0.01 to 100: the larger, the more often halves are mixed. */
  readonly alpha: number;
  /** Which run: a word. */
  readonly seed: number;
  /** Which use of random numbers within the run: a word. */
  readonly stream: number;
  /** Steps of an epoch: step ÷ perEpoch, rounded down, is the epoch. */
  readonly perEpoch: number;
}

/** Cells of λ's distribution, each as likely. */
export const MIXUP_CELLS = 256;

/** The numbers of an image's draws. */
export const MIXUP_DRAW = { part: 0, partner: 1 } as const;

/** The node behind `mixup`: outputs rows of partners, their images, and parts. */
export const mixupOp: Op<MixupAttrs> = defineOp('mixup', {
  arity: 3,
  infer: ([indices, live, step], { alpha, seed, stream, perEpoch }) => {
    mustBe('mixup', 'indices', indices, 'u32', ['N']);
    mustBeWord('mixup', 'live', live);
    mustBeWord('mixup', 'step', step);
    mustBeWhole('mixup', 'perEpoch', perEpoch, 1);
    const given = [seed, stream].find((word) => !(Number.isInteger(word) && word >= 0 && word < 2 ** 32));
    if (given !== undefined) fail(`seed ${seed} and stream ${stream}`, 'whole numbers from 0 to 2³² − 1');
    if (!(alpha >= 0.01 && alpha <= 100)) fail(`α ${alpha}`, 'a number from 0.01 to 100');
    if (sizeOf(indices.shape) > 65_536) fail(`a batch of ${sizeOf(indices.shape)}`, 'at most 65,536');
    return [
      { shape: indices.shape, dtype: 'u32' },
      { shape: indices.shape, dtype: 'u32' },
      { shape: indices.shape, dtype: 'f32' },
    ];
  },
  at: ([indices, live, step], [n], { alpha, seed, stream, perEpoch }, output) => {
    const place = { seed, stream, epoch: Math.floor(step.flat(0) / perEpoch), image: indices.at(n) };
    if (output === 2) return partOf(alpha, imageWord(place, MIXUP_DRAW.part) >>> 8);
    const others = live.flat(0) - 1;
    const by = 1 + wholeBelow(imageWord(place, MIXUP_DRAW.partner), others);
    const partner = n > others || others < 1 ? n : (n + by) % (others + 1);
    return output === 0 ? partner : indices.at(partner);
  },
  // Of numbers up to 1: two constants' roundings, a difference, a product and a sum.
  errorBound: (_, __, ___, output) => (output === 2 ? gamma(6) : 0),
});

function fail(given: string, wanted: string): never {
  throw new EngineError('usage', { place: 'mixup', given, wanted });
}

/** λ from 24 bits: 8 choose the cell, and 16 the place in it. */
function partOf(alpha: number, bits: number): number {
  const quantiles = largerPartQuantiles(alpha, MIXUP_CELLS);
  const cell = bits >>> 16;
  const [from = 0.5, to = 1] = [quantiles[cell], quantiles[cell + 1]];
  return from + (to - from) * ((bits & 0xffff) / 65_536);
}

/**
 * Which image of its batch each image is mixed with, and how much of its own stays: λ, the larger of two parts of
 * Beta(α, α), so from ½ to 1. As pairs are drawn alike in both orders, that leaves the mixtures distributed as they would
 * be with any λ, and an image stays the larger part of what it is in. λ is a function of (seed, stream, epoch, image); the
 * partner too, counted among the other live rows of the batch, each as likely. An image alone is its own partner, and so is
 * a row past the live ones. The distribution of λ is exact to within 1/512 (256 equally likely cells, even in each).
 *
 * @param indices u32 [N], which image of the set each is
 * @param live u32 [1], rows of the batch that are images
 * @param step u32 [1], which step of the run
 * @returns partners u32 [N], rows of the batch; images u32 [N], theirs in the set; own f32 [N], λ
 * @throws EngineError 'usage' for an α out of range
 * Source: Zhang et al. 2017, arXiv 1710.09412, §2; there one λ a batch, here one an image.
 */
export function mixup(
  indices: Tensor,
  live: Tensor,
  step: Tensor,
  attrs: MixupAttrs,
): { readonly partners: Tensor; readonly images: Tensor; readonly own: Tensor } {
  const made = mixupOp.apply([indices, live, step], attrs);
  const [partners, images, own] = made as unknown as readonly [Tensor, Tensor, Tensor];
  return { partners, images, own };
}

/** The node behind `mixRows`. */
export const mixRowsOp: Op<object> = defineOp('mixRows', {
  arity: 3,
  infer: ([x, partners, own]) => {
    mustBe('mixRows', 'x', x, 'f32');
    if (x.shape.length === 0) {
      throw new EngineError('shape', { place: 'mixRows', given: `x ${textOf(x.shape)}`, wanted: 'rows: x [N, …]' });
    }
    mustBe('mixRows', 'partners', partners, 'u32', x.shape.slice(0, 1));
    mustBe('mixRows', 'own', own, 'f32', x.shape.slice(0, 1));
    return [{ shape: x.shape, dtype: 'f32' }];
  },
  at: ([x, partners, own], [n, ...place]) =>
    own.at(n) * x.at(n, ...place) + (1 - own.at(n)) * x.at(partners.at(n), ...place),
  // A difference, a product and a sum.
  errorBound: ([x, partners, own], [n, ...place]) =>
    gamma(4) * (Math.abs(own.at(n) * x.at(n, ...place)) + Math.abs((1 - own.at(n)) * x.at(partners.at(n), ...place))),
  half: true,
});

/**
 * Each row mixed with another: y[n, …] = own[n]·x[n, …] + (1 − own[n])·x[partners[n], …]. It has no gradient: nothing
 * before it is learned.
 * @param x f32 [N, …]
 * @param partners u32 [N], below N
 * @param own f32 [N]
 */
export const mixRows = (x: Tensor, partners: Tensor, own: Tensor): Tensor => mixRowsOp.one([x, partners, own], {});
