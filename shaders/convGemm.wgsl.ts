import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, forwardName, reachesPast, type Conv2dSizes, type Epilogue } from './conv2d.wgsl.js';
import {
  extentOf,
  gemmMemory,
  gemmProducts,
  gemmStores,
  gemmSums,
  lanesOf,
  placeOf,
  stage,
  stagedAt,
  stagedBy,
  type GemmTile,
  type Staged,
} from './lib/gemmTile.js';
import { lines, plus, upTo } from './lib/rowTile.js';

// Convolution and its gradient by the images as products of matrices in workgroup memory, for GPUs and many channels.
//
// Both are to[o,pixel] = Σ_{i,r,s} w[o,i,r,s] · from[i, tap (r,s) of pixel], where for
//
//   conv2d       from x, to y,   row = u·STRIDE + r·DILATION − PADDING
//   conv2dGradX  from dy, to dx, row = (u + PADDING − r·DILATION) / STRIDE, if that is whole
//
// and columns likewise. Rows of the product are channels o of one group, columns the pixels of all images in a row, terms
// the taps of `depth` channels. An invocation stages the same taps of the same pixels for all channels, so it works out
// once, before the loop over channels, where they lie and whether they lie in the image; a step of the loop then adds a
// constant to an address. Rows and columns are u32: what lies before the image wraps to a huge number.

/** How the work is cut. */
export interface ConvGemmTile extends GemmTile {
  /** Channels whose taps are in workgroup memory at once; the last ones may be fewer. */
  readonly depth: number;
  /** Window rows whose taps are in workgroup memory at once: all, or one. */
  readonly rows: number;
}

/** Workgroups along one axis of a dispatch, on any adapter. */
const MOST_GROUPS = 65_535;

/** One of the two directions, in the words of the gather. */
interface Gather {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** [channels, rows, columns] */
  readonly fromSizes: readonly [number, number, number];
  readonly toSizes: readonly [number, number, number];
  /** Filters from one summed channel to the next, and from one result channel to the next, in w. */
  readonly wSummed: number;
  readonly wResult: number;
  readonly sizes: Conv2dSizes;
  readonly epilogue: Epilogue;
}

/** The products of one iteration. */
export const termsOf = ({ S }: Conv2dSizes, { depth, rows }: ConvGemmTile): number => depth * rows * S;

/** Workgroups along the pixels, along blocks of channels, and what the first axis cannot hold. */
export function convGemmGroups(
  pixels: number,
  channels: number,
  groups: number,
  tile: GemmTile,
): [number, number, number] {
  const [rows, columns] = extentOf(tile);
  const along = Math.ceil(pixels / columns);
  return [Math.min(along, MOST_GROUPS), groups * Math.ceil(channels / groups / rows), Math.ceil(along / MOST_GROUPS)];
}

export const conv2dGemm = (sizes: Conv2dSizes, tile: ConvGemmTile, epilogue: Epilogue): string => {
  const { C, H, W, K, R, S, P, Q, groups } = sizes;
  const [wSummed, wResult] = [R * S, (C / groups) * R * S];
  const name = forwardName(epilogue);
  return gather(
    { name, from: 'x', to: 'y', fromSizes: [C, H, W], toSizes: [K, P, Q], wSummed, wResult, sizes, epilogue },
    tile,
  );
};

export const conv2dGradXGemm = (sizes: Conv2dSizes, tile: ConvGemmTile): string => {
  const { C, H, W, K, R, S, P, Q, groups } = sizes;
  const [wSummed, wResult] = [(C / groups) * R * S, R * S];
  const epilogue = { bias: false, relu: false };
  const name = 'conv2dGradX';
  return gather(
    { name, from: 'dy', to: 'dx', fromSizes: [K, P, Q], toSizes: [C, H, W], wSummed, wResult, sizes, epilogue },
    tile,
  );
};

