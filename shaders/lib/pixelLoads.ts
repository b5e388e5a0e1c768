import { byteAt } from './bytes.js';
import { bytesLoad, imageLoad, unpoolLoad, type BytePixels, type ImagePixels, type Unpool } from './convLoads.js';
import { where } from './rowTile.js';

// Where a kernel that finds its pixels one by one gets them: from an image in memory, from bytes of a set of images, or
// from the gradient of a max-pool, which is scattered as it is loaded. Kernels that hold a patch of pixels in named
// scalars have the same three in convLoads.ts.

export interface PixelLoad {
  /** Declarations without their numbers, `var<storage, read> x: …`. */
  readonly bindings: readonly string[];
  readonly functions: string;
  /** Words, or bytes, from a channel to the next. */
  readonly plane: number;
  /** Rows and columns that have pixels: a rim that no window of a pool sees has none. */
  readonly image: readonly [number, number];
  /** Whether a pixel's number depends on its place, so that `value` asks for it. */
  readonly scatters: boolean;
  /** WGSL: where image n begins. */
  start(n: string): string;
  /** WGSL: the row, or column, in memory of a pixel's row or column, which is a name or in parentheses. */
  cell(axis: 0 | 1, place: string): string;
  /** WGSL: how far from the beginning of its channel a cell lies. */
  offset(row: string, column: string): string;
  /**
   * WGSL: the number of a pixel.
   * @param at where its cell lies: start + channel · plane + offset
   * @param place row · columns + column, in the image that was pooled
   * @param inside conditions without which it is 0
   */
  value(at: string, place: string, inside: readonly string[]): string;
}

/** An image [N, C, H, W]. */
export const imagePixels = (binding: string, sizes: ImagePixels): PixelLoad => ({
  bindings: imageLoad(binding, sizes).bindings,
  functions: '',
  ...inRows(sizes),
  scatters: false,
  start: (n) => `${n} * ${sizes.C * sizes.H * sizes.W}u`,
  value: (at, _, inside) => where(inside, `${binding}[${at}]`),
});

/** Bytes of a set of images of one channel, read as (byte/255 − mean)/std. */
export const bytePixels = (bytes: BytePixels): PixelLoad => {
  const { bindings, functions } = bytesLoad(bytes);
  return {
    bindings,
    functions,
    ...inRows(bytes),
    scatters: false,
    start: (n) => `indices[${n}] * ${bytes.H * bytes.W}u`,
    value: (at, _, inside) => where(inside, `normalised(${byteAt('images', at)}, 1.0)`),
  };
};

/** What an image and its bytes have in common: rows, one after another. */
const inRows = ({ H, W }: Pick<ImagePixels, 'H' | 'W'>): Pick<PixelLoad, 'plane' | 'image' | 'cell' | 'offset'> => ({
  plane: H * W,
  image: [H, W],
  cell: (_, place) => place,
  offset: (row, column) => `${row} * ${W}u + ${column}`,
});

/** The image's pixels are those slopes whose window they won. */
export const unpoolPixels = (pool: Unpool): PixelLoad => {
  const { C, windows, window } = pool;
  const plane = windows[0] * windows[1];
  return {
    bindings: unpoolLoad(pool).bindings,
    functions: '',
    plane,
    image: [windows[0] * window[0], windows[1] * window[1]],
    scatters: true,
    start: (n) => `${n} * ${C * plane}u`,
    cell: (axis, place) => `${place} / ${window[axis]}u`,
    offset: (row, column) => `${row} * ${windows[1]}u + ${column}`,
    value: (at, place, inside) => where([...inside, `(index[${at}] == ${place})`], `dy[${at}]`),
  };
};
