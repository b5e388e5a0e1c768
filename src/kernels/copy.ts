import { copy } from '../../shaders/copy.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { bytesOf } from '../core/shape.js';
import type { Slot, Step } from './kernel.js';

/** The copy that compilation adds where memory cannot be shared: `from`'s words at the start of `to`'s memory. */
export function copyStep(from: Slot, to: Slot): Step {
  const words = bytesOf(from.shape, from.dtype) / 4;
  return { code: copy({ words }), bind: { x: from, y: to }, groups: linearGroups(words), flops: 0 };
}
