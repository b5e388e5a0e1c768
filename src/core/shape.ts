import { EngineError } from './errors.js';

/** Sizes of a tensor, outermost first; [] is a scalar. */
export type Shape = readonly number[];

/** f32 and u32 take four bytes an element; u8 is packed four to a word, as the dataset's pixels are. */
export type DType = 'f32' | 'u32' | 'u8';

/** How elements lie in memory: in mixed precision some of type f32 are stored in two bytes. */
export type StoredType = DType | 'f16';

/** How many elements a shape holds. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Bytes of storage, rounded up to whole words. */
export const bytesOf = (shape: Shape, dtype: StoredType): number =>
  Math.ceil((sizeOf(shape) * ELEMENT_BYTES[dtype]) / 4) * 4;

/** Bytes of an element. */
export const ELEMENT_BYTES: Readonly<Record<StoredType, number>> = { f32: 4, u32: 4, f16: 2, u8: 1 };

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** `[64, 1, 28, 28]`, for messages. */
export const textOf = (shape: Shape): string => `[${shape.join(', ')}]`;

/** The shape that two operands broadcast to, by NumPy's rule: align at the right, sizes equal or one of them 1. */
export function broadcastShape(place: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new EngineError('shape', {
        place,
        given: `operands ${textOf(a)} and ${textOf(b)}`,
        wanted: 'sizes that are equal or 1, aligned at the last axis',
      });
    }
    return left === 1 ? right : left;
  });
}

/** Throws unless the tensor has this rank; `layout` names the axes for the message. */
export function mustHaveRank(place: string, name: string, shape: Shape, rank: number, layout: string): void {
  if (shape.length === rank) return;
  throw new EngineError('shape', {
    place,
    given: `${name} ${textOf(shape)}`,
    wanted: `${name} ${layout}, ${rank} axes`,
  });
}

/** Throws unless a setting is a whole number of at least `least`. */
export function mustBeWhole(place: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new EngineError('shape', { place, given: `${name} ${value}`, wanted: `a whole number of at least ${least}` });
}

/** Throws unless every size of a shape is a whole number of at least 1: there are no empty tensors. */
export function mustBeShape(place: string, shape: Shape): void {
  if (shape.every((size) => Number.isInteger(size) && size >= 1)) return;
  throw new EngineError('shape', { place, given: `shape ${textOf(shape)}`, wanted: 'whole sizes of at least 1' });
}

/** The four sizes of an image batch [N, C, H, W] or a filter bank [K, C, R, S], once its rank has been checked. */
export function sizes4(shape: Shape): readonly [number, number, number, number] {
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  return [a, b, c, d];
}

/** The two sizes of a matrix, once its rank has been checked. */
export function sizes2(shape: Shape): readonly [number, number] {
  const [rows = 1, columns = 1] = shape;
  return [rows, columns];
}
