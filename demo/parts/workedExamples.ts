// What the worked convolution begins with, and may be changed to.

export const SIDE = 5;
export const WINDOW = 3;

export type PictureName = 'seven' | 'one' | 'ramp' | 'mixed' | 'textbook';
export type KernelName = 'vertical' | 'horizontal' | 'sharpen' | 'add' | 'same' | 'cross';

/** 5×5; 0 is paper, 3 the darkest ink. */
export const PICTURES: Readonly<Record<PictureName, readonly number[]>> = {
  seven: [2, 2, 2, 2, 2, 0, 0, 0, 1, 2, 0, 0, 0, 2, 1, 0, 0, 1, 2, 0, 0, 0, 2, 1, 0],
  one: [0, 0, 2, 0, 0, 0, 2, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 2, 2, 2, 0],
  ramp: [0, 0, 1, 2, 3, 0, 0, 1, 2, 3, 0, 0, 1, 2, 3, 0, 0, 1, 2, 3, 0, 0, 1, 2, 3],
  mixed: [1, 2, 0, 1, 3, 0, 1, 2, 3, 1, 2, 0, 1, 1, 0, 1, 3, 2, 0, 2, 0, 1, 1, 2, 1],
  // With `cross`: the numbers that most tutorials work out.
  textbook: [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0],
};

export const KERNELS: Readonly<Record<KernelName, readonly number[]>> = {
  vertical: [1, 0, -1, 1, 0, -1, 1, 0, -1],
  horizontal: [1, 1, 1, 0, 0, 0, -1, -1, -1],
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  add: [1, 1, 1, 1, 1, 1, 1, 1, 1],
  same: [0, 0, 0, 0, 1, 0, 0, 0, 0],
  cross: [1, 0, 1, 0, 1, 0, 1, 0, 1],
};

/** The name of these numbers, if they have one. */
export const nameOf = <N extends string>(
  named: Readonly<Record<N, readonly number[]>>,
  numbers: readonly number[],
): N | undefined => (Object.keys(named) as N[]).find((name) => named[name].every((number, i) => number === numbers[i]));
