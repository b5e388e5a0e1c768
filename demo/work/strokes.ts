// Pen lines as ink: the same strokes give the same ink in every browser, theme and screen density.

import type { Strokes } from '../protocol.js';

/** Rows and columns of the ink. */
export const INK = 112;
/** Half the pen's usual width, in parts of the ink's side. */
const RADIUS = 0.045;
/** The longer side that a drawing is enlarged to, in parts of the ink's side, and by how much at most. */
const SPAN = 0.7;
const MOST = 3;

/**
 * Ink [112, 112], 0 to 1, of pen lines. A small drawing is enlarged before the pen touches it, so that the net sees
 * strokes of one width whatever the size it was drawn at.
 */
export function inkOfStrokes(strokes: Strokes): Float32Array<ArrayBuffer> {
  const ink = new Float32Array(INK * INK);
  const { middleX, middleY, scale } = enlargement(strokes);
  const dotAt = (stroke: readonly number[], i: number): Dot => ({
    x: (0.5 + ((stroke[i] ?? 0) - middleX) * scale) * INK,
    y: (0.5 + ((stroke[i + 1] ?? 0) - middleY) * scale) * INK,
    radius: RADIUS * INK * (stroke[i + 2] ?? 1),
  });
  for (const stroke of strokes) {
    let from = dotAt(stroke, 0);
    // A dot is a line to itself.
    for (let i = stroke.length > 3 ? 3 : 0; i + 2 < stroke.length; i += 3) {
      const to = dotAt(stroke, i);
      line(ink, from, to);
      from = to;
    }
  }
  return ink;
}

function enlargement(strokes: Strokes) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const stroke of strokes) {
    stroke.forEach((value, i) => {
      if (i % 3 === 0) [left, right] = [Math.min(left, value), Math.max(right, value)];
      else if (i % 3 === 1) [top, bottom] = [Math.min(top, value), Math.max(bottom, value)];
    });
  }
  const side = Math.max(right - left, bottom - top);
  const scale = Math.min(MOST, SPAN / Math.max(side, 1e-6));
  return { middleX: (left + right) / 2, middleY: (top + bottom) / 2, scale };
}

/** Where the pen is, in cells of the ink, and half its width there. */
interface Dot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Inks all within the pen's radius of a line, as it is at its end; the edge fades over one cell. */
function line(ink: Float32Array, { x: ax, y: ay }: Dot, { x: bx, y: by, radius: reach }: Dot): void {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const from = (low: number) => Math.max(0, Math.floor(low - reach - 1));
  const to = (high: number) => Math.min(INK - 1, Math.ceil(high + reach + 1));
  for (let y = from(Math.min(ay, by)); y <= to(Math.max(ay, by)); y++) {
    for (let x = from(Math.min(ax, bx)); x <= to(Math.max(ax, bx)); x++) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
      const along = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square));
      const distance = Math.hypot(px - along * dx, py - along * dy);
      const value = Math.min(1, Math.max(0, reach - distance + 0.5));
      const at = y * INK + x;
      if (value > (ink[at] ?? 0)) ink[at] = value;
    }
  }
}
