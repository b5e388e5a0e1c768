import { EngineError } from '../core/errors.js';
import { keepsFrom } from '../core/random.js';

/** What is done to training images, each kind within its range; a kind that is left out is not done. */
export interface AugmentOptions {
  /** Whole pixels up and down, and left and right: from −shift to shift, each as likely. */
  readonly shift?: number;
  /**
   * Degrees to either side, 0 to 90. The tangent of half the angle is uniform, which up to 30° is an angle that is uniform
   * to within 2.5 % of the range.
   */
  readonly rotate?: number;
  /** The least and the most factor of size, in both directions alike, about the middle; above 0. */
  readonly scale?: readonly [least: number, most: number];
  /** Degrees to either side by which columns lean, 0 to 80; the tangent is uniform. */
  readonly shear?: number;
  readonly elastic?: ElasticOptions;
  /** Standard deviation of noise added to each element. */
  readonly noise?: number;
  readonly erase?: EraseOptions;
}

/** What training does to its images, and to their labels. */
export interface TrainingAugmentation extends AugmentOptions {
  /**
   * α of Beta(α, α), from 0.01 to 100; 0.2 is common. Each image is mixed with another one of its batch, and its label as
   * much: λ of the one and 1 − λ of the other, of which its own is the larger part. What counts as right in training is
   * the label of the larger part, so that training accuracy is lower than what the net can do.
   */
  readonly mixup?: number;
}

/** Displacements of their own for parts of an image: Simard et al. 2003. */
export interface ElasticOptions {
  /** The most pixels that a point is displaced by, in each direction. */
  readonly most: number;
  /** Whole pixels between points that are displaced independently: how smooth it is. 7 if not given. */
  readonly spacing?: number;
}

/** A rectangle without a picture: Zhong et al. 2017. */
export interface EraseOptions {
  /** The chance of an image to lose one, from 0 to 1. */
  readonly chance: number;
  /** Its sides are from `least` to `most` of the image's, each by itself; 0.1 to 0.4 if not given. */
  readonly least?: number;
  readonly most?: number;
}

/** Numbers that formula and shader compute with. */
export interface Augmentation {
  readonly shift: number;
  /** Whether anything but whole pixels is moved; otherwise pixels are copied as they are. */
  readonly warps: boolean;
  /** The tangent of half the largest angle. */
  readonly turn: number;
  /** The tangent of the largest lean. */
  readonly lean: number;
  readonly leastScale: number;
  readonly scaleRange: number;
  readonly elastic: { readonly most: number; readonly spacing: number } | undefined;
  readonly noise: number;
  /** Sides in pixels, and from which 24 bits on an image stays whole. */
  readonly erase: { readonly keepsFrom: number; readonly rows: Sides; readonly columns: Sides } | undefined;
}

interface Sides {
  readonly least: number;
  /** How many lengths there are. */
  readonly count: number;
}

/** @throws EngineError 'usage' for a setting that makes no sense for images of this size */
export function augmentationOf(options: AugmentOptions, rows: number, columns: number): Augmentation {
  const { shift = 0, rotate = 0, scale: [least, most] = [1, 1], shear = 0, elastic, noise = 0, erase } = options;
  const side = Math.min(rows, columns);
  must('shift', shift, Number.isInteger(shift) && shift >= 0 && shift < side, `a whole number from 0 to ${side - 1}`);
  must('rotate', rotate, rotate >= 0 && rotate <= 90, 'degrees from 0 to 90');
  must(
    'scale',
    `${least} to ${most}`,
    least >= 0.01 && least <= most && most <= 100,
    'factors from 0.01 to 100, in order',
  );
  must('shear', shear, shear >= 0 && shear <= 80, 'degrees from 0 to 80');
  must('noise', noise, noise >= 0 && noise <= 1e6, 'a number from 0 to 1,000,000');
  const warps = rotate > 0 || shear > 0 || least !== 1 || most !== 1 || elastic !== undefined;
  const radians = Math.PI / 180;
  return {
    shift,
    warps,
    turn: Math.tan((rotate * radians) / 2),
    lean: Math.tan(shear * radians),
    leastScale: least,
    scaleRange: most - least,
    elastic: elastic && elasticOf(elastic, side),
    noise,
    erase: erase && eraseOf(erase, rows, columns),
  };
}

function elasticOf({ most, spacing = 7 }: ElasticOptions, side: number) {
  must('elastic.most', most, most >= 0 && most <= side, `pixels from 0 to ${side}`);
  must('elastic.spacing', spacing, Number.isInteger(spacing) && spacing >= 1, 'a whole number of at least 1');
  return { most, spacing };
}

function eraseOf({ chance, least = 0.1, most = 0.4 }: EraseOptions, rows: number, columns: number) {
  must('erase.chance', chance, chance >= 0 && chance <= 1, 'a chance from 0 to 1');
  must('erase', `${least} to ${most}`, least >= 0 && least <= most && most <= 1, 'parts from 0 to 1, in order');
  const sides = (pixels: number): Sides => {
    const shortest = Math.max(1, Math.round(least * pixels));
    return { least: shortest, count: Math.max(shortest, Math.round(most * pixels)) - shortest + 1 };
  };
  return { keepsFrom: keepsFrom(chance), rows: sides(rows), columns: sides(columns) };
}

function must(name: string, given: number | string, holds: boolean, wanted: string): void {
  if (!holds) throw new EngineError('usage', { place: 'augment', given: `${name} ${given}`, wanted });
}

/** The numbers of an image's draws. Nodes of the elastic grid and the bytes of the noise have ranges of their own. */
export const DRAW = {
  down: 0,
  right: 1,
  rotate: 2,
  scale: 3,
  shear: 4,
  erase: 5,
  eraseRows: 6,
  eraseColumns: 7,
  eraseTop: 8,
  eraseLeft: 9,
  elastic: 2 ** 20,
  noise: 2 ** 30,
} as const;

/** Twelve bytes have this mean and standard deviation. */
export const NOISE_MEAN = 1530;
export const NOISE_DEVIATION = Math.sqrt(65_535);
