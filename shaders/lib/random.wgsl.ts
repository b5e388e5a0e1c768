import { halfBits, ROUNDS } from '../../src/core/permutation.js';
import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

// The twins of src/core/random.ts and src/core/permutation.ts, bit for bit.

/** `fn pcg(v: u32) -> u32`. */
export const pcg = wgsl`
fn pcg(v: u32) -> u32 {
  let state = v * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}`;

/** `fn permutation(seed: u32, epoch: u32, i: u32) -> u32`, a bijection of [0, count); needs `pcg`. */
export const permutation = (count: number) => wgsl`
fn permutation(seed: u32, epoch: u32, i: u32) -> u32 {
  let key = pcg(epoch + pcg(seed));
  var value = i;
  loop {
    var left = value >> ${halfBits(count)}u;
    var right = value & ${2 ** halfBits(count) - 1}u;
    for (var round = 0u; round < ${ROUNDS}u; round++) {
      let scattered = pcg(right + pcg(round + key)) >> ${32 - halfBits(count)}u;
      let next = (left ^ scattered) & ${2 ** halfBits(count) - 1}u;
      left = right;
      right = next;
    }
    value = (left << ${halfBits(count)}u) | right;
    // The network is a bijection of a finite set: a walk that began below the count comes back below it.
    if (value < ${count}u) { break; }
  }
  return value;
}`;

/** `fn stepBits(key: u32, step: u32, element: u32) -> u32`, with key = pcg(stream + pcg(seed)); needs `pcg`. */
export const stepBits = wgsl`
fn stepBits(key: u32, step: u32, element: u32) -> u32 { return pcg(element + pcg(step + key)) >> 8u; }`;
