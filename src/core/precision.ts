import { EngineError } from './errors.js';
import type { Profile } from './profile.js';

/**
 * `f32`: everything. `mixed`: activations and their gradients are stored in f16, and operands of products staged in it; sums,
 * losses, statistics, weights and updates stay f32.
 */
export type Precision = 'f32' | 'mixed';

/** Throws EngineError 'limit' for mixed precision on an adapter without f16. */
export function mustSupport(precision: Precision, { features, adapter }: Profile): void {
  if (precision === 'f32' || features.includes('shader-f16')) return;
  throw new EngineError('limit', {
    place: 'precision',
    given: `mixed, on ${adapter.description || 'an adapter'} without shader-f16`,
    wanted: 'an adapter with f16 in shaders',
    wayOut: 'Train in f32, the default; `weft doctor` lists what the adapter has.',
  });
}
