import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, reachesPast, type Conv2dSizes } from './conv2d.wgsl.js';
import { declared } from './lib/bindings.js';
import type { BytePixels, Unpool } from './lib/convLoads.js';
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
import { bytePixels, imagePixels, unpoolPixels } from './lib/pixelLoads.js';
import { lines, upTo } from './lib/rowTile.js';

// The gradient by the filters as a product of matrices in workgroup memory, for GPUs.
//
//   dw[k, (c,r,s)] = Σ_pixel dy[k, pixel] · x[c, tap (r,s) of pixel]      pixel = (n,p,q), all of a batch in a row
//
// The sums are long and the results few, so the pixels are cut into slices: each writes a plane of its own, and a second
// dispatch adds the planes in their order. Terms of a tile are neighbours in memory for both operands.
// One more column, of ones, makes the sums of dy over all pixels: the gradient of a bias, in the same fixed order. dy may
// be a max-pool's gradient, scattered as it is staged, and x the bytes of a set of images.
// Rows and columns are u32: what lies before the image wraps to a huge number.

/** How the work is cut. */
export interface GradWGemmTile extends GemmTile {
  /** Pixels in workgroup memory at once: a divisor of the invocations, so that each stages the same term of every entry. */
  readonly depth: number;
  /** Iterations of a slice. */
  readonly steps: number;
}

/** What the gradient by the filters takes along. */
export interface GradWAround {
  /** The max-pool whose gradient dy is, and the set that x is gathered from; absent where they are in memory. */
  readonly pool?: Unpool | undefined;
  readonly bytes?: BytePixels | undefined;
  /** Whether the sums of dy are wanted. */
  readonly bias: boolean;
}

/** Columns of the product: the taps of a group's channels, and the sums. */
export const gradWColumns = ({ C, R, S, groups }: Conv2dSizes, bias: boolean): number =>
  (C / groups) * R * S + Number(bias);

/** Slices that hold all pixels, none of them empty. */
export const gradWSlices = ({ N, P, Q }: Conv2dSizes, { depth, steps }: GradWGemmTile): number =>
  Math.ceil((N * P * Q) / (depth * steps));

/** Workgroups along the taps of channels, along blocks of filters, and along the slices. */
export function gradWGemmGroups(sizes: Conv2dSizes, tile: GradWGemmTile, bias: boolean): [number, number, number] {
  const { K, groups } = sizes;
  const [rows, columns] = extentOf(tile);
  return [
    Math.ceil(gradWColumns(sizes, bias) / columns),
    groups * Math.ceil(K / groups / rows),
    gradWSlices(sizes, tile),
  ];
}

