import { EngineError } from '../core/errors.js';

/** Throws EngineError 'usage' unless a setting is a finite number above 0, or 0 itself where that is allowed. */
export function mustBePositive(place: string, name: string, value: number, orZero = false): void {
  // As the GPU will hold it.
  const held = Math.fround(value);
  if (Number.isFinite(held) && (held > 0 || (orZero && value === 0))) return;
  throw new EngineError('usage', {
    place,
    given: `${name} ${value}`,
    wanted: orZero ? 'a number of at least 0' : 'a number above 0',
  });
}

/** Throws EngineError 'usage' unless a setting is in [0, 1). */
export function mustBeFraction(place: string, name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new EngineError('usage', { place, given: `${name} ${value}`, wanted: 'a number from 0 to below 1' });
}
