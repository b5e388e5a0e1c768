import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, forwardName, type Conv2dSizes, type Epilogue } from './conv2d.wgsl.js';
import { swap } from './lib/quad.js';
import {
  addProducts,
  columnAt,
  columnsOf,
  guarded,
  lines,
  mayEnd,
  plus,
  stepOf,
  upTo,
  where,
  type RowGeometry,
} from './lib/rowTile.js';

// Convolution and its gradient by the images, several pixels of a row × several channels an invocation.
//
// Both are one gather: to[n,o,u,v] = Σ_{i,r,s} from[n,i,row,column] · w, where for
//
//   conv2d       from x, to y,   row = u·STRIDE + r·DILATION − PADDING
//   conv2dGradX  from dy, to dx, row = (u + PADDING − r·DILATION) / STRIDE, if that is whole
//
// and columns likewise. o is a channel of the result, i one that is summed over; both within one group. Which columns a
// pixel reads is known here, so only the rim that some tile finds outside the image is compared with its width.
// A load past the end of a row meets another row, or whatever WebGPU gives past the end of a buffer: what it adds
// belongs to a pixel that is not stored, or is replaced by 0.

/** How the work is cut. */
export interface ConvTile {
  /** Results side by side in a row. */
  readonly pixels: number;
  /** Channels of the result an invocation; the last block of a group may have fewer. */
  readonly channels: number;
  /** Channels that one iteration sums over: a divisor of those of a group. */
  readonly depth: number;
  /** Window rows that one iteration sums over: all, or one. */
  readonly rows: number;
  /** Invocations of a workgroup, a multiple of 4. */
  readonly lanes: number;
  /**
   * Whether the four invocations of a quad share their filters: each loads those of one channel in four, and they swap.
   * Of four channels 4m…4m+3, invocation l of a quad then sums channel 4m + (l ^ i) in its i-th place. What is left
   * over at the end of the block is broadcast instead, in its own order.
   */
  readonly quads: boolean;
}

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
  readonly row: RowGeometry;
  readonly sizes: Conv2dSizes;
  readonly epilogue: Epilogue;
}

export const conv2dTiled = (sizes: Conv2dSizes, tile: ConvTile, epilogue: Epilogue): string =>
  gather(forward(sizes, tile, epilogue), tile);

export const conv2dGradXTiled = (sizes: Conv2dSizes, tile: ConvTile): string => gather(backward(sizes, tile), tile);

