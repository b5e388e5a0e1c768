// Random numbers as pure functions of where they are used: no state, so any number can be made alone, in any order,
// and the same integers come out of a shader.

/**
 * A bijection of 32-bit words that scatters them: the output of one PCG step whose state is v.
 * @param v any number, taken modulo 2³²
 * @returns an unsigned 32-bit integer
 * Source: Jarzynski & Olano 2020, "Hash Functions for GPU Rendering", JCGT 9(3), `pcg`.
 */
export function pcg(v: number): number {
  const state = (Math.imul(v, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}

/**
 * A number in [0, 1), a multiple of 2⁻²⁴ (so it is the same as f32 and as f64).
 *
 *   uniform = ⌊pcg(index + pcg(stream + pcg(seed))) / 2⁸⌋ / 2²⁴
 *
 * @param seed which run
 * @param stream which use of random numbers within the run
 * @param index which number of that use
 */
export function uniform(seed: number, stream: number, index: number): number {
  return (pcg(index + pcg(stream + pcg(seed))) >>> 8) / 16777216;
}

/**
 * A number from N(0, 1), of the uniform numbers u at 2·index and v at 2·index + 1:
 *
 *   normal = √(−2·ln(1 − u))·cos(2π·v)
 *
 * Source: Box & Muller 1958, A note on the generation of random normal deviates, Ann. Math. Stat. 29(2).
 */
export function normal(seed: number, stream: number, index: number): number {
  const [u, v] = [uniform(seed, stream, 2 * index), uniform(seed, stream, 2 * index + 1)];
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}

/** Where a random number of a step is used. */
export interface RandomPlace {
  /** Which run. */
  readonly seed: number;
  /** Which use of random numbers within the run. */
  readonly stream: number;
  readonly step: number;
  /** Which number of that use in that step. */
  readonly element: number;
}

/**
 * 24 random bits of an element in a step:
 *
 *   bits = ⌊pcg(element + pcg(step + pcg(stream + pcg(seed)))) / 2⁸⌋
 */
export const stepBits = ({ seed, stream, step, element }: RandomPlace): number =>
  pcg(element + pcg(step + pcg(stream + pcg(seed)))) >>> 8;

/** The smallest 24 bits, as a whole number, of an element that a chance p of being dropped leaves. */
export const keepsFrom = (p: number): number => Math.ceil(p * 2 ** 24);

/** Whether an element that is dropped with chance p is kept. A comparison of whole numbers, so that a shader agrees. */
export const isKept = (p: number, place: RandomPlace): boolean => stepBits(place) >= keepsFrom(p);

/** An image of a dataset in an epoch of a run. */
export interface ImagePlace {
  /** Which run. */
  readonly seed: number;
  /** Which use of random numbers within the run. */
  readonly stream: number;
  readonly epoch: number;
  /** Which image of the set. */
  readonly image: number;
}

/**
 * A random word of an image in an epoch, whatever batch it is in:
 *
 *   word = pcg(draw + pcg(image + pcg(epoch + pcg(stream + pcg(seed)))))
 *
 * @param draw which number of that image
 */
export const imageWord = ({ seed, stream, epoch, image }: ImagePlace, draw: number): number =>
  pcg(draw + pcg(image + pcg(epoch + pcg(stream + pcg(seed)))));

/** A whole number in [0, n) from a word; n at most 2¹⁶, so that the product is a word too. */
export const wholeBelow = (word: number, n: number): number => Math.floor(((word >>> 16) * n) / 65_536);

/** A number in [−1, 1) from a word, a multiple of 2⁻²³. */
export const signed = (word: number): number => (word >>> 8) / 2 ** 23 - 1;
