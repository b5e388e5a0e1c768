import { EngineError } from '../core/errors.js';
import { isBatchCount, type Weights } from '../nn/weights.js';
import { STATE_PREFIX } from './checkpoint.js';
import { readSafetensors } from './safetensors.js';

/** A checkpoint is a file of weights with more in it, and PyTorch's has counts. */
const isWeight = ([name]: readonly [string, unknown]): boolean => !name.startsWith(STATE_PREFIX) && !isBatchCount(name);

/**
 * The weights in a safetensors file, and what the file says of itself.
 * @param place who complains
 * @throws EngineError 'format' for another file, 'weights' for tensors that are no floating-point numbers
 */
export function weightsIn(
  bytes: Uint8Array,
  place: string,
): { readonly weights: Weights; readonly metadata: Readonly<Record<string, string>> } {
  const { tensors, metadata } = readSafetensors(bytes, place);
  const weights = new Map(
    [...tensors].filter(isWeight).map(([name, { shape, data, dtype }]) => {
      if (data instanceof Float32Array) return [name, { shape, data: new Float32Array(data) }];
      throw new EngineError('weights', { place, given: `${name} of ${dtype}`, wanted: 'floating-point numbers' });
    }),
  );
  return { weights, metadata };
}
