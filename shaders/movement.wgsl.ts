import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, spread } from './lib/linear.js';
import { lines } from './lib/tile.js';

// Elements that move and do not change: words pass as they are, whatever type they have, NaN's bits too.
//
// y[i, j, …] = x[offset + i·stride₀ + j·stride₁ + …]                      permute, slice
// y[before + i·step, …] = x[i, …], and a constant everywhere else         pad
// y[o, start + i] = part[o, i]                                            concat: o counts what lies before the axis

/** An axis of the result and how far apart its neighbours lie in x. */
export interface StridedAxis {
  readonly size: number;
  readonly stride: number;
}

export interface StridedParams {
  readonly name: 'permute' | 'slice';
  /** Elements of x. */
  readonly from: number;
  readonly offset: number;
  readonly axes: readonly StridedAxis[];
}

/** Neighbouring axes that are one run in x are taken together, so that no index is divided in vain. */
export const strided = ({ name, from, offset, axes }: StridedParams) => {
  const runs = joined(axes, (outer, inner) =>
    outer.stride === inner.size * inner.stride ? { size: outer.size * inner.size, stride: inner.stride } : undefined,
  );
  const terms = digits(runs).map((digit, axis) => `${digit} * ${runs[axis]?.stride}u`);
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<u32, ${from}>;
@group(0) @binding(1) var<storage, read_write> y: array<u32, ${sizeOf(runs)}>;

fn element(i: u32) { y[i] = x[${[`${offset}u`, ...terms].join(' + ')}]; }

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn ${name}(@builtin(global_invocation_id) id: vec3u) {
  ${spread(sizeOf(runs))}
}`;
};

/** Letters: T side of a tile, in elements; an invocation moves T·T/64 of them. */
const T = 32;

/**
 * planes × [rows, columns] → planes × [columns, rows], for GPUs: a tile passes through workgroup memory, so that loads and
 * stores both are of neighbouring words. A line of the tile is one word longer than it is, against conflicts of banks.
 */
export const permuteTiled = ({ rows, columns, planes }: { rows: number; columns: number; planes: number }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<u32, ${rows * columns * planes}>;
@group(0) @binding(1) var<storage, read_write> y: array<u32, ${rows * columns * planes}>;

var<workgroup> tile: array<u32, ${T * (T + 1)}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn permuteTiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let plane = group.z * ${rows * columns}u;
  let row = group.y * ${T}u;
  let column = group.x * ${T}u;
  let down = lane / ${T}u;
  let across = lane % ${T}u;
  for (var r = down; r < ${T}u; r += ${LINEAR_LANES / T}u) {
    if (row + r < ${rows}u && column + across < ${columns}u) {
      tile[r * ${T + 1}u + across] = x[plane + (row + r) * ${columns}u + column + across];
    }
  }
  workgroupBarrier();
  for (var r = down; r < ${T}u; r += ${LINEAR_LANES / T}u) {
    if (column + r < ${columns}u && row + across < ${rows}u) {
      y[plane + (column + r) * ${rows}u + row + across] = tile[across * ${T + 1}u + r];
    }
  }
}`;

/** Workgroups of `permuteTiled`. */
export const permuteGroups = (p: { rows: number; columns: number; planes: number }): [number, number, number] => [
  Math.ceil(p.columns / T),
  Math.ceil(p.rows / T),
  p.planes,
];

/** An axis of a padded result. */
export interface PaddedAxis {
  /** Of the result. */
  readonly size: number;
  /** Of x. */
  readonly own: number;
  readonly before: number;
  /** Distance of x's neighbours in the result. */
  readonly step: number;
}

/** The constant comes as a word, so that any type and any value has one. */
export const pad = ({ axes, word }: { axes: readonly PaddedAxis[]; word: number }) => {
  // An axis that is whole lies within the one before it, unless that one's neighbours are apart.
  const runs = joined(axes, (outer, inner) =>
    inner.size === inner.own && outer.step === 1
      ? { size: outer.size * inner.size, own: outer.own * inner.own, before: outer.before * inner.size, step: 1 }
      : undefined,
  );
  const from = runs.reduce((product, { own }) => product * own, 1);
  const places = digits(runs);
  const within = runs.flatMap(({ size, own, step }, axis) => [
    ...(size === own ? [] : [`from${axis} / ${step}u < ${own}u`]),
    ...(step === 1 ? [] : [`from${axis} % ${step}u == 0u`]),
  ]);
  const terms = runs.map(({ step }, axis) => {
    const stride = runs.slice(axis + 1).reduce((product, { own }) => product * own, 1);
    return `${step === 1 ? `from${axis}` : `from${axis} / ${step}u`} * ${stride}u`;
  });
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<u32, ${from}>;
@group(0) @binding(1) var<storage, read_write> y: array<u32, ${sizeOf(runs)}>;

fn element(i: u32) {
  // Before the first element the difference wraps round, to a number that is past the last.
  ${lines(runs.length, (axis) => `let from${axis} = ${places[axis]} - ${runs[axis]?.before ?? 0}u;`)}
  var word = ${word}u;
  if (${within.length === 0 ? 'true' : within.join(' && ')}) { word = x[${terms.length === 0 ? '0u' : terms.join(' + ')}]; }
  y[i] = word;
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn pad(@builtin(global_invocation_id) id: vec3u) {
  ${spread(sizeOf(runs))}
}`;
};

export interface ConcatParams {
  /** What lies before the axis: the parts' common first axis. */
  readonly outer: number;
  /** Elements of the result for each of those. */
  readonly width: number;
  /** The parts of this dispatch: where each begins within the width, and how much of it each has. */
  readonly parts: readonly { readonly start: number; readonly width: number }[];
}

/** Some parts of a result, one after the other; the result's other elements are not touched. */
export const concat = ({ outer, width, parts }: ConcatParams) => {
  const ends = parts.map((_, i) => outer * parts.slice(0, i + 1).reduce((sum, part) => sum + part.width, 0));
  const total = ends.at(-1) ?? 0;
  const bodies = parts.map((part, i) => {
    const first = ends[i - 1] ?? 0;
    const test = i === parts.length - 1 ? '' : `if (i < ${ends[i]}u) `;
    const to = `j / ${part.width}u * ${width}u + ${part.start}u + j % ${part.width}u`;
    return `${test}{ let j = i - ${first}u; y[${to}] = x${i}[j]; }`;
  });
  return wgsl`
${lines(parts.length, (i) => `@group(0) @binding(${i}) var<storage, read> x${i}: array<u32, ${outer * (parts[i]?.width ?? 0)}>;`)}
@group(0) @binding(${parts.length}) var<storage, read_write> y: array<u32, ${outer * width}>;

fn element(i: u32) {
  ${bodies.join(' else ')}
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn concat(@builtin(global_invocation_id) id: vec3u) {
  ${spread(total)}
}`;
};

const sizeOf = (axes: readonly { readonly size: number }[]): number =>
  axes.reduce((product, { size }) => product * size, 1);

/** Axes with each that fits into the one before it put there; those of size 1 go, where they say nothing. */
function joined<A extends { readonly size: number }>(
  axes: readonly A[],
  join: (outer: A, inner: A) => A | undefined,
): readonly A[] {
  const runs: A[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const last = runs.at(-1);
    const both = last && join(last, axis);
    if (both === undefined) runs.push(axis);
    else runs[runs.length - 1] = both;
  }
  return runs;
}

/** WGSL for the place along each axis of element i. */
const digits = (axes: readonly { readonly size: number }[]): readonly string[] =>
  axes.map(({ size }, axis) => {
    const after = sizeOf(axes.slice(axis + 1));
    const quotient = after === 1 ? 'i' : `i / ${after}u`;
    return axis === 0 ? `(${quotient})` : `(${quotient} % ${size}u)`;
  });
