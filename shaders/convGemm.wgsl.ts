import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, forwardName, reachesPast, type Conv2dSizes, type Epilogue } from './conv2d.wgsl.js';
import { declared } from './lib/bindings.js';
import type { Unpool } from './lib/convLoads.js';
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
import { imagePixels, unpoolPixels, type PixelLoad } from './lib/pixelLoads.js';
import { lines, plus, upTo, where } from './lib/rowTile.js';

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
//
// On the way back dy may be a max-pool's gradient, scattered as it is staged, and dx may be let through a relu's gate as
// it is stored: neither image is ever in memory.

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
  readonly isForward: boolean;
  readonly from: PixelLoad;
  readonly fromChannels: number;
  readonly to: string;
  /** [channels, rows, columns] */
  readonly toSizes: readonly [number, number, number];
  /** Filters from one summed channel to the next, and from one result channel to the next, in w. */
  readonly wSummed: number;
  readonly wResult: number;
  readonly sizes: Conv2dSizes;
  readonly epilogue: Partial<Epilogue>;
  readonly gate: boolean;
}

/** What the gradient by the images takes along. */
export interface GradXAround {
  /** The max-pool whose gradient dy is; absent where dy is in memory. */
  readonly pool?: Unpool | undefined;
  /** Whether a pixel counts only where another image of the same size, `gate`, is above zero. */
  readonly gate: boolean;
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
  const { N, C, H, W, K, R, S, P, Q, groups } = sizes;
  const shape: Gather = {
    name: forwardName(epilogue),
    isForward: true,
    from: imagePixels('x', { N, C, H, W }),
    fromChannels: C,
    to: 'y',
    toSizes: [K, P, Q],
    wSummed: R * S,
    wResult: (C / groups) * R * S,
    sizes,
    epilogue,
    gate: false,
  };
  return gather(shape, tile);
};

export const conv2dGradXGemm = (sizes: Conv2dSizes, tile: ConvGemmTile, { pool, gate }: GradXAround): string => {
  const { N, C, H, W, K, R, S, P, Q, groups } = sizes;
  const shape: Gather = {
    name: 'conv2dGradX',
    isForward: false,
    from: pool === undefined ? imagePixels('dy', { N, C: K, H: P, W: Q }) : unpoolPixels(pool),
    fromChannels: K,
    to: 'dx',
    toSizes: [C, H, W],
    wSummed: (C / groups) * R * S,
    wResult: R * S,
    sizes,
    epilogue: {},
    gate,
  };
  return gather(shape, tile);
};

function gather(shape: Gather, tile: ConvGemmTile): string {
  const { name, isForward, from, fromChannels, to, toSizes, wSummed, wResult, sizes, epilogue, gate } = shape;
  const { N, R, S, stride, padding, dilation, groups } = sizes;
  const { depth, rows } = tile;
  const [toC, toH, toW] = toSizes;
  const [summed, results] = [fromChannels / groups, toC / groups];
  const [tileRows, tileColumns] = extentOf(tile);
  const blocks = Math.ceil(results / tileRows);
  const pixels = N * toH * toW;
  const { w } = extents(sizes);
  const taps = rows * S;
  const terms = depth * taps;
  const mayMiss = !isForward || reachesPast(sizes, 0) || reachesPast(sizes, 1);
  const isRagged = summed % depth > 0;

  /** Where a tap of a pixel lies along one axis, and whether it lies in the image. */
  const along = (axis: 0 | 1, to: string, tap: string): readonly [place: string, inside: string] => {
    const size = from.image[axis];
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
    let ${own} = ${from.start(`(pixel${own} / ${toH * toW}u)`)} + (group * ${summed}u + channel${staged.name}) * ${from.plane}u + ${from.offset(`(${from.cell(0, `(${row})`)})`, from.cell(1, `(${column})`))};${from.scatters ? `\n    let place${own} = (${row}) * ${sizes.Q}u + ${column};` : ''}`;
})}`;

  /** A number past the last channel is 0 on both sides: 0·∞ would make a NaN. */
  const only = ({ name }: Staged): readonly string[] => (isRagged ? [`(i + channel${name} < ${summed}u)`] : []);
  const filters = (staged: Staged): readonly string[] =>
    upTo(4).map((i) => where(only(staged), `w[${staged.name}_${i} + i * ${wSummed}u]`));
  const pixelsOf = (staged: Staged): readonly string[] =>
    upTo(4).map((j) => {
      const own = `${staged.name}_${j}`;
      const inside = [...(mayMiss ? [`inside${own}`] : []), ...only(staged)];
      return from.value(`${own} + i * ${from.plane}u`, `place${own}`, inside);
    });

  const [stagedA, stagedB] = [stagedBy(tile, 0, terms), stagedBy(tile, 1, terms)];
  const bindings = [
    ...from.bindings,
    `var<storage, read> w: array<f32, ${w}>`,
    `var<storage, read_write> ${to}: array<f32, ${N * toC * toH * toW}>`,
    ...(epilogue.bias === true ? [`var<storage, read> b: array<f32, ${toC}>`] : []),
    ...(gate ? [`var<storage, read> gate: array<f32, ${N * toC * toH * toW}>`] : []),
  ];
  return wgsl`
${declared(bindings)}
${gemmMemory(tile, terms)}
#if ${epilogue.relu === true}

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
${lines(stagedA, (staged) => stage(tile, 0, terms, staged, filters(staged)))}
${lines(stagedB, (staged) => stage(tile, 1, terms, staged, pixelsOf(staged)))}
    ${gemmProducts(tile, terms, summed > depth || rows < R)}
  }
  }
    ${gemmStores(
      tile,
      (column, j, rows) => `let at${j} = pixel + ${column};
    if (at${j} < ${pixels}u) {
      let to${j} = (at${j} / ${toH * toW}u * ${toC}u + group * ${results}u + first) * ${toH * toW}u + at${j} % ${toH * toW}u;
${lines(rows, ({ row, value }) => {
  const at = `to${j} + (${row}) * ${toH * toW}u`;
  const biased = epilogue.bias === true ? `${value} + b[group * ${results}u + first + ${row}]` : value;
  const active = epilogue.relu === true ? `relu(${biased})` : biased;
  const stored = `${to}[${at}] = ${gate ? `select(0.0, ${active}, gate[${at}] > 0.0)` : active};`;
  return results % tileRows === 0 ? stored : `if (first + ${row} < ${results}u) { ${stored} }`;
})}
    }`,
    )}
}`;
}
