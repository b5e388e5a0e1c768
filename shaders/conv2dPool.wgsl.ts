import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, type Conv2dSizes } from './conv2d.wgsl.js';
import { bytePixels, type BytePixels } from './lib/bytePixels.js';
import { swap } from './lib/quad.js';
import { chain, guarded, lines, plus, upTo, where } from './lib/rowTile.js';

// Convolution, bias, max-pool and relu in one kernel, for software adapters:
//
//   z[n,k,p,q] = b[k] + Σ_{c,r,s} x[n,c,h,w]·w[k,c,r,s]      as in conv2d.wgsl.ts
//   y[n,k,u,v] = relu(max over the window (u,v) of z)         index[n,k,u,v] = where it was, p·Q + q
//
// An invocation computes several windows of a row of windows. Pixels that no window sees are never computed, and z is
// never stored. Windows do not overlap; without a pool they are single pixels.
//
// It holds the pixels it reads in named scalars and walks the filters ("still": they stay where they are), or it holds
// its sums and walks the channels where there are too many pixels to hold. Sums that a loop carries cost an adapter
// without many registers as much as three multiplications, so the first is better where it can be had.

/** What the kernel computes. */
export interface ConvPoolParams {
  readonly sizes: Conv2dSizes;
  /** Rows and columns of a window; [1, 1] where there is no pool. */
  readonly window: readonly [number, number];
  readonly bias: boolean;
  readonly relu: boolean;
  /** Whether the winners are written. */
  readonly index: boolean;
  /** Where x comes from: itself, or bytes of a set of images. */
  readonly bytes?: BytePixels;
}

/** How the work is cut. */
export interface ConvPoolTile {
  /** Windows side by side in an invocation. */
  readonly windows: number;
  /** Filters of an iteration, or of an invocation where it walks the channels. */
  readonly filters: number;
  /** Whether the pixels stay and the filters are walked. */
  readonly still: boolean;
  /** Whether four invocations share the loads of four filters, and swap them. */
  readonly quads: boolean;
  /** Invocations of a workgroup, a multiple of 4. */
  readonly lanes: number;
}

/** Rows and columns of windows. */
export const windowsOf = ({ sizes: { P, Q }, window }: ConvPoolParams): readonly [number, number] => [
  Math.floor(P / window[0]),
  Math.floor(Q / window[1]),
];

/** Blocks of filters along y: one where an invocation walks them all. */
export const filterBlocks = ({ sizes: { K } }: ConvPoolParams, { still, filters }: ConvPoolTile): number =>
  still ? 1 : Math.ceil(K / filters);

/** Images × rows of windows × tiles of a row. */
export const convPoolPlaces = (p: ConvPoolParams, { windows }: ConvPoolTile): number => {
  const [rows, columns] = windowsOf(p);
  return p.sizes.N * rows * Math.ceil(columns / windows);
};

