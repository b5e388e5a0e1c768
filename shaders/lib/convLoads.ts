import { wordsOf } from './bytes.js';
import { f32 } from './number.js';
import { lines, plus, where } from './rowTile.js';

// Where a kernel that holds pixels in named scalars gets them: from an image in memory, from bytes of a set of images, or
// from the gradient of a max-pool, which is scattered as it is loaded.

/** What an invocation reads of one channel: rows and columns from an origin on, before padding is taken off. */
export interface Patch {
  /** WGSL of the row and column that the patch begins at. */
  readonly origin: readonly [row: string, column: string];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly padding: readonly [number, number];
  /** Whether some invocation finds this row, or this column, outside the image. */
  rowMayMiss(row: number): boolean;
  columnMayMiss(column: number): boolean;
  /** Whether no invocation finds this row or column inside: it is never read, and adds nothing. */
  rowMisses(row: number): boolean;
  columnMisses(column: number): boolean;
}

/** A form of loading: what it binds, what it computes once, and the pixels of a channel. */
export interface ConvLoad {
  /** Declarations without their numbers, `var<storage, read> x: …`. */
  readonly bindings: readonly string[];
  readonly functions: string;
  /** Loads from memory for each pixel. */
  readonly perPixel: number;
  /** Whether what is loaded is chosen among pixels, one comparison each. */
  readonly scatters: boolean;
  /** Once, when the image `n` and the patch's origin are known. */
  setup(patch: Patch): string;
  /**
   * Names the pixels of one channel.
   * @param channel WGSL of the channel
   * @param name of the pixel at a row and column of the patch
   * @param alive conditions besides those of the rim under which a pixel counts
   */
  load(patch: Patch, channel: string, name: (row: number, column: number) => string, alive?: readonly string[]): string;
}

/** Sizes of an image [N, C, H, W]. */
export interface ImagePixels {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
}

/** An image [N, C, H, W]. */
export const imageLoad = (binding: string, { N, C, H, W }: ImagePixels): ConvLoad => ({
  bindings: [`var<storage, read> ${binding}: array<f32, ${N * C * H * W}>`],
  functions: '',
  perPixel: 1,
  scatters: false,
  setup: (patch) =>
    lines(
      patch.rows.filter((i) => patch.rowMayMiss(i) && !patch.rowMisses(i)),
      (i) => `let inside_${binding}${i} = ${patch.origin[0]}${plus(i - patch.padding[0])} < ${H}u;`,
    ),
  load: (patch, channel, name, alive = []) => {
    const { rows, columns, padding } = patch;
    const [row, column] = patch.origin;
    return lines(rows, (i) => {
      if (patch.rowMisses(i)) return '';
      const from = `from_${name(i, 0)}`;
      const pixels = columns.map((j) => {
        if (patch.columnMisses(j)) return '';
        const inside = [
          ...alive,
          ...(patch.rowMayMiss(i) ? [`inside_${binding}${i}`] : []),
          ...(patch.columnMayMiss(j) ? [`(${column}${plus(j - padding[1])} < ${W}u)`] : []),
        ];
        return `let ${name(i, j)} = ${where(inside, `${binding}[${from}${plus(j - padding[1])}]`)};`;
      });
      const start = `let ${from} = ((n * ${C}u + ${channel}) * ${H}u + ${row}${plus(i - padding[0])}) * ${W}u + ${column};`;
      return `${start} ${pixels.join(' ')}`;
    });
  },
});

/** Bytes of a set of images [count, H, W], read as (byte/255 − mean)/std. */
export interface BytePixels {
  readonly count: number;
  readonly batch: number;
  readonly H: number;
  readonly W: number;
  readonly mean: number;
  readonly std: number;
}

/**
 * A load brings four pixels, so a row must be whole words. The bytes stay where they are, and a power of two brings them down: software adapters shift
 * one lane at a time.
 */
