import { EngineError } from '../core/errors.js';
import { imageWord, signed, wholeBelow } from '../core/random.js';
import { mustBeWhole } from '../core/shape.js';
import { positionOf } from '../graph/evaluate.js';
import type { Tensor, Values } from '../graph/graph.js';
import { defineOp, gamma, type Op } from '../graph/op.js';
import { augmentationOf, DRAW, NOISE_DEVIATION, NOISE_MEAN } from './augmentation.js';
import type { Augmentation, AugmentOptions } from './augmentation.js';
import { mustBe, mustBeWord } from './operands.js';

export interface AugmentAttrs extends AugmentOptions {
  /** Which run: a word. */
  readonly seed: number;
  /** Which use of random numbers within the run: a word. */
  readonly stream: number;
  /** Steps of an epoch: step ÷ perEpoch, rounded down, is the epoch. */
  readonly perEpoch: number;
  /** What lies around an image. */
  readonly fill: number;
}

/** The node behind `augment`. */
export const augmentOp: Op<AugmentAttrs> = defineOp('augment', {
  arity: 3,
  infer: ([x, indices, step], attrs) => {
    mustBe('augment', 'x', x, 'f32', ['N', 'C', 'H', 'W']);
    mustBe('augment', 'indices', indices, 'u32', x.shape.slice(0, 1));
    mustBeWord('augment', 'step', step);
    mustBeWhole('augment', 'perEpoch', attrs.perEpoch, 1);
    for (const word of [attrs.seed, attrs.stream]) {
      if (Number.isInteger(word) && word >= 0 && word < 2 ** 32) continue;
      const given = `seed ${attrs.seed} and stream ${attrs.stream}`;
      throw new EngineError('usage', { place: 'augment', given, wanted: 'whole numbers from 0 to 2³² − 1' });
    }
    if (!Number.isFinite(attrs.fill)) {
      throw new EngineError('usage', { place: 'augment', given: `fill ${attrs.fill}`, wanted: 'a finite number' });
    }
    augmentationOf(attrs, x.shape[2] ?? 1, x.shape[3] ?? 1);
    return [{ shape: x.shape, dtype: 'f32' }];
  },
  at: (operands, index, attrs) => {
    const { isErased, noise, sample, source } = elementOf(operands, index, attrs);
    return isErased ? 0 : bilinear(sample, source.row, source.column) + noise;
  },
  errorBound: (operands, index, attrs) => {
    const { isErased, noise, sample, source, size } = elementOf(operands, index, attrs);
    if (isErased) return 0;
    const value = bilinear(sample, source.row, source.column);
    // Constant, product and sum.
    const added = noise === 0 ? 0 : gamma(3) * (Math.abs(value) + Math.abs(noise));
    return added + (source.error === 0 ? 0 : bilinearError(sample, source, size));
  },
  half: true,
});

/**
 * Images changed by chance, for training:
 *
 *   y[n, c, p] = x[n, c, q(p)] + noise·z, but 0 in an erased rectangle
 *   q(p) = S⁻¹·R·(p − m) + m − shift + elastic(p), with m the middle; R turns and leans, S scales
 *
 * read bilinearly between pixels and `fill` outside the image. All that is drawn is a function of (seed, stream, epoch,
 * image), image by its index in the set: the same in any batch, and the same when a run goes on. Moves are the same in all
 * channels. The elastic displacement is drawn at points of a grid and goes from one to the next by f²(3 − 2f); z is the sum
 * of twelve bytes, of mean 0 and deviation 1 (normal to within 0.003 in its distribution, and no larger than 6).
 *
 * It has no gradient: nothing before it is learned.
 *
 * @param x f32 [N, C, H, W]
 * @param indices u32 [N], which image of the set each is
 * @param step u32 [1], which step of the run
 * @throws EngineError 'usage' for a setting that makes no sense, with its name
 * Sources: Simard, Steinkraus & Platt 2003, ICDAR (elastic; there a random field is smoothed by a Gaussian); Zhong et al.
 * 2017, arXiv:1708.04896 (erasing; there by area and aspect, here by sides, filled with 0, the mean of what is normalised).
 */
export const augment = (x: Tensor, indices: Tensor, step: Tensor, attrs: AugmentAttrs): Tensor =>
  augmentOp.one([x, indices, step], attrs);

type Sample = (row: number, column: number) => number;

interface Source {
  readonly row: number;
  readonly column: number;
  /** How far off the kernel's f32 arithmetic may find each of them. */
  readonly error: number;
}

function elementOf(
  [x, indices, step]: readonly [Values, Values, Values, ...Values[]],
  [n, channel, row, column]: readonly [number, number, number, number, ...number[]],
  attrs: AugmentAttrs,
) {
  const [, C = 1, H = 1, W = 1] = x.shape;
  const augmentation = augmentationOf(attrs, H, W);
  const { seed, stream, perEpoch, fill } = attrs;
  const place = { seed, stream, epoch: Math.floor(step.flat(0) / perEpoch), image: indices.at(n) };
  const draw = (number: number): number => imageWord(place, number);
  const sample: Sample = (i, j) => (i >= 0 && i < H && j >= 0 && j < W ? x.at(n, channel, i, j) : fill);
  const element = positionOf([C, H, W], [channel, row, column]);
  return {
    sample,
    size: [H, W] as const,
    isErased: isErased(augmentation, draw, [row, column], [H, W]),
    noise: augmentation.noise === 0 ? 0 : augmentation.noise * noiseOf(draw, element),
    source: sourceOf(augmentation, draw, [row, column], [H, W]),
  };
}

