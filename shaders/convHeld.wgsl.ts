import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { declared } from './lib/bindings.js';
import type { ConvLoad, Patch } from './lib/convLoads.js';
import type { ConvStore } from './lib/convStores.js';
import { swap } from './lib/quad.js';
import { addProducts, chain, lines, plus, upTo } from './lib/rowTile.js';

// A convolution for software adapters, with whatever can be done as it loads and as it stores:
//
//   z[n,k,p,q] = b[k] + Σ_{c,r,s} load(n, c, p·STRIDE + r·DILATION − PADDING, …)·w[k,c,r,s]      result = store(z)
//
// The gradient by the images is such a convolution too: of dy, with the filters turned round. Loads, stores, sums and
// factors are named scalars. An invocation holds the pixels it reads and walks the filters, or it holds its sums and
// walks the channels where there are too many pixels to hold: sums that a loop carries cost an adapter without many
// registers as much as three multiplications, so the first is better where it can be had.

/** Which pixels the windows of a convolution see. */
export interface HeldWindow {
  /** Rows and columns of what is read, and of the results that somebody wants. */
  readonly image: readonly [number, number];
  readonly results: readonly [number, number];
  readonly taps: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
}

/** What is computed. */
export interface HeldConv extends HeldWindow {
  readonly name: string;
  /** Images, summed channels, result channels. */
  readonly N: number;
  readonly C: number;
  readonly K: number;
  /** Words of w; from one summed channel, and one result channel, to the next; and of a tap. */
  readonly weights: { readonly size: number; readonly summed: number; readonly result: number };
  weightOf(r: number, s: number): number;
  readonly bias: boolean;
  readonly load: ConvLoad;
  readonly store: ConvStore;
}

/** How the work is cut. */
export interface HeldTile {
  /** Rows and columns of sums in an invocation. */
  readonly rows: number;
  readonly columns: number;
  /** Filters of an iteration, or of an invocation where it walks the channels. */
  readonly filters: number;
  /** Whether the pixels are held and the filters walked. */
  readonly walksFilters: boolean;
  /** Whether four invocations share the loads of four filters, and swap them. */
  readonly quads: boolean;
  /** Invocations of a workgroup, a multiple of 4. */
  readonly lanes: number;
}

/** Invocations along x: images × strips × tiles of a strip. */
export const heldPlaces = ({ N, results }: HeldConv, { rows, columns }: HeldTile): number =>
  N * Math.ceil(results[0] / rows) * Math.ceil(results[1] / columns);

/** Blocks of filters along y: one where an invocation walks them all. */
export const heldBlocks = ({ K }: HeldConv, { walksFilters, filters }: HeldTile): number =>
  walksFilters ? 1 : Math.ceil(K / filters);

/** What an invocation reads of one channel. */
export function heldPatch(conv: HeldWindow, { rows, columns }: Pick<HeldTile, 'rows' | 'columns'>): Patch {
  const strips = Math.ceil(conv.results[0] / rows);
  const tiles = Math.ceil(conv.results[1] / columns);
  const along = (axis: 0 | 1, count: number, pieces: number) => {
    const { stride, padding, dilation, image, taps } = conv;
    const at = (i: number, tap: number): number => i * stride[axis] + tap * dilation[axis];
    const read = [...new Set(upTo(count).flatMap((i) => upTo(taps[axis]).map((tap) => at(i, tap))))];
    const last = (pieces - 1) * count * stride[axis];
    const mayMiss = (i: number): boolean => i < padding[axis] || last + i - padding[axis] >= image[axis];
    const misses = (i: number): boolean =>
      upTo(pieces).every((piece) => {
        const place = piece * count * stride[axis] + i - padding[axis];
        return place < 0 || place >= image[axis];
      });
    return { read: read.sort((a, b) => a - b), mayMiss, misses };
  };
  const [down, across] = [along(0, rows, strips), along(1, columns, tiles)];
  return {
    origin: ['row', 'column'],
    rows: down.read,
    columns: across.read,
    padding: conv.padding,
    rowMayMiss: down.mayMiss,
    columnMayMiss: across.mayMiss,
    rowMisses: down.misses,
    columnMisses: across.misses,
  };
}