export const bytesLoad = ({ count, batch, H, W, mean, std }: BytePixels): ConvLoad => ({
  bindings: [
    `var<storage, read> images: array<u32, ${wordsOf(count * H * W)}>`,
    `var<storage, read> indices: array<u32, ${batch}>`,
  ],
  functions: `fn normalised(byte: u32, unit: f32) -> f32 { return fma(f32(byte), unit * ${f32(1 / (255 * std))}, ${f32(-mean / std)}); }`,
  perPixel: 1 / 4,
  scatters: false,
  setup: () => 'let image = indices[n];',
  load: ({ rows, columns, origin: [row, column] }, _, name, alive = []) =>
    lines(rows, (i) => {
      const words = [...new Set(columns.map((column) => Math.floor(column / 4)))];
      const from = `from_${name(i, 0)}`;
      const pixels = words.flatMap((at) => {
        const word = `word_${name(i, 4 * at)}`;
        const own = columns.filter((column) => Math.floor(column / 4) === at);
        return [
          `let ${word} = images[${from} + ${at}u];`,
          ...own.map((column) => {
            const unit = column % 4 === 0 ? '1.0' : `${2 ** (-8 * (column % 4))}`;
            const value = `normalised(${word} & ${255 * 256 ** (column % 4)}u, ${unit})`;
            return `let ${name(i, column)} = ${where(alive, value)};`;
          }),
        ];
      });
      return `let ${from} = (image * ${H}u + ${row}${plus(i)}) * ${W / 4}u + ${column} / 4u; ${pixels.join(' ')}`;
    }),
});

/** What the gradient of a max-pool is scattered from: its slopes [N, C, U, V], and which pixel of each window won. */
export interface Unpool {
  readonly N: number;
  readonly C: number;
  /** Rows and columns of windows. */
  readonly windows: readonly [number, number];
  /** Rows and columns of a window; they tile the image from its first pixel on. */
  readonly window: readonly [number, number];
  /** Columns of the image that was pooled. */
  readonly width: number;
}

/** The image's pixels are those slopes whose window they won; each slope is loaded once for its window. */
export const unpoolLoad = ({ N, C, windows, window, width }: Unpool): ConvLoad => {
  const size = N * C * windows[0] * windows[1];
  const windowOf = (at: number, padding: number, side: number): readonly [number, number] => {
    const place = at - padding;
    return [Math.floor(place / side), ((place % side) + side) % side];
  };
  return {
    bindings: [`var<storage, read> dy: array<f32, ${size}>`, `var<storage, read> index: array<u32, ${size}>`],
    functions: '',
    perPixel: 2 / (window[0] * window[1]),
    scatters: true,
    setup: ({ origin: [row, column] }) =>
      `let u = ${row} / ${window[0]}u; let v = ${column} / ${window[1]}u; let pixel = ${row} * ${width}u + ${column};`,
    load: (patch, channel, name, alive = []) => {
      const { rows, columns, padding } = patch;
      const seen = new Map<string, { u: number; v: number; pixels: (readonly [number, number])[] }>();
      for (const i of rows) {
        for (const j of columns) {
          if (patch.rowMisses(i) || patch.columnMisses(j)) continue;
          const [u] = windowOf(i, padding[0], window[0]);
          const [v] = windowOf(j, padding[1], window[1]);
          const one = seen.get(`${u},${v}`) ?? { u, v, pixels: [] };
          one.pixels.push([i, j]);
          seen.set(`${u},${v}`, one);
        }
      }
      return lines([...seen.values()], ({ u, v, pixels }) => {
        const [[i, j] = [0, 0]] = pixels;
        const id = name(i, j);
        const inside = [
          ...alive,
          ...(pixels.some(([row]) => patch.rowMayMiss(row)) ? [`(u${plus(u)} < ${windows[0]}u)`] : []),
          ...(pixels.some(([, column]) => patch.columnMayMiss(column)) ? [`(v${plus(v)} < ${windows[1]}u)`] : []),
        ];
        const at = `((n * ${C}u + ${channel}) * ${windows[0]}u + u${plus(u)}) * ${windows[1]}u + v${plus(v)}`;
        const masked = pixels.map(([row, column]) => {
          const place = (row - padding[0]) * width + column - padding[1];
          return `let ${name(row, column)} = select(0.0, slope_${id}, won_${id} == pixel${plus(place)});`;
        });
        return [
          `let at_${id} = ${at};`,
          `let slope_${id} = ${where(inside, `dy[at_${id}]`)}; let won_${id} = index[at_${id}];`,
          ...masked,
        ].join(' ');
      });
    },
  };
};