type Pair = readonly [row: number, column: number];
type Draw = (number: number) => number;

function isErased({ erase }: Augmentation, draw: Draw, [row, column]: Pair, [H, W]: Pair): boolean {
  if (erase === undefined || draw(DRAW.erase) >>> 8 >= erase.keepsFrom) return false;
  const rows = erase.rows.least + wholeBelow(draw(DRAW.eraseRows), erase.rows.count);
  const columns = erase.columns.least + wholeBelow(draw(DRAW.eraseColumns), erase.columns.count);
  const top = wholeBelow(draw(DRAW.eraseTop), H - rows + 1);
  const left = wholeBelow(draw(DRAW.eraseLeft), W - columns + 1);
  return row >= top && row < top + rows && column >= left && column < left + columns;
}

function noiseOf(draw: Draw, element: number): number {
  let total = 0;
  for (let k = 0; k < 3; k++) {
    const word = draw(DRAW.noise + 3 * element + k);
    total += (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  }
  return (total - NOISE_MEAN) / NOISE_DEVIATION;
}

/** Where a pixel comes from. */
function sourceOf(augmentation: Augmentation, draw: Draw, [row, column]: Pair, [H, W]: Pair): Source {
  const { shift, warps, turn, lean, leastScale, scaleRange, elastic } = augmentation;
  const down = wholeBelow(draw(DRAW.down), 2 * shift + 1) - shift;
  const right = wholeBelow(draw(DRAW.right), 2 * shift + 1) - shift;
  if (!warps) return { row: row - down, column: column - right, error: 0 };

  const [middleRow, middleColumn] = [(H - 1) / 2, (W - 1) / 2];
  const t = signed(draw(DRAW.rotate)) * turn;
  const [cos, sin] = [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)];
  const inverse = 1 / (leastScale + ((draw(DRAW.scale) >>> 8) / 2 ** 24) * scaleRange);
  const k = signed(draw(DRAW.shear)) * lean;
  const i = row - middleRow;
  const j = column - middleColumn + k * i;
  const [dy, dx] = elastic === undefined ? [0, 0] : displacement(elastic, draw, [row, column], W);
  // Absolute errors in units of roundoff: t 2, t² 5, cosine and sine 18 with a division of 5, j 4, product 1, sum 1, the
  // inverse of the scale 9, product 1: below 40 with the sums that follow. A displacement has 14 for each weight and two
  // rounds of differences, products and sums on numbers of up to twice its most: below 160.
  const reach = inverse * (Math.abs(column - middleColumn) + (Math.abs(k) + 1) * Math.abs(i));
  const most = elastic?.most ?? 0;
  const error = gamma(40) * (reach + Math.max(H, W) / 2 + shift + most) + gamma(160) * most;
  return {
    row: inverse * (cos * i - sin * j) + (middleRow - down) + dy,
    column: inverse * (cos * j + sin * i) + (middleColumn - right) + dx,
    error,
  };
}

/** The displacements of the four points of the grid around a pixel, mixed. */
function displacement(
  { most, spacing }: { readonly most: number; readonly spacing: number },
  draw: Draw,
  [row, column]: Pair,
  W: number,
): Pair {
  const points = Math.floor((W - 1) / spacing) + 2;
  const [cellRow, cellColumn] = [Math.floor(row / spacing), Math.floor(column / spacing)];
  const [wy, wx] = [smooth((row % spacing) / spacing), smooth((column % spacing) / spacing)];
  const along = (axis: number): number => {
    const at = (i: number, j: number) =>
      signed(draw(DRAW.elastic + 2 * ((cellRow + i) * points + cellColumn + j) + axis));
    return most * mix(mix(at(0, 0), at(0, 1), wx), mix(at(1, 0), at(1, 1), wx), wy);
  };
  return [along(0), along(1)];
}

const smooth = (f: number): number => f * f * (3 - 2 * f);
const mix = (a: number, b: number, f: number): number => a + (b - a) * f;

/** At whole coordinates a pixel alone, so that a NaN beside it stays there. */
function bilinear(sample: Sample, row: number, column: number): number {
  const [i, j] = [Math.floor(row), Math.floor(column)];
  if (i === row && j === column) return sample(i, j);
  const line = (at: number): number => mix(sample(at, j), sample(at, j + 1), column - j);
  return mix(line(i), line(i + 1), row - i);
}

/**
 * What is read between pixels is continuous, and no steeper than pixels beside each other differ: the error of the
 * coordinates by the spread of the pixels within reach, and the rounding of three mixtures.
 */
function bilinearError(sample: Sample, { row, column, error }: Source, [H, W]: Pair): number {
  let [least, most] = [Infinity, -Infinity];
  for (let i = Math.floor(row - error); i <= Math.floor(row + error) + 1; i++) {
    for (let j = Math.floor(column - error); j <= Math.floor(column + error) + 1; j++) {
      // Nothing outside differs from what lies next to the image.
      const value = sample(Math.min(Math.max(i, -1), H), Math.min(Math.max(j, -1), W));
      [least, most] = [Math.min(least, value), Math.max(most, value)];
    }
  }
  return 2 * error * (most - least) + 3 * gamma(8) * Math.max(Math.abs(least), Math.abs(most));
}
