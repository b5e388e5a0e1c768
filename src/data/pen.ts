// A pen drawn along a path, as ink on a square of paper: the distance to the path, made soft at the edge.

/** Points that a pen passes, one after the other; lengths agree. */
export interface Path {
  readonly x: number[];
  readonly y: number[];
  /** The pen's radius at each point, as a part of its usual radius. */
  readonly pressure: number[];
  /** Where the pen is put down anew: the indices of the first points of strokes, in order, the first being 0. */
  readonly starts: number[];
}

/** Half the width of the edge between ink and paper, in pixels. */
const SOFT = 0.5;

/**
 * Draws a path so that it fills the square on its longer side.
 *
 * @param side rows and columns of the paper
 * @param radius the pen's usual radius in pixels
 * @returns ink [side, side], 0 paper to 1 ink
 */
export function draw({ x, y, pressure, starts }: Path, side: number, radius: number): Float32Array<ArrayBuffer> {
  const left = Math.min(...x);
  const top = Math.min(...y);
  const extent = Math.max(Math.max(...x) - left, Math.max(...y) - top, 1e-6);
  const edge = radius + 2 * SOFT;
  const scale = (side - 2 * edge) / extent;
  const ink = new Float32Array(side * side);
  let stroke = 0;
  let fromX = 0;
  let fromY = 0;
  for (let i = 0; i < x.length; i++) {
    const toX = ((x[i] ?? 0) - left) * scale + edge;
    const toY = ((y[i] ?? 0) - top) * scale + edge;
    if (starts[stroke] === i) stroke++;
    else stamp(ink, side, fromX, fromY, toX, toY, radius * (pressure[i] ?? 1));
    fromX = toX;
    fromY = toY;
  }
  return ink;
}

/** Inks one straight piece, from (ax, ay) to (bx, by): each pixel keeps the darkest ink that it is given. */
function stamp(ink: Float32Array, side: number, ax: number, ay: number, bx: number, by: number, radius: number): void {
  const reach = radius + SOFT;
  const left = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
  const right = Math.min(side - 1, Math.floor(Math.max(ax, bx) + reach));
  const top = Math.max(0, Math.floor(Math.min(ay, by) - reach));
  const bottom = Math.min(side - 1, Math.floor(Math.max(ay, by) + reach));
  const dx = bx - ax;
  const dy = by - ay;
  const farthest = reach * reach;
  const perLength = 1 / Math.max(dx * dx + dy * dy, 1e-9);
  for (let row = top; row <= bottom; row++) {
    const py = row + 0.5 - ay;
    for (let column = left; column <= right; column++) {
      const at = row * side + column;
      const inked = ink[at] ?? 1;
      // Most pixels of a piece were inked by the one before.
      if (inked === 1) continue;
      const px = column + 0.5 - ax;
      // The nearest point of the piece, as a part of its length.
      const along = (px * dx + py * dy) * perLength;
      const t = along < 0 ? 0 : along > 1 ? 1 : along;
      const ex = px - t * dx;
      const ey = py - t * dy;
      const squared = ex * ex + ey * ey;
      if (squared >= farthest) continue;
      const depth = (reach - Math.sqrt(squared)) / (2 * SOFT);
      if (depth > inked) ink[at] = depth > 1 ? 1 : depth;
    }
  }
}
