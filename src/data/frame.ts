// One framing for everything that is to be recognised: generated digits, the drawing pad, image files.
//
// A digit's ink is fitted into 20×20 pixels and its centre of mass put at the middle of 28×28, which is how the
// training images were made. A net that saw only such images recognises no others.
// Source: LeCun, Bottou, Bengio & Haffner 1998, "Gradient-Based Learning Applied to Document Recognition", §III.A.

import { EngineError } from '../core/errors.js';

/** Rows and columns of a framed image. */
export const FRAME = 28;
/** The side of the square that the ink is fitted into. */
export const BOX = 20;
/** Fainter ink than this belongs to no stroke. */
const FAINT = 1 / 16;

/**
 * Frames an image: the box around its ink is scaled to 20 pixels on its longer side, aspect kept, and shifted by whole
 * pixels so that its centre of mass lies within half a pixel of (14, 14). The darkest ink becomes 255.
 *
 * Exact arithmetic only (+, −, ×, ÷): the same ink gives the same bytes everywhere.
 *
 * @param ink [rows, columns], 0 paper to 1 ink
 * @returns [28, 28], 0 paper to 255 ink
 * @throws EngineError 'data' if nothing is drawn
 */
export function frame(ink: Float32Array, rows: number, columns: number): Uint8Array<ArrayBuffer> {
  const { top, left, bottom, right } = inkBox(ink, rows, columns);
  const height = bottom - top;
  const width = right - left;
  const scale = BOX / Math.max(height, width);
  const boxRows = Math.max(1, Math.round(height * scale));
  const boxColumns = Math.max(1, Math.round(width * scale));

  const down = resampling(height, boxRows);
  const across = resampling(width, boxColumns);
  const narrow = new Float32Array(height * boxColumns);
  for (let y = 0; y < height; y++) {
    resample(ink, (top + y) * columns + left, 1, across, narrow, y * boxColumns, 1);
  }
  const box = new Float32Array(boxRows * boxColumns);
  for (let x = 0; x < boxColumns; x++) resample(narrow, x, boxColumns, down, box, x, boxColumns);

  return centred(box, boxRows, boxColumns);
}

/** The smallest box that holds all ink: first row and column, and those after the last. */
function inkBox(ink: Float32Array, rows: number, columns: number) {
  let [top, left, bottom, right] = [rows, columns, 0, 0];
  const isPaper = (y: number, x: number) => (ink[y * columns + x] ?? 0) < FAINT;
  for (let y = 0; y < rows; y++) {
    // From either side only as far as the box does not reach yet, or to the first ink.
    let from = 0;
    while (from < columns && isPaper(y, from)) from++;
    if (from === columns) continue;
    let to = columns;
    while (to > right && isPaper(y, to - 1)) to--;
    if (top > y) top = y;
    if (left > from) left = from;
    if (right < to) right = to;
    bottom = y + 1;
  }
  if (bottom === 0) throw blank(rows, columns);
  return { top, left, bottom, right };
}

interface Resampling {
  /** Sources of each target: the first, and how many; their weights, all targets after each other. */
  readonly first: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float32Array;
}

/**
 * Weights that turn `from` samples into `to`: the mean, over each target's span, of the line drawn through the sources.
 * Reducing, that is the mean of the area; enlarging, it is interpolation. Beyond the ends there is paper.
 */
function resampling(from: number, to: number): Resampling {
  const step = from / to;
  const first = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Float32Array(to * (Math.ceil(step) + 3));
  let w = 0;
  for (let t = 0; t < to; t++) {
    // Source i has its middle at i + ½ and reaches one sample to either side.
    const begin = t * step - 0.5;
    const end = begin + step;
    const low = Math.max(0, Math.ceil(begin - 1));
    const high = Math.min(from - 1, Math.floor(end + 1));
    first[t] = low;
    counts[t] = high - low + 1;
    for (let i = low; i <= high; i++) weights[w++] = (tentArea(end - i) - tentArea(begin - i)) / step;
  }
  return { first, counts, weights };
}

/** ∫ max(0, 1 − |u|) du from −∞ to x. */
function tentArea(x: number): number {
  if (x <= -1) return 0;
  if (x >= 1) return 1;
  return x < 0 ? ((1 + x) * (1 + x)) / 2 : 1 - ((1 - x) * (1 - x)) / 2;
}

function resample(
  source: Float32Array,
  sourceAt: number,
  sourceStride: number,
  { first, counts, weights }: Resampling,
  target: Float32Array,
  targetAt: number,
  targetStride: number,
): void {
  let w = 0;
  for (let t = 0; t < first.length; t++) {
    let at = sourceAt + (first[t] ?? 0) * sourceStride;
    let sum = 0;
    const end = w + (counts[t] ?? 0);
    for (; w < end; w++) {
      sum += (source[at] ?? 0) * (weights[w] ?? 0);
      at += sourceStride;
    }
    target[targetAt + t * targetStride] = sum;
  }
}

/** Puts a box of at most 20×20 into 28×28 by its centre of mass, as bytes whose largest is 255. */
function centred(box: Float32Array, boxRows: number, boxColumns: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(box.length);
  let peak = 0;
  for (const value of box) if (value > peak) peak = value;
  let [mass, massY, massX] = [0, 0, 0];
  for (let y = 0; y < boxRows; y++) {
    for (let x = 0; x < boxColumns; x++) {
      const at = y * boxColumns + x;
      const value = Math.floor(((box[at] ?? 0) / peak) * 255 + 0.5);
      bytes[at] = value;
      mass += value;
      massY += value * y;
      massX += value * x;
    }
  }
  // Ink never leaves the image, even where that keeps the centre of a very lopsided drawing off the middle.
  const place = (moment: number, size: number) =>
    Math.min(FRAME - size, Math.max(0, Math.ceil(FRAME / 2 - 0.5 - moment / mass)));
  const top = place(massY, boxRows);
  const left = place(massX, boxColumns);
  const framed = new Uint8Array(FRAME * FRAME);
  for (let y = 0; y < boxRows; y++) {
    framed.set(bytes.subarray(y * boxColumns, (y + 1) * boxColumns), (top + y) * FRAME + left);
  }
  return framed;
}

export function blank(rows: number, columns: number): EngineError {
  return new EngineError('data', {
    place: 'frame',
    given: `a blank image of ${rows}×${columns}`,
    wanted: 'something drawn on it',
  });
}