export const convHeld = (conv: HeldConv, tile: HeldTile): string => {
  const { name, N, C, K, results, taps, stride, dilation, weights, weightOf, bias, load, store } = conv;
  const { rows, columns, filters, walksFilters, quads, lanes } = tile;
  const tiles = Math.ceil(results[1] / columns);
  const places = heldPlaces(conv, tile);
  const isWhole = places % lanes === 0;
  const patch = heldPatch(conv, tile);
  // The first row of results that no row of the image reaches.
  const reach = Math.ceil((conv.image[0] + conv.padding[0]) / stride[0]);
  const held = upTo(walksFilters ? C : 1);
  const window = upTo(taps[0]).flatMap((r) => upTo(taps[1]).map((s) => [r, s] as const));
  const sums = upTo(rows).flatMap((i) => upTo(columns).map((j) => [i, j] as const));

  const loads = lines(held, (c) => load.load(patch, walksFilters ? `${c}u` : 'c', (i, j) => `x${c}_${i}_${j}`));

  /** An invocation of a quad has one of four filters by its own load, and swaps for the others. */
  const first = (g: number): number => (quads ? g - (g % 4) : g);
  const own = (g: number): string => `min(first${plus(first(g))}${quads ? ' + lane' : ''}, ${K - 1}u)`;
  const filterOf = (g: number): string => (quads ? `${plus(first(g))} + other${g % 4}` : plus(g));
  const shared = (g: number, value: string, from: string): string =>
    quads
      ? `${g % 4 === 0 ? `let own_${value} = ${from}; ` : ''}let ${value} = ${swap(g % 4, `own_${value.replace(`_g${g}_`, `_g${first(g)}_`)}`)};`
      : `let ${value} = ${from};`;
  const weight = (g: number, c: number, r: number, s: number): string => {
    const from = walksFilters ? '' : `c * ${weights.summed}u + `;
    return shared(g, `w_g${g}_${c}_${r}_${s}`, `w[filter${first(g)} + ${from}${c * weights.summed + weightOf(r, s)}u]`);
  };
  const products = (g: number, c: number, i: number, j: number) =>
    window.flatMap(([r, s]) => {
      const [y, x] = [i * stride[0] + r * dilation[0], j * stride[1] + s * dilation[1]];
      return patch.rowMisses(y) || patch.columnMisses(x)
        ? []
        : [[`x${c}_${y}_${x}`, `w_g${g}_${c}_${r}_${s}`] as const];
    });
  const starts = (g: number): string => {
    const filter = g === first(g) ? `let filter${g} = ${own(g)} * ${weights.result}u; ` : '';
    return `${filter}${bias ? shared(g, `b_g${g}_`, `b[${own(g)}]`) : `const b_g${g}_ = 0.0;`}`;
  };
  const finish = (g: number, value: (i: number, j: number) => string): string =>
    store.store({
      g,
      channel: `min(first${filterOf(g)}, ${K - 1}u)`,
      inside: [...(isWhole ? [] : ['alive']), ...(K % filters > 0 ? [`(first${filterOf(g)} < ${K}u)`] : [])],
      rows,
      columns,
      value,
    });

  const filtersWalked = `for (var first = 0u; first < ${K}u; first += ${filters}u) {
${lines(upTo(filters), starts)}
${lines(upTo(filters), (g) => {
  // Channel by channel: the weights of one are at hand while all sums take them.
  const texts = held.map((c) => {
    const all = sums.map(([i, j]) => {
      const before = c === 0 ? `b_g${g}_` : `z${g}_${i}_${j}_${c - 1}`;
      return chain(`z${g}_${i}_${j}_${c}`, products(g, c, i, j), before);
    });
    return [...window.map(([r, s]) => weight(g, c, r, s)), ...all].join('\n    ');
  });
  return [...texts, finish(g, (i, j) => `z${g}_${i}_${j}_${C - 1}`)].join('\n    ');
})}
  }`;
  // A strip below all that is read has only sums of nothing; it leaves the loop at once, whose bound stays a number from
  // which Tint proves the loads' addresses. Quads stay together.
  const strips = Math.ceil(results[0] / rows);
  const leaves = !quads && (strips - 1) * rows >= reach ? `if (top >= ${reach}u) { break; }` : '';
  const channelsWalked = `{
  let first = id.y * ${filters}u;
${lines(upTo(filters), starts)}
${lines(upTo(filters), (g) => sums.map(([i, j]) => `var z${g}_${i}_${j} = b_g${g}_;`).join(' '))}
  for (var c = 0u; c < ${C}u; c++) {
  ${leaves}
${loads}
${lines(upTo(filters), (g) => {
  const all = sums.map(([i, j]) => {
    const sum = `z${g}_${i}_${j}`;
    const parts = held.flatMap((c) => products(g, c, i, j));
    return parts.length === 0 ? '' : addProducts(sum, parts);
  });
  const factors = held.flatMap((c) => window.map(([r, s]) => weight(g, c, r, s)));
  return [...factors, ...all].join('\n    ');
})}
  }
${lines(upTo(filters), (g) => finish(g, (i, j) => `z${g}_${i}_${j}`))}
  }`;

  const bindings = [
    ...load.bindings,
    `var<storage, read> w: array<f32, ${weights.size}>`,
    ...(bias ? [`var<storage, read> b: array<f32, ${K}>`] : []),
    ...store.bindings,
  ];
  return wgsl`#if ${quads}
enable subgroups;
#endif

${declared(bindings)}

${load.functions}
${store.functions}

@compute @workgroup_size(${lanes}, 1, 1)
fn ${name}(@builtin(global_invocation_id) id: vec3u${quads ? ', @builtin(subgroup_invocation_id) invocation: u32' : ''}) {
#if ${!isWhole}
  // All invocations of a quad must reach every swap, so those past the end compute the last place and store nothing.
  let alive = id.z * ${65_535 * lanes}u + id.x < ${places}u;
#endif
  let place = min(id.z * ${65_535 * lanes}u + id.x, ${places - 1}u);
#if ${quads}
  let lane = invocation & 3u;
${lines(upTo(4), (i) => `let other${i} = lane ^ ${i}u;`)}
#endif
  // Images first: then the invocations of a quad are at one place of four images.
  let n = place % ${N}u;
#if ${tiles > 1}
  let left = place / ${N}u % ${tiles}u * ${columns}u;
#else
  const left = 0u;
#endif
  let top = place / ${N * tiles}u * ${rows}u;
  let row = top * ${stride[0]}u;
  let column = left * ${stride[1]}u;
  ${load.setup(patch)}
#if ${walksFilters}
${loads}
  ${filtersWalked}
#else
  ${channelsWalked}
#endif
}`;
};