export const conv2dGradWGemm = (sizes: Conv2dSizes, tile: GradWGemmTile, around: GradWAround): string => {
  const { pool, bytes, bias } = around;
  const { N, C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  const { depth, steps } = tile;
  const { w } = extents(sizes);
  const dy = pool === undefined ? imagePixels('dy', { N, C: K, H: P, W: Q }) : unpoolPixels(pool);
  const x = bytes === undefined ? imagePixels('x', { N, C, H, W }) : bytePixels(bytes);
  const [filters, taps] = [K / groups, (C / groups) * R * S];
  const [tileRows, tileColumns] = extentOf(tile);
  const blocks = Math.ceil(filters / tileRows);
  const slices = gradWSlices(sizes, tile);
  const pixels = N * P * Q;
  const isRagged = slices * steps * depth > pixels;
  const [mayMissRow, mayMissColumn] = [reachesPast(sizes, 0), reachesPast(sizes, 1)];
  const [stagedA, stagedB] = [stagedBy(tile, 0, depth), stagedBy(tile, 1, depth)];

  const placeA = (staged: Staged): string => `${stagedAt(tile, 0, depth, depth, staged)}
${lines(upTo(4), (i) => `let ${staged.name}_${i} = (group * ${filters}u + min(first + ${placeOf(tile, 0, staged.entry, i)}, ${filters - 1}u)) * ${dy.plane}u;`)}`;

  const placeB = (staged: Staged): string => `${stagedAt(tile, 1, depth, depth, staged)}
${lines(upTo(4), (j) => {
  const own = `${staged.name}_${j}`;
  return `let tap${own} = min(tap + ${placeOf(tile, 1, staged.entry, j)}, ${taps - 1}u);
    let row${own} = tap${own} / ${S}u % ${R}u * ${dilation[0]}u - ${padding[0]}u;
    let column${own} = tap${own} % ${S}u * ${dilation[1]}u - ${padding[1]}u;
    let ${own} = (group * ${C / groups}u + tap${own} / ${R * S}u) * ${x.plane}u + ${x.offset(`row${own}`, `column${own}`)};${bias ? `\n    let isOne${own} = tap + ${placeOf(tile, 1, staged.entry, j)} == ${taps}u;` : ''}`;
})}`;

  /** A pixel past the last is 0 on both sides: 0·∞ would make a NaN. */
  const live = isRagged ? ['live'] : [];
  const slopes = ({ name }: Staged): readonly string[] =>
    upTo(4).map((i) => dy.value(`slope + ${name}_${i}`, 'place', live));
  const images = ({ name }: Staged): readonly string[] =>
    upTo(4).map((j) => {
      const inside = [
        ...live,
        ...(mayMissRow ? [`(row + row${name}_${j} < ${H}u)`] : []),
        ...(mayMissColumn ? [`(column + column${name}_${j} < ${W}u)`] : []),
      ];
      const number = x.value(`image + ${name}_${j}`, '', inside);
      return bias ? `select(${number}, 1.0, isOne${name}_${j})` : number;
    });

  const bindings = [
    ...dy.bindings,
    ...x.bindings,
    `var<storage, read_write> parts: array<f32, ${slices * w}>`,
    ...(bias ? [`var<storage, read_write> sums: array<f32, ${slices * K}>`] : []),
  ];
  return wgsl`
${declared(bindings)}
${gemmMemory(tile, depth)}
${x.functions}

@compute @workgroup_size(${lanesOf(tile)}, 1, 1)
fn conv2dGradW(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tap = id.x * ${tileColumns}u;
  let group = id.y / ${blocks}u;
  let first = id.y % ${blocks}u * ${tileRows}u;
    ${gemmSums(tile)}
${lines(stagedA, placeA)}
${lines(stagedB, placeB)}
  let begin = id.z * ${steps * depth}u + lane % ${depth}u;
  for (var i = 0u; i < ${steps * depth}u; i += ${depth}u) {
    let pixel = begin + i;
#if ${isRagged}
    let live = pixel < ${pixels}u;
#endif
    let n = pixel / ${P * Q}u;
    let place = pixel % ${P * Q}u;
    let p = place / ${Q}u;
    let q = place % ${Q}u;
    let row = p * ${stride[0]}u;
    let column = q * ${stride[1]}u;
    let u = ${dy.cell(0, 'p')};
    let v = ${dy.cell(1, 'q')};
    let slope = ${dy.start('n')} + ${dy.offset('u', 'v')};
    let image = ${x.start('n')} + ${x.offset('row', 'column')};
${lines(stagedA, (staged) => stage(tile, 0, depth, staged, slopes(staged)))}
${lines(stagedB, (staged) => stage(tile, 1, depth, staged, images(staged)))}
    ${gemmProducts(tile, depth, steps > 1)}
  }
  let plane = id.z * ${K}u + group * ${filters}u + first;
    ${gemmStores(tile, (column, j, rows) => {
      const kept = (stored: string, row: string): string =>
        filters % tileRows === 0 ? stored : `if (first + ${row} < ${filters}u) { ${stored} }`;
      const stores = lines(rows, ({ row, value }) =>
        kept(`parts[(plane + ${row}) * ${taps}u + tap${j}] = ${value};`, row),
      );
      const sums = lines(rows, ({ row, value }) => kept(`sums[plane + ${row}] = ${value};`, row));
      return [
        `let tap${j} = tap + ${column};`,
        taps % tileColumns === 0 && !bias ? stores : `if (tap${j} < ${taps}u) {\n${stores}\n    }`,
        ...(bias ? [`if (tap${j} == ${taps}u) {\n${sums}\n    }`] : []),
      ].join('\n    ');
    })}
}`;
};
