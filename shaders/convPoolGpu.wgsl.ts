import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, type Conv2dSizes } from './conv2d.wgsl.js';
import { declared } from './lib/bindings.js';
import type { BytePixels } from './lib/convLoads.js';
import { bytePixels, imagePixels } from './lib/pixelLoads.js';
import { lines, plus, upTo } from './lib/rowTile.js';

// Convolution, bias, relu and max-pool in one kernel, for GPUs: what the pool throws away never leaves the registers.
//
//   y[n,k,u,v] = max over a, b of act(bias[k] + Σ_{c,r,s} x[n,c,h,w]·w[k,c,r,s]),   index[n,k,u,v] = the winner's p·Q + q
//
// with p = u·POOL_STRIDE + a − POOL_PADDING, h = p·STRIDE + r·DILATION − PADDING, and columns likewise; relu may come
// before the maximum, which decides ties, or after it. x [N, C, H, W], w [K, C/GROUPS, R, S], pixels before the pool
// [P, Q], y [N, K, U, V]; x may be the bytes of a set of images.
//
// An invocation has all pixels of a few windows of a row, for some channels: each number of an image that it loads meets
// all of them. The filters of a few channels are in workgroup memory, four results an entry, where all invocations read
// the same entry at once.
// Rows and columns are u32: what lies before the image wraps to a huge number.

/** A max-pool after a convolution. Pairs are [rows, columns]. */
export interface PoolAfter {
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  /** [U, V] */
  readonly results: readonly [number, number];
}

/** How the work is cut. */
export interface ConvPoolTile {
  /** Windows side by side in a row. */
  readonly windows: number;
  /** Channels of the result an invocation, a multiple of 4; the last block of a group may have fewer. */
  readonly channels: number;
  /** Channels whose filters are in workgroup memory at once: a divisor of those of a group. */
  readonly depth: number;
  readonly lanes: number;
}

export interface ConvPoolEpilogue {
  readonly bias: boolean;
  readonly relu: 'before' | 'after' | undefined;
  /** Whether someone wants to know who won. */
  readonly index: boolean;
}

const MOST_GROUPS = 65_535;

/** Workgroup memory of a tile. */
export const convPoolBytes = ({ R, S }: Conv2dSizes, { depth, channels }: ConvPoolTile): number =>
  4 * depth * R * S * channels;

export function convPoolGroups(
  { N, K, groups }: Conv2dSizes,
  { results: [U, V] }: PoolAfter,
  { windows, channels, lanes }: ConvPoolTile,
): [number, number, number] {
  const along = Math.ceil((N * U * Math.ceil(V / windows)) / lanes);
  return [Math.min(along, MOST_GROUPS), groups * Math.ceil(K / groups / channels), Math.ceil(along / MOST_GROUPS)];
}

/** An axis of the pixels that one invocation computes, or of the image that they read, by distance from the first. */
const distances = (starts: readonly number[], steps: readonly number[]): readonly number[] =>
  [...new Set(starts.flatMap((start) => steps.map((step) => start + step)))].sort((a, b) => a - b);

