import type { Profile } from '../core/profile.js';

/**
 * Adapters for which the same kernels tend to be good. `integrated`: a GPU that shares its memory with the processor,
 * whoever makes it, Apple's apart; `intel`, `amd`, `nvidia`: cards with memory of their own.
 */
export type AdapterClass = 'software' | 'integrated' | 'apple' | 'nvidia' | 'amd' | 'intel' | 'other';

/** Makers of GPUs that are always part of a phone's or a board's chip. */
const ON_CHIP = /qualcomm|adreno|\barm\b|mali|img-?tec|powervr|samsung|broadcom|vivante/;
/** Intel's architectures that have cards: Arc. */
const ARC = /xe-?hp|xe-?2-?hpg|\barc\b|battlemage|alchemist/;
/** AMD's processors with graphics call these so, without a number of a card. */
const RADEON_ON_CHIP =
  /radeon(\(tm\))? (graphics|vega \d+|6[68]0m|7[4-9]0m|8[0-9]{2}m)|renoir|cezanne|rembrandt|phoenix|raven|van ?gogh/;

/** The class of an adapter, from its names; a pure function, so that it can be tested with adapters that are not here. */
export function classOf({ adapter, dialect }: Pick<Profile, 'adapter' | 'dialect'>): AdapterClass {
  if (adapter.fallback || dialect === 'cpu') return 'software';
  const names = [adapter.vendor, adapter.architecture, adapter.device, adapter.description].join(' ').toLowerCase();
  if (/\bapple\b/.test(names)) return 'apple';
  if (/nvidia|geforce|quadro|tesla/.test(names)) return /tegra|jetson/.test(names) ? 'integrated' : 'nvidia';
  if (ON_CHIP.test(names)) return 'integrated';
  if (/\bamd\b|radeon|\bati\b/.test(names)) return RADEON_ON_CHIP.test(names) ? 'integrated' : 'amd';
  if (/\bintel\b/.test(names)) return ARC.test(names) ? 'intel' : 'integrated';
  return 'other';
}
