// Handwritten digits that nobody wrote: made from skeletons, a hand's deviations and a pen, framed as MNIST's are.
//
// Every image is a function of (seed, index), the same bytes in every engine. The tutorial net (10 epochs, Adam), trained
// on 20,000 of these alone, recognises between 96 % and 97 % of the first 5,000 images of MNIST's training set, which is
// what the amounts and the forms were tuned on; its test set was never looked at.

import { EngineError } from '../core/errors.js';
import { uniform } from '../core/random.js';
import type { Dataset, Splits } from './dataset.js';
import { FRAME, frame } from './frame.js';
import { type Draws, factor, write } from './handwriting.js';
import { draw } from './pen.js';
import { type Form, FORMS } from './strokes.js';

/** Rows and columns of the paper: twice the box that the ink is framed in. */
const SIDE = 40;
/** The pen's radius in pixels of that paper, and how much it varies. */
const RADIUS = 2.5;
const RADIUS_VARIES = 0.27;
/** A felt-tip now and then. */
const THICK = 1.6;
const THICK_SHARE = 0.05;
/** Digits of long lines are written larger, so that their pen is finer once they are framed; 0 to 9. */
const FINENESS = [1.05, 0.95, 1, 1, 0.88, 0.92, 0.9, 1, 0.87, 0.82];

/** Test images are numbered from here on, so none of them is a training image of the same seed. */
const TEST_FIRST = 2_000_000_000;
/** The number of the draw that orders ten labels; beyond all that an image draws. */
const LABEL_DRAW = 2 ** 31;

export interface Digit {
  /** [28, 28], 0 paper to 255 ink. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** 0 to 9. */
  readonly label: number;
}

/**
 * One generated digit. Of images 10·i to 10·i + 9 each shows another digit.
 *
 * @param seed which set
 * @param index which image of it, from 0 to 2³² − 1
 */
export function digitImage(seed: number, index: number): Digit {
  const label = labelOf(seed, index);
  let drawn = 0;
  const flat = () => uniform(seed, index, drawn++);
  // The sum of two uniform numbers, of variance 1/6, scaled by √6.
  const draws: Draws = { flat, bell: () => (flat() + flat() - 1) * 2.449489742783178 };
  const path = write(choose(FORMS[label] ?? [], flat()), draws);
  const thick = flat() < THICK_SHARE ? THICK : 1;
  const radius = RADIUS * (FINENESS[label] ?? 1) * thick * factor(RADIUS_VARIES * draws.bell());
  return { pixels: frame(draw(path, SIDE, radius), SIDE, SIDE), label };
}

export interface DigitsOptions {
  /** Which set; 1 if not given. */
  readonly seed?: number | undefined;
  /** How many training images; 20,000 if not given. */
  readonly train?: number | undefined;
  /** How many test images; 2,000 if not given. */
  readonly test?: number | undefined;
}

/**
 * A training and a test set of generated digits, every digit as often as any other (to within one). It takes about
 * 50 µs an image.
 *
 * @throws EngineError 'usage' if a count is no whole number from 1 to 2·10⁹
 */
export function digits({ seed = 1, train = 20_000, test = 2_000 }: DigitsOptions = {}): Splits {
  return {
    name: 'digits',
    source: `generated digits, ${train} + ${test} images from seed ${seed}`,
    train: generate(seed, 0, train),
    test: generate(seed, TEST_FIRST, test),
  };
}

function generate(seed: number, first: number, count: number): Dataset {
  if (!Number.isInteger(count) || count < 1 || count > TEST_FIRST) {
    throw new EngineError('usage', { place: 'digits', given: `${count} images`, wanted: 'a whole number, at least 1' });
  }
  const size = FRAME * FRAME;
  const images = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const { pixels, label } = digitImage(seed, first + i);
    images.set(pixels, i * size);
    labels[i] = label;
  }
  return { images, labels, count, rows: FRAME, columns: FRAME, classes: 10 };
}

/** Ten in a row are 0 to 9 in steps of 1, 3, 7 or 9 from anywhere: all ten, in one of 40 orders. */
function labelOf(seed: number, index: number): number {
  const order = Math.floor(uniform(seed, Math.floor(index / 10), LABEL_DRAW) * 40);
  const step = [1, 3, 7, 9][order % 4] ?? 1;
  return (Math.floor(order / 4) + step * (index % 10)) % 10;
}

/** The form that a number in [0, 1) falls on, each as wide as its share. */
function choose(forms: readonly Form[], at: number): Form {
  let left = at * forms.reduce((sum, { share }) => sum + share, 0);
  for (const form of forms) {
    left -= form.share;
    if (left < 0) return form;
  }
  return forms[0] ?? { share: 1, strokes: [] };
}
