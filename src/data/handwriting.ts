// How a hand differs from the copybook: it misses the points, bends the field, leans, turns, stretches, presses.
//
// Only +, −, × and ÷ are used, which every engine computes alike, so that the same numbers give the same path.

import type { Path } from './pen.js';
import type { Form } from './strokes.js';

/** Random numbers of one image. */
export interface Draws {
  /** In [0, 1). */
  flat(): number;
  /** About 0 with standard deviation 1, and never beyond ±2.45. */
  bell(): number;
}

// All amounts are standard deviations; lengths are in parts of half the height of a digit.
/** How far the points are missed, and by how much more or less from neat hands to sloppy ones. */
const MISS = 0.11;
const SLOPPY = 0.6;
/** How much of a miss remains at the next point: a hand errs smoothly. The second keeps the deviation as it is. */
const MEMORY = 0.4;
const FRESH = 0.916515138991168;
/** Coefficients of the bent field. */
const BEND = 0.12;
/** Usual lean to the right, as dx/dy. */
const LEAN = 0.15;
const LEAN_VARIES = 0.22;
/** Radians. */
const TURN = 0.18;
/** Usual width over that of the copybook. */
const WIDTH = 1.08;
const WIDTH_VARIES = 0.17;
const PRESSURE_VARIES = 0.2;
/** Straight pieces between two points of a form. */
const PIECES = 5;

/** Middle and half height of the field that forms are written in. */
const MIDDLE_X = 32;
const MIDDLE_Y = 50;
const HALF = 50;

/** 1 + v upwards and 1 / (1 − v) downwards: a factor that is as likely to be f as 1 / f. */
export function factor(v: number): number {
  return v >= 0 ? 1 + v : 1 / (1 - v);
}

/** The path of a form as some hand writes it; the whole is about 2 high, with (0, 0) in its middle. */
export function write(form: Form, draws: Draws): Path {
  const place = transform(draws);
  const miss = MISS * (1 + SLOPPY * (2 * draws.flat() - 1));
  const press = [draws.bell(), draws.bell(), draws.bell()].map((v) => v * PRESSURE_VARIES);
  const path: Path = { x: [], y: [], pressure: [], starts: [] };

  const pass = (x: number, y: number) => {
    place(x, y, path);
    const pressure = 1 + (press[0] ?? 0) * x + (press[1] ?? 0) * y + (press[2] ?? 0) * x * y;
    path.pressure.push(Math.max(0.5, pressure));
  };
  for (const stroke of form.strokes) {
    const x = missed(stroke.x, MIDDLE_X, miss, draws);
    const y = missed(stroke.y, MIDDLE_Y, miss, draws);
    path.starts.push(path.x.length);
    pass(x[0] ?? 0, y[0] ?? 0);
    for (let i = 0; i + 1 < x.length; i++) {
      const curveX = between(x, i, stroke.corner);
      const curveY = between(y, i, stroke.corner);
      for (let piece = 1; piece <= PIECES; piece++) pass(curveX(piece / PIECES), curveY(piece / PIECES));
    }
  }
  return path;
}

/** Coordinates about the middle, each off by an error that carries over to the next. */
function missed(coordinates: readonly number[], middle: number, miss: number, { bell }: Draws): number[] {
  let error = bell();
  return coordinates.map((value, i) => {
    if (i > 0) error = MEMORY * error + FRESH * bell();
    return (value - middle) / HALF + miss * error;
  });
}

/**
 * The Catmull–Rom curve from point i to the next, in one coordinate: it passes each point in the direction of the line
 * between its neighbours. At corners and ends there is a neighbour on one side only, and it starts straight.
 */
function between(points: readonly number[], i: number, corner: readonly boolean[]): (t: number) => number {
  const a = points[i] ?? 0;
  const b = points[i + 1] ?? 0;
  const before = corner[i] ? undefined : points[i - 1];
  const after = corner[i + 1] ? undefined : points[i + 2];
  const leave = before === undefined ? b - a : (b - before) / 2;
  const arrive = after === undefined ? b - a : (after - a) / 2;
  const cubic = leave + arrive - 2 * (b - a);
  const square = b - a - leave - cubic;
  return (t) => a + t * (leave + t * (square + t * cubic));
}

/** Bends the field by polynomials of degree 2 and 3 in either coordinate, then stretches, leans and turns it. */
function transform({ bell }: Draws): (x: number, y: number, path: Path) => void {
  const amounts = () => Array.from({ length: 7 }, () => BEND * bell());
  const bent = (c: readonly number[], x: number, y: number) => {
    const [xx = 0, xy = 0, yy = 0, xxx = 0, xxy = 0, xyy = 0, yyy = 0] = c;
    return x * x * (xx + xxx * x + xxy * y) + x * y * (xy + xyy * y) + y * y * (yy + yyy * y);
  };
  const bendX = amounts();
  const bendY = amounts();
  const lean = LEAN + LEAN_VARIES * bell();
  const half = (TURN * bell()) / 2;
  // Cosine and sine of an angle whose half has this tangent: no library function, which engines may round apart.
  const cos = (1 - half * half) / (1 + half * half);
  const sin = (2 * half) / (1 + half * half);
  const width = WIDTH * factor(WIDTH_VARIES * bell());
  return (x, y, path) => {
    const down = y + bent(bendY, x, y);
    const across = (x + bent(bendX, x, y)) * width - lean * down;
    path.x.push(across * cos - down * sin);
    path.y.push(across * sin + down * cos);
  };
}
