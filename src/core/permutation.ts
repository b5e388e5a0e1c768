import { pcg } from './random.js';

/** Rounds of the network: six scatter well enough that no order shows, and are cheap. */
export const ROUNDS = 6;

/** Half of the bits of the smallest even width that holds `count` numbers. */
export function halfBits(count: number): number {
  let half = 1;
  while (4 ** half < count) half++;
  return half;
}

/** The word that tells one epoch's order from another's. */
export const permutationKey = (seed: number, epoch: number): number => pcg(epoch + pcg(seed));

/**
 * The image at place i of an epoch: a bijection of [0, count) for every seed and epoch, so that each image comes once.
 *
 * A Feistel network over the next even number of bits, with `pcg` in its rounds; a number that falls beyond the count
 * goes round again (cycle walking). Bit-equal to `permutation` in shaders/lib/random.wgsl.ts.
 * Source: Black & Rogaway 2002, "Ciphers with Arbitrary Finite Domains", §3 and §5.
 */
export function permutation(seed: number, epoch: number, count: number, i: number): number {
  const half = halfBits(count);
  const mask = 2 ** half - 1;
  const key = permutationKey(seed, epoch);
  let value = i;
  do {
    let left = value >>> half;
    let right = value & mask;
    for (let round = 0; round < ROUNDS; round++) {
      const scattered = pcg(right + pcg(round + key)) >>> (32 - half);
      [left, right] = [right, (left ^ scattered) & mask];
    }
    value = left * 2 ** half + right;
  } while (value >= count);
  return value;
}