function gather(shape: Gather, tile: ConvGemmTile): string {
  const { name, from, to, fromSizes, toSizes, wSummed, wResult, sizes, epilogue } = shape;
  const { N, R, S, stride, padding, dilation, groups } = sizes;
  const { depth, rows } = tile;
  const [fromC, fromH, fromW] = fromSizes;
  const [toC, toH, toW] = toSizes;
  const [summed, results] = [fromC / groups, toC / groups];
  const [tileRows, tileColumns] = extentOf(tile);
  const blocks = Math.ceil(results / tileRows);
  const pixels = N * toH * toW;
  const { w } = extents(sizes);
  const taps = rows * S;
  const terms = depth * taps;
  const isForward = to === 'y';
  const mayMiss = !isForward || reachesPast(sizes, 0) || reachesPast(sizes, 1);
  const isRagged = summed % depth > 0;

  /** Where a tap of a pixel lies along one axis, and whether it lies in the image. */
  const along = (axis: 0 | 1, to: string, tap: string): readonly [place: string, inside: string] => {
    const size = axis === 0 ? fromH : fromW;
    const offset = dilation[axis] === 1 ? tap : `${tap} * ${dilation[axis]}u`;
    if (isForward) {
      const place = `${stride[axis] === 1 ? to : `${to} * ${stride[axis]}u`} + ${offset}${plus(-padding[axis])}`;
      return [place, `(${place} < ${size}u)`];
    }
    const back = `(${to}${plus(padding[axis])} - ${offset})`;
    if (stride[axis] === 1) return [back, `(${back} < ${size}u)`];
    return [
      `${back} / ${stride[axis]}u`,
      `(${back} % ${stride[axis]}u == 0u) & (${back} / ${stride[axis]}u < ${size}u)`,
    ];
  };

  const tapOf = ({ name, term }: Staged): string => `let channel${name} = ${term} / ${taps}u;
    let row${name} = ${term} / ${S}u % ${rows}u${rows < R ? ' + r' : ''};
    let column${name} = ${term} % ${S}u;`;

  /** The filters that an entry of tileA holds: past the last channel those of the last, which is not stored. */
  const placeA = (staged: Staged): string => `${stagedAt(tile, 0, terms, isForward ? terms : taps, staged)}
    ${tapOf(staged)}
    let filters${staged.name} = group * ${w / groups}u + channel${staged.name} * ${wSummed}u + row${staged.name} * ${S}u + column${staged.name};
${lines(upTo(4), (i) => `let ${staged.name}_${i} = filters${staged.name} + min(first + ${placeOf(tile, 0, staged.entry, i)}, ${results - 1}u) * ${wResult}u;`)}`;

  /** The pixels that an entry of tileB reads: past the last pixel the last, which is not stored. */
  const placeB = (staged: Staged): string => `${stagedAt(tile, 1, terms, 1, staged)}
    ${tapOf(staged)}
${lines(upTo(4), (j) => {
  const own = `${staged.name}_${j}`;
  const [row, rowInside] = along(0, `(pixel${own} / ${toW}u % ${toH}u)`, `row${staged.name}`);
  const [column, columnInside] = along(1, `(pixel${own} % ${toW}u)`, `column${staged.name}`);
  const inside = mayMiss ? `\n    let inside${own} = ${rowInside} & ${columnInside};` : '';
  return `let pixel${own} = min(pixel + ${placeOf(tile, 1, staged.entry, j)}, ${pixels - 1}u);${inside}
    let ${own} = ((pixel${own} / ${toH * toW}u * ${fromC}u + group * ${summed}u + channel${staged.name}) * ${fromH}u + ${row}) * ${fromW}u + ${column};`;
})}`;

  /** A number past the last channel is 0 on both sides: 0·∞ would make a NaN. */
  const numbers = (staged: Staged, memory: string, step: number): readonly string[] =>
    upTo(4).map((i) => {
      const own = `${staged.name}_${i}`;
      const conditions = [
        ...(memory === from && mayMiss ? [`inside${own}`] : []),
        ...(isRagged ? [`(i + channel${staged.name} < ${summed}u)`] : []),
      ];
      const value = `${memory}[${own} + i * ${step}u]`;
      return conditions.length === 0 ? value : `select(0.0, ${value}, ${conditions.join(' & ')})`;
    });

  const [stagedA, stagedB] = [stagedBy(tile, 0, terms), stagedBy(tile, 1, terms)];
  return wgsl`
@group(0) @binding(0) var<storage, read> ${from}: array<f32, ${N * fromC * fromH * fromW}>;
@group(0) @binding(1) var<storage, read> w: array<f32, ${w}>;
@group(0) @binding(2) var<storage, read_write> ${to}: array<f32, ${N * toC * toH * toW}>;
#if ${epilogue.bias}
@group(0) @binding(3) var<storage, read> b: array<f32, ${toC}>;
#endif
${gemmMemory(tile, terms)}
#if ${epilogue.relu}

// A comparison, not max(): WGSL lets max(NaN, 0) be 0, and a NaN must reach the loss to be seen.
fn relu(value: f32) -> f32 { return select(value, 0.0, value <= 0.0); }
#endif

@compute @workgroup_size(${lanesOf(tile)}, 1, 1)
fn ${name}(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let pixel = (id.z * ${MOST_GROUPS}u + id.x) * ${tileColumns}u;
  let group = id.y / ${blocks}u;
  let first = id.y % ${blocks}u * ${tileRows}u;
    ${gemmSums(tile)}
#if ${rows < R}
  for (var r = 0u; r < ${R}u; r++) {
#else
  {
#endif
${lines(stagedA, placeA)}
${lines(stagedB, placeB)}
  for (var i = 0u; i < ${summed}u; i += ${depth}u) {
${lines(stagedA, (staged) => stage(tile, 0, terms, staged, numbers(staged, 'w', wSummed)))}
${lines(stagedB, (staged) => stage(tile, 1, terms, staged, numbers(staged, from, fromH * fromW)))}
    ${gemmProducts(tile, terms, summed > depth || rows < R)}
  }
  }
    ${gemmStores(
      tile,
      (column, j, rows) => `let at${j} = pixel + ${column};
    if (at${j} < ${pixels}u) {
      let to${j} = (at${j} / ${toH * toW}u * ${toC}u + group * ${results}u + first) * ${toH * toW}u + at${j} % ${toH * toW}u;
${lines(rows, ({ row, value }) => {
  const biased = epilogue.bias ? `${value} + b[group * ${results}u + first + ${row}]` : value;
  const stored = `${to}[to${j} + (${row}) * ${toH * toW}u] = ${epilogue.relu ? `relu(${biased})` : biased};`;
  return results % tileRows === 0 ? stored : `if (first + ${row} < ${results}u) { ${stored} }`;
})}
    }`,
    )}
}`;
}