export const convPoolGpu = (
  sizes: Conv2dSizes,
  pool: PoolAfter,
  tile: ConvPoolTile,
  { bias, relu, index }: ConvPoolEpilogue,
  bytes?: BytePixels,
): string => {
  const { N, C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  const [U, V] = pool.results;
  const { windows, channels, depth, lanes } = tile;
  const { w } = extents(sizes);
  const from = bytes === undefined ? imagePixels('x', { N, C, H, W }) : bytePixels(bytes);
  const [results, summed] = [K / groups, C / groups];
  const [quads, blocks, tiles] = [channels / 4, Math.ceil(results / channels), Math.ceil(V / windows)];
  const places = N * U * tiles;
  const entries = depth * R * S * quads;

  // Pixels before the pool, and pixels of the image, that an invocation meets.
  const pixelRows = upTo(pool.window[0]);
  const pixelColumns = distances(
    upTo(windows).map((j) => j * pool.stride[1]),
    upTo(pool.window[1]),
  );
  const along = (axis: 0 | 1, pixels: readonly number[], taps: number): readonly number[] =>
    distances(
      pixels.map((pixel) => pixel * stride[axis]),
      upTo(taps).map((tap) => tap * dilation[axis]),
    );
  const imageRows = along(0, pixelRows, R);
  const imageColumns = along(1, pixelColumns, S);
  /** Whether some invocation finds this distance outside: of the image, or of the pixels before the pool. */
  const mayMiss = (distance: number, before: number, furthest: number, size: number): boolean =>
    distance < before || furthest + distance - before >= size;
  const last = [(U - 1) * pool.stride[0], (tiles - 1) * windows * pool.stride[1]] as const;
  const before = [0, 1].map((axis) => (pool.padding[axis] ?? 0) * (stride[axis] ?? 1) + (padding[axis] ?? 0));
  const imageMisses = (axis: 0 | 1, distance: number): boolean =>
    mayMiss(distance, before[axis] ?? 0, last[axis] * stride[axis], axis === 0 ? H : W);
  const pixelMisses = (axis: 0 | 1, distance: number): boolean =>
    mayMiss(distance, pool.padding[axis], last[axis], axis === 0 ? P : Q);

  const loads = (row: number): string =>
    imageColumns
      .map((column) => {
        const inside = [
          ...(imageMisses(0, row) ? [`(row${plus(row)} < ${H}u)`] : []),
          ...(imageMisses(1, column) ? [`(column${plus(column)} < ${W}u)`] : []),
        ];
        return `let x${row}_${column} = ${from.value(`image${plus(row * W + column)}`, '', inside)};`;
      })
      .join(' ');

  const products = (quad: number): string =>
    lines(
      upTo(R).flatMap((r) => upTo(S).map((s) => [r, s] as const)),
      ([r, s]) => {
        const filter = `let w${quad}_${r}_${s} = filters[i * ${R * S * quads}u${plus((r * S + s) * quads + quad)}];`;
        const sums = pixelRows.flatMap((a) =>
          pixelColumns.map((b) => {
            const number = `x${a * stride[0] + r * dilation[0]}_${b * stride[1] + s * dilation[1]}`;
            const sum = `sum${quad}_${a}_${b}`;
            return `${sum} = fma(vec4f(${number}), w${quad}_${r}_${s}, ${sum});`;
          }),
        );
        return [filter, ...sums].join(' ');
      },
    );

  /** The maximum of one window for four channels. */
  const winner = (quad: number, j: number): string => {
    const own = `${quad}_${j}`;
    const pixels = pixelRows.flatMap((a) => upTo(pool.window[1]).map((b) => [a, j * pool.stride[1] + b] as const));
    const mayBeOutside = pixels.some(([a, b]) => pixelMisses(0, a) || pixelMisses(1, b));
    const steps = pixels.map(([a, b], i) => {
      const value = `value${own}_${i}`;
      const biased = bias ? `sum${quad}_${a}_${b} + bias${quad}` : `sum${quad}_${a}_${b}`;
      const active = relu === 'before' ? `relu(${biased})` : biased;
      const place = `(pixelRow${plus(a)}) * ${Q}u + pixelColumn${plus(b)}`;
      const take = (condition: string): string =>
        `best${own} = select(best${own}, ${value}, ${condition});${index ? ` winner${own} = select(winner${own}, vec4u(${place}), ${condition});` : ''}`;
      const start = `let ${value} = ${active};`;
      if (!mayBeOutside) {
        if (i > 0) return `${start} let wins${own}_${i} = beats(${value}, best${own}); ${take(`wins${own}_${i}`)}`;
        return `${start} var best${own} = ${value};${index ? ` var winner${own} = vec4u(${place});` : ''}`;
      }
      const begin =
        i > 0
          ? ''
          : `var best${own} = vec4f();${index ? ` var winner${own} = vec4u();` : ''} var found${own} = false; `;
      const inside = `(pixelRow${plus(a)} < ${P}u) & (pixelColumn${plus(b)} < ${Q}u)`;
      return `${begin}${start} let inside${own}_${i} = ${inside};
    let wins${own}_${i} = vec4<bool>(inside${own}_${i}) & (vec4<bool>(!found${own}) | beats(${value}, best${own}));
    ${take(`wins${own}_${i}`)} found${own} = found${own} | inside${own}_${i};`;
    });
    const best = relu === 'after' ? `relu(best${own})` : `best${own}`;
    const stores = upTo(4).map((i) => {
      const inside = [
        ...(blocks * channels > results ? [`(first + ${quad * 4 + i}u < ${results}u)`] : []),
        ...(tiles * windows > V ? [`(v + ${j}u < ${V}u)`] : []),
      ];
      const at = `at + ${(quad * 4 + i) * U * V + j}u`;
      const store = `y[${at}] = last${own}[${i}];${index ? ` index[${at}] = winner${own}[${i}];` : ''}`;
      return inside.length === 0 ? store : `if (${inside.join(' & ')}) { ${store} }`;
    });
    return [...steps, `let last${own} = ${best};`, ...stores].join('\n    ');
  };

  const size = N * K * U * V;
  const bindings = [
    ...from.bindings,
    `var<storage, read> w: array<f32, ${w}>`,
    `var<storage, read_write> y: array<f32, ${size}>`,
    ...(bias ? [`var<storage, read> b: array<f32, ${K}>`] : []),
    ...(index ? [`var<storage, read_write> index: array<u32, ${size}>`] : []),
  ];
  return wgsl`
${declared(bindings)}

${from.functions}
var<workgroup> filters: array<vec4f, ${entries}>;

/** The bits tell a NaN, because WGSL lets a compiler assume that value != value is false. */
fn beats(value: vec4f, best: vec4f) -> vec4<bool> {
  return (value > best) | ((bitcast<vec4u>(value) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u));
}
#if ${relu !== undefined}

// A comparison, not max(): WGSL lets max(NaN, 0) be 0, and a NaN must reach the loss to be seen.
fn relu(value: vec4f) -> vec4f { return select(value, vec4f(), value <= vec4f()); }
#endif

@compute @workgroup_size(${lanes}, 1, 1)
fn conv2dMaxPool(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  // Invocations past the last place work along with the others, because barriers are for all.
  let own = (id.z * ${MOST_GROUPS}u + id.x) * ${lanes}u + lane;
  let place = min(own, ${places - 1}u);
  let group = id.y / ${blocks}u;
  let first = id.y % ${blocks}u * ${channels}u;
  let v = place % ${tiles}u * ${windows}u;
  let u = place / ${tiles}u % ${U}u;
  let n = place / ${tiles * U}u;
  let pixelRow = u * ${pool.stride[0]}u${plus(-pool.padding[0])};
  let pixelColumn = v * ${pool.stride[1]}u${plus(-pool.padding[1])};
  let row = pixelRow * ${stride[0]}u${plus(-padding[0])};
  let column = pixelColumn * ${stride[1]}u${plus(-padding[1])};
  let firstPixel = ${from.start('n')} + ${from.offset('row', 'column')};
${lines(upTo(quads), (quad) => pixelRows.flatMap((a) => pixelColumns.map((b) => `var sum${quad}_${a}_${b} = vec4f();`)).join(' '))}

  for (var begin = 0u; begin < ${summed}u; begin += ${depth}u) {
    for (var entry = lane; entry < ${entries}u; entry += ${lanes}u) {
      let term = entry % ${depth * R * S}u;
      let quad = entry / ${depth * R * S}u;
${lines(upTo(4), (i) => `let filter${i} = group * ${results}u + min(first + quad * 4u + ${i}u, ${results - 1}u);`)}
      filters[term * ${quads}u + quad] = vec4f(
${lines(upTo(4), (i) => `w[(filter${i} * ${summed}u + begin) * ${R * S}u + term],`)}
      );
    }
    workgroupBarrier();
    for (var i = 0u; i < ${depth}u; i++) {
      let image = firstPixel + (group * ${summed}u + begin + i) * ${from.plane}u;
${lines(imageRows, loads)}
${lines(upTo(quads), products)}
    }
#if ${summed > depth}
    workgroupBarrier();
#endif
  }

#if ${bias}
${lines(
  upTo(quads),
  (quad) =>
    `let bias${quad} = vec4f(${upTo(4)
      .map((i) => `b[group * ${results}u + min(first + ${quad * 4 + i}u, ${results - 1}u)]`)
      .join(', ')});`,
)}
#endif
  if (own < ${places}u) {
    let at = ((n * ${K}u + group * ${results}u + first) * ${U}u + u) * ${V}u + v;
${lines(
  upTo(quads).flatMap((quad) => upTo(windows).map((j) => [quad, j] as const)),
  ([quad, j]) => winner(quad, j),
)}
  }
}`;
};