export const conv2dPool = (p: ConvPoolParams, tile: ConvPoolTile): string => {
  const { sizes, window, bias, relu, index, bytes } = p;
  const { windows, filters, still, quads, lanes } = tile;
  const { N, C, H, W, K, R, S, P, Q, stride, padding, dilation } = sizes;
  const { x, w } = extents(sizes);
  const [rows, columns] = windowsOf(p);
  const tiles = Math.ceil(columns / windows);
  const places = convPoolPlaces(p, tile);
  const pixels = windows * window[1];
  const depth = upTo(still ? C : 1);

  // Rows and columns of x that the invocation reads, from the first of its first window on.
  const rowCount = (window[0] - 1) * stride[0] + (R - 1) * dilation[0] + 1;
  const columnCount = (pixels - 1) * stride[1] + (S - 1) * dilation[1] + 1;
  const rowMayMiss = (i: number): boolean =>
    i < padding[0] || (rows - 1) * window[0] * stride[0] + i - padding[0] >= H;
  const columnMayMiss = (j: number): boolean =>
    j < padding[1] || (tiles - 1) * pixels * stride[1] + j - padding[1] >= W;
  const isRead = (count: number, taps: number, step: number, reach: number) => {
    const read = new Set(upTo(count).flatMap((at) => upTo(taps).map((tap) => at * step + tap * reach)));
    return (i: number): boolean => read.has(i);
  };
  const readRows = upTo(rowCount).filter(isRead(window[0], R, stride[0], dilation[0]));
  const readColumns = upTo(columnCount).filter(isRead(pixels, S, stride[1], dilation[1]));

  const loadRow = (c: number, i: number): string =>
    bytes === undefined
      ? readColumns
          .map((j) => {
            const inside = [
              ...(rowMayMiss(i) ? [`inside${i}`] : []),
              ...(columnMayMiss(j) ? [`(column${plus(j - padding[1])} < ${W}u)`] : []),
            ];
            return `let x${c}_${i}_${j} = ${where(inside, `x[from${c}_${i}${plus(j - padding[1])}]`)};`;
          })
          .join(' ')
      : bytePixels(`from${c}_${i} / 4u`, readColumns, (j) => `x${c}_${i}_${j}`);
  const loads = lines(depth, (c) =>
    readRows
      .map((i) => {
        const channel = still ? `${c}u` : 'c';
        const image = bytes === undefined ? `(n * ${C}u + ${channel})` : 'image';
        const from = `let from${c}_${i} = (${image} * ${H}u + row${plus(i - padding[0])}) * ${W}u + column;`;
        return `${from} ${loadRow(c, i)}`;
      })
      .join('\n    '),
  );

  /** Which of the four filters of a quad's load this is to an invocation: it has its own, and swaps for the others. */
  const place = (g: number): string => (quads ? `${plus(g - (g % 4))} + other${g % 4}` : plus(g));
  const quadOf = (g: number): number => g - (g % 4);
  const weight = (g: number, c: number, r: number, s: number): string => {
    const at = `${still ? '' : `c * ${R * S}u + `}${c * R * S + r * S + s}u`;
    const tap = `${c}_${r}_${s}`;
    if (!quads) return `let w${g}_${tap} = w[filters${g} + ${at}];`;
    const load = g % 4 === 0 ? `let q${g}_${tap} = w[filters${g} + ${at}]; ` : '';
    return `${load}let w${g}_${tap} = ${swap(g % 4, `q${quadOf(g)}_${tap}`)};`;
  };
  const taps = upTo(R).flatMap((r) => upTo(S).map((s) => [r, s] as const));
  const products = (g: number, i: number, j: number) =>
    depth.flatMap((c) =>
      taps.map(
        ([r, s]) =>
          [
            `x${c}_${i * stride[0] + r * dilation[0]}_${j * stride[1] + s * dilation[1]}`,
            `w${g}_${c}_${r}_${s}`,
          ] as const,
      ),
    );
  const sums = upTo(window[0]).flatMap((i) => upTo(pixels).map((j) => [i, j] as const));

  const result = (g: number): string =>
    upTo(windows)
      .map((v) => {
        const seen = upTo(window[0]).flatMap((i) => upTo(window[1]).map((s) => [i, v * window[1] + s] as const));
        const name = `${g}_${v}`;
        const steps = seen.map(([i, j], at) => {
          const value = `z${g}_${i}_${j}`;
          const where_ = `${i * Q + j}u`;
          if (at === 0) return `let m${name}_0 = ${value}; let i${name}_0 = ${where_};`;
          const last = at - 1;
          return (
            `let t${name}_${at} = better(${value}, m${name}_${last}); ` +
            `let m${name}_${at} = select(m${name}_${last}, ${value}, t${name}_${at});` +
            (index ? ` let i${name}_${at} = select(i${name}_${last}, ${where_}, t${name}_${at});` : '')
          );
        });
        const last = seen.length - 1;
        const inside = [
          ...(K % filters > 0 ? [`(first${place(g)} < ${K}u)`] : []),
          ...((tiles - 1) * windows + v >= columns ? [`(v${plus(v)} < ${columns}u)`] : []),
        ];
        const value = relu ? `select(m${name}_${last}, 0.0, m${name}_${last} <= 0.0)` : `m${name}_${last}`;
        const write = `y[to${g}${plus(v)}] = ${value};`;
        const winner = index ? ` index[to${g}${plus(v)}] = first_ + i${name}_${last};` : '';
        return `${steps.join(' ')} ${guarded([...(places % lanes === 0 ? [] : ['alive']), ...inside], write + winner)}`;
      })
      .join('\n    ');
  const starts = (g: number): string => {
    const own = `min(first${quads ? `${plus(quadOf(g))} + lane` : plus(g)}, ${K - 1}u)`;
    const b = !bias
      ? `const b${g} = 0.0;`
      : quads
        ? `${g % 4 === 0 ? `let o${g} = b[${own}]; ` : ''}let b${g} = ${swap(g % 4, `o${quadOf(g)}`)};`
        : `let b${g} = b[${own}];`;
    return `${quads && g % 4 > 0 ? '' : `let filters${g} = ${own} * ${C * R * S}u; `}${b}`;
  };
  const ends = (g: number): string =>
    `let to${g} = ((n * ${K}u + min(first${place(g)}, ${K - 1}u)) * ${rows}u + u) * ${columns}u + v;`;

  const walkFilters = `for (var first = 0u; first < ${K}u; first += ${filters}u) {
${lines(upTo(filters), starts)}
${lines(upTo(filters), (g) => {
  const weights = depth.flatMap((c) => taps.map(([r, s]) => weight(g, c, r, s)));
  const all = sums.map(([i, j]) => chain(`z${g}_${i}_${j}`, products(g, i, j), `b${g}`));
  return [...weights, ...all, ends(g), result(g)].join('\n    ');
})}
  }`;
  const walkChannels = `{
  let first = id.y * ${filters}u;
${lines(upTo(filters), starts)}
${lines(upTo(filters), (g) => sums.map(([i, j]) => `var a${g}_${i}_${j} = b${g};`).join(' '))}
  for (var c = 0u; c < ${C}u; c++) {
${loads}
${lines(upTo(filters), (g) => {
  const weights = taps.map(([r, s]) => weight(g, 0, r, s));
  const all = sums.map(
    ([i, j]) =>
      `${chain(`s${g}_${i}_${j}`, products(g, i, j), `a${g}_${i}_${j}`)} a${g}_${i}_${j} = s${g}_${i}_${j};`,
  );
  return [...weights, ...all].join('\n    ');
})}
  }
${lines(upTo(filters), (g) => {
  const done = sums.map(([i, j]) => `let z${g}_${i}_${j} = a${g}_${i}_${j};`);
  return [...done, ends(g), result(g)].join('\n    ');
})}
  }`;

  const [inputs, outputs] = [bytes === undefined ? 1 : 2, 1];
  return wgsl`#if ${quads}
enable subgroups;
#endif

#if ${bytes !== undefined}
@group(0) @binding(0) var<storage, read> images: array<u32, ${((bytes?.count ?? 0) * H * W) / 4}>;
@group(0) @binding(1) var<storage, read> indices: array<u32, ${N}>;
#else
@group(0) @binding(0) var<storage, read> x: array<f32, ${x}>;
#endif
@group(0) @binding(${inputs}) var<storage, read> w: array<f32, ${w}>;
#if ${bias}
@group(0) @binding(${inputs + 1}) var<storage, read> b: array<f32, ${K}>;
#endif
@group(0) @binding(${inputs + 2}) var<storage, read_write> y: array<f32, ${N * K * rows * columns}>;
#if ${index}
@group(0) @binding(${inputs + 2 + outputs}) var<storage, read_write> index: array<u32, ${N * K * rows * columns}>;
#endif
#if ${bytes !== undefined}

fn normalised(byte: u32, unit: f32) -> f32 { return fma(f32(byte), unit * ${bytes?.scale ?? '1.0'}, ${bytes?.shift ?? '0.0'}); }
#endif

// The bits tell a NaN, because WGSL lets a compiler assume that value != value is false.
fn better(value: f32, best: f32) -> bool {
  return (value > best) | ((bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u);
}

@compute @workgroup_size(${lanes}, 1, 1)
fn conv2dPool(@builtin(global_invocation_id) id: vec3u${quads ? ', @builtin(subgroup_invocation_id) invocation: u32' : ''}) {
#if ${places % lanes === 0}
  const alive = true;
#else
  // All invocations of a quad must reach every swap, so those past the end compute the last place and store nothing.
  let alive = id.z * ${65_535 * lanes}u + id.x < ${places}u;
#endif
  let at = min(id.z * ${65_535 * lanes}u + id.x, ${places - 1}u);
#if ${quads}
  let lane = invocation & 3u;
${lines(upTo(4), (i) => `let other${i} = lane ^ ${i}u;`)}
#endif
  // Images first: then the invocations of a quad are at one place of four images.
  let n = at % ${N}u;
#if ${tiles > 1}
  let tile = at / ${N}u % ${tiles}u;
  let u = at / ${N * tiles}u;
#else
  const tile = 0u;
  let u = at / ${N}u;
#endif
  let v = tile * ${windows}u;
  let row = u * ${window[0] * stride[0]}u;
  let column = tile * ${pixels * stride[1]}u;
  let first_ = u * ${window[0] * Q}u + v * ${window[1]}u;
${lines(readRows.filter(rowMayMiss), (i) => `let inside${i} = (row${plus(i - padding[0])}) < ${H}u;`)}
#if ${bytes !== undefined}
  let image = indices[n];
#endif
#if ${still}
${loads}
  ${walkFilters}
#else
  ${walkChannels}
#endif
}`;
};
