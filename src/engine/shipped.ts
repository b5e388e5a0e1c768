import type { AdapterClass } from './adapterClass.js';

/**
 * Variants that are faster than the default on a class of adapters, by the run's key (`keyOf`). For GPUs the order of
 * the variants is the default until someone has measured another: the analytic choice of tiles is within the variants.
 */
export const SHIPPED: Readonly<Partial<Record<AdapterClass, Readonly<Record<string, string>>>>> = {};
