// What is ink and what is paper, in an image of unknown making.

import { EngineError } from '../core/errors.js';
import { blank } from './frame.js';

/** Less contrast than this, of the full range 255, is paper and nothing on it. */
const MIN_CONTRAST = 25;
/** Deviations from the paper below this part of the darkest ink are its grain, not strokes. */
const GRAIN = 0.08;

/**
 * Ink of an image: dark on light, light on dark, or opaque on transparent. What the border mostly shows is paper; ink
 * is the deviation from it towards the side that has more of it, stretched so that the paper's grain is 0 and the
 * darkest stroke 1.
 *
 * @param pixels [rows, columns, channels], each 0 to 255; channels 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA, alpha
 *   not multiplied in)
 * @returns [rows, columns], 0 paper to 1 ink
 * @throws EngineError 'data' if the number of pixels fits no number of channels, or the image is blank
 */
export function inkOf(
  pixels: Uint8Array | Uint8ClampedArray,
  rows: number,
  columns: number,
): Float32Array<ArrayBuffer> {
  const size = rows * columns;
  const channels = pixels.length / size;
  if (![1, 2, 3, 4].includes(channels)) {
    throw new EngineError('data', {
      place: 'inkOf',
      given: `${pixels.length} bytes for ${rows}×${columns} pixels`,
      wanted: '1, 2, 3 or 4 bytes a pixel',
    });
  }
  // All in 0 to 255, so that grey bytes stay whole numbers and an image and its negative give the same ink.
  const alpha = new Float32Array(size).fill(255);
  const light = new Float32Array(size);
  for (let at = 0; at < size; at++) {
    const from = at * channels;
    const first = pixels[from] ?? 0;
    // Rec. 601 luma.
    const luma = 0.299 * first + 0.587 * (pixels[from + 1] ?? 0) + 0.114 * (pixels[from + 2] ?? 0);
    light[at] = channels < 3 ? first : luma;
    if (channels % 2 === 0) alpha[at] = pixels[from + channels - 1] ?? 0;
  }

  const border = borderOf(rows, columns);
  if (median(border.map((at) => alpha[at] ?? 0)) < 128) return stretched(alpha, border, rows, columns);
  const paper = median(border.map((at) => light[at] ?? 0));
  const deviation = light.map((value, at) => (value - paper) * ((alpha[at] ?? 0) / 255));
  const lighter = deviation.reduce((sum, value) => sum + value, 0) > 0;
  return stretched(lighter ? deviation : deviation.map((value) => -value), border, rows, columns);
}

function borderOf(rows: number, columns: number): number[] {
  const border: number[] = [];
  for (let x = 0; x < columns; x++) border.push(x, (rows - 1) * columns + x);
  for (let y = 1; y < rows - 1; y++) border.push(y * columns, y * columns + columns - 1);
  return border;
}

/** Ink from deviations, of which those below zero are paper. */
function stretched(
  deviation: Float32Array<ArrayBuffer>,
  border: readonly number[],
  rows: number,
  columns: number,
): Float32Array<ArrayBuffer> {
  const peak = deviation.reduce((most, value) => Math.max(most, value), 0);
  if (peak < MIN_CONTRAST) throw blank(rows, columns);
  // Three times the usual deviation of paper; the median forgives a stroke that runs off the image.
  const noise = 3 * median(border.map((at) => Math.abs(deviation[at] ?? 0)));
  const floor = Math.min(Math.max(noise, GRAIN * peak), peak / 2);
  return deviation.map((value) => Math.max(0, (value - floor) / (peak - floor)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