function forward(sizes: Conv2dSizes, { pixels }: ConvTile, epilogue: Epilogue): Gather {
  const { C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  return {
    name: forwardName(epilogue),
    from: 'x',
    to: 'y',
    fromSizes: [C, H, W],
    toSizes: [K, P, Q],
    wSummed: R * S,
    wResult: (C / groups) * R * S,
    row: {
      pixels,
      results: Q,
      tiles: Math.ceil(Q / pixels),
      step: pixels * stride[1],
      width: W,
      taps: S,
      offset: (pixel, tap) => pixel * stride[1] + tap * dilation[1] - padding[1],
    },
    sizes,
    epilogue,
  };
}

function backward(sizes: Conv2dSizes, { pixels }: ConvTile): Gather {
  const { C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  return {
    name: 'conv2dGradX',
    from: 'dy',
    to: 'dx',
    fromSizes: [K, P, Q],
    toSizes: [C, H, W],
    wSummed: (C / groups) * R * S,
    wResult: R * S,
    row: {
      pixels,
      results: W,
      tiles: Math.ceil(W / pixels),
      step: stepOf(pixels, W, stride[1]),
      width: Q,
      taps: S,
      offset: (pixel, tap) => {
        const offset = (pixel + padding[1] - tap * dilation[1]) / stride[1];
        return Number.isInteger(offset) ? offset : undefined;
      },
    },
    sizes,
    epilogue: { bias: false, relu: false },
  };
}

function gather(shape: Gather, { channels, depth, rows, lanes, quads }: ConvTile): string {
  const { name, from, to, fromSizes, toSizes, wSummed, wResult, row, sizes, epilogue } = shape;
  const { N, R, S, stride, padding, dilation, groups } = sizes;
  const [fromC, fromH, fromW] = fromSizes;
  const [toC, toH, toW] = toSizes;
  const summed = fromC / groups;
  const results = toC / groups;
  const blocks = Math.ceil(results / channels);
  const { w } = extents(sizes);
  const places = N * toH * row.tiles;
  const columns = columnsOf(row);
  const isForward = to === 'y';
  const rowMayMiss = (r: number): boolean =>
    isForward
      ? r * dilation[0] < padding[0] || (toH - 1) * stride[0] + r * dilation[0] - padding[0] >= fromH
      : stride[0] > 1 || padding[0] < r * dilation[0] || toH - 1 + padding[0] - r * dilation[0] >= fromH;
  const anyRowMayMiss = rows === R ? rowMayMiss : () => upTo(R).some(rowMayMiss);
  const steps = upTo(depth).flatMap((d) => upTo(rows).map((r) => [d, r] as const));

  const load = ([d, r]: readonly [number, number]): string =>
    columns
      .map(({ offset, checked }, position) => {
        const inside = [
          ...(anyRowMayMiss(r) ? [`inside${r}`] : []),
          ...(checked ? [`(column${plus(offset)} < ${fromW}u)`] : []),
        ];
        return `let x${d}_${r}_${position} = ${where(inside, `${from}[at${d}_${r}${plus(offset)}]`)};`;
      })
      .join(' ');

  const isSwapped = (k: number): boolean => quads && k - (k % 4) + 4 <= channels;
  const channelOf = (k: number): string => (isSwapped(k) ? `${plus(k - (k % 4))} + other${k % 4}` : plus(k));

  const weight = (k: number, d: number, r: number, s: number): string => {
    const tap = `${d}_${r}_${s}`;
    const at = d * wSummed + r * S + s;
    if (!quads) return `let w${k}_${tap} = w[filters${plus(k * wResult + at)}];`;
    const first = k - (k % 4);
    const load = k === first ? `let quad${first}_${tap} = w[filters${plus(first * wResult + at)}]; ` : '';
    const own = `quad${first}_${tap}`;
    return `${load}let w${k}_${tap} = ${isSwapped(k) ? swap(k % 4, own) : `quadBroadcast(${own}, ${k % 4}u)`};`;
  };

  const sum = (k: number): string => {
    const weights = steps.flatMap(([d, r]) => upTo(S).map((s) => weight(k, d, r, s)));
    const sums = upTo(row.pixels).map((j) => {
      const products = steps.flatMap(([d, r]) =>
        upTo(S).flatMap((s) => {
          const position = columnAt(row, columns, j, s);
          return position === undefined ? [] : [[`x${d}_${r}_${position}`, `w${k}_${d}_${r}_${s}`] as const];
        }),
      );
      return addProducts(`sum${k}_${j}`, products);
    });
    return [...weights, ...sums].join(' ');
  };

  const store = (k: number): string => {
    const mayMissChannel = (blocks - 1) * channels + k >= results;
    const bias = epilogue.bias ? `let b${k} = b[result${channelOf(k)}]; ` : '';
    const stores = upTo(row.pixels).map((j) => {
      const inside = [
        ...(mayMissChannel ? [`(first${channelOf(k)} < ${results}u)`] : []),
        ...(mayEnd(row, j) ? [`(v${plus(j)} < ${toW}u)`] : []),
      ];
      const value = epilogue.bias ? `sum${k}_${j} + b${k}` : `sum${k}_${j}`;
      return guarded(inside, `${to}[at${k}${plus(j)}] = ${epilogue.relu ? `relu(${value})` : value};`);
    });
    return `let at${k} = base + (0u${channelOf(k)}) * ${toH * toW}u; ${bias}${stores.join(' ')}`;
  };

  return wgsl`#if ${quads}
enable subgroups;
#endif

@group(0) @binding(0) var<storage, read> ${from}: array<f32, ${N * fromC * fromH * fromW}>;
@group(0) @binding(1) var<storage, read> w: array<f32, ${w}>;
@group(0) @binding(2) var<storage, read_write> ${to}: array<f32, ${N * toC * toH * toW}>;
#if ${epilogue.bias}
@group(0) @binding(3) var<storage, read> b: array<f32, ${toC}>;
#endif
#if ${epilogue.relu}

// A comparison, not max(): WGSL lets max(NaN, 0) be 0, and a NaN must reach the loss to be seen.
fn relu(value: f32) -> f32 { return select(value, 0.0, value <= 0.0); }
#endif

@compute @workgroup_size(${lanes}, 1, 1)
#if ${quads}
fn ${name}(@builtin(global_invocation_id) id: vec3u, @builtin(subgroup_invocation_id) invocation: u32) {
  // All invocations of a quad must reach every swap, so those past the end compute the last place and store nothing.
  let alive = id.z * ${65_535 * lanes}u + id.x < ${places}u;
  let place = min(id.z * ${65_535 * lanes}u + id.x, ${places - 1}u);
  let lane = invocation & 3u;
  let other0 = lane;
  let other1 = lane ^ 1u;
  let other2 = lane ^ 2u;
  let other3 = lane ^ 3u;
#else
fn ${name}(@builtin(global_invocation_id) id: vec3u) {
  let place = id.z * ${65_535 * lanes}u + id.x;
  if (place >= ${places}u) { return; }
  const alive = true;
#endif
#if ${row.tiles > 1}
  let tile = place % ${row.tiles}u;
  let line = place / ${row.tiles}u;
#else
  const tile = 0u;
  let line = place;
#endif
  let u = line % ${toH}u;
  let n = line / ${toH}u;
  let v = tile * ${row.pixels}u;
  let column = tile * ${row.step}u;
#if ${groups * blocks > 1}
  let group = id.y / ${blocks}u;
  let first = id.y % ${blocks}u * ${channels}u;
#else
  const group = 0u;
  const first = 0u;
#endif
${lines(upTo(channels), (k) =>
  upTo(row.pixels)
    .map((j) => `var sum${k}_${j} = 0.0;`)
    .join(' '),
)}

#if ${summed > depth}
  for (var i = 0u; i < ${summed}u; i += ${depth}u) {
#else
  {
    const i = 0u;
#endif
#if ${rows < R}
  for (var r = 0u; r < ${R}u; r++) {
#else
  {
    const r = 0u;
#endif
${lines(upTo(rows), (r) => {
  if (isForward) return `let row${r} = u * ${stride[0]}u + r * ${dilation[0]}u${plus(r * dilation[0] - padding[0])};`;
  const below = `u - r * ${dilation[0]}u${plus(padding[0] - r * dilation[0])}`;
  if (stride[0] === 1) return `let row${r} = ${below};`;
  return `let below${r} = ${below}; let row${r} = below${r} / ${stride[0]}u;`;
})}
${lines(upTo(rows).filter(anyRowMayMiss), (r) => {
  const whole = !isForward && stride[0] > 1 ? `(below${r} == row${r} * ${stride[0]}u) & ` : '';
  return `let inside${r} = ${whole}(row${r} < ${fromH}u);`;
})}
${lines(steps, ([d, r]) => `let at${d}_${r} = ((n * ${fromC}u + group * ${summed}u + i${plus(d)}) * ${fromH}u + row${r}) * ${fromW}u + column;`)}
${lines(steps, load)}
#if ${groups * blocks === 1 && summed === depth && rows === R && !quads}
    // A constant, so that the filters are read at literal indices: several times cheaper on a software adapter.
    const filters = 0u;
#else
#if ${quads}
    let filters = group * ${w / groups}u + (first + lane) * ${wResult}u + i * ${wSummed}u + r * ${S}u;
#else
    let filters = group * ${w / groups}u + first * ${wResult}u + i * ${wSummed}u + r * ${S}u;
#endif
#endif
${lines(upTo(channels), sum)}
  }
  }

  let result = group * ${results}u + first;
  let base = ((n * ${toC}u + result) * ${toH}u + u) * ${toW}u + v;
  if (alive) {
${lines(upTo(channels), store)}
  }
}`;
}
