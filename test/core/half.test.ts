import { describe, expect, it } from 'vitest';
import { fromHalfBits, HALF_LEAST_ERROR, HALF_ROUNDOFF, roundToHalf, toHalfBits } from '../../src/core/half.js';

const ALL = Array.from({ length: 65_536 }, (_, bits) => bits);
const isNaNBits = (bits: number): boolean => (bits & 0x7fff) > 0x7c00;

describe('an f16', () => {
  it('is read from each of its 65,536 words and written back to it', () => {
    const wrong = ALL.filter((bits) => toHalfBits(fromHalfBits(bits)) !== (isNaNBits(bits) ? 0x7e00 : bits));
    expect(wrong).toEqual([]);
  });

  it.each([
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, 2 ** -14 - 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0x3c01, 1 + 2 ** -10],
    [0x7bff, 65_504],
    [0x7c00, Infinity],
    [0xc000, -2],
    [0xfc00, -Infinity],
  ])('of word %i is %d', (bits, value) => {
    expect(fromHalfBits(bits)).toBe(value);
  });

  it('is the nearer of two neighbours, and of a tie the even one, for every pair of neighbours', () => {
    const wrong = ALL.filter((bits) => {
      if ((bits & 0x7fff) >= 0x7c00) return false;
      // As if there were one more power of two: 65,536 stands for what rounds to infinity.
      const [low, high] = [
        fromHalfBits(bits),
        (bits & 0x7fff) === 0x7bff ? (bits & 0x8000 ? -65_536 : 65_536) : fromHalfBits(bits + 1),
      ];
      const middle = (low + high) / 2;
      const nudge = (high - low) * 2 ** -20;
      const even = bits % 2 === 0 ? bits : bits + 1;
      return (
        toHalfBits(middle) !== even || toHalfBits(middle - nudge) !== bits || toHalfBits(middle + nudge) !== bits + 1
      );
    });
    expect(wrong).toEqual([]);
  });

  it('is as near as its roundoff says', () => {
    for (let i = 0; i < 20_000; i++) {
      const value = Math.sin(i) * 2 ** ((i % 44) - 28);
      const bound = Math.max(HALF_ROUNDOFF * Math.abs(value), HALF_LEAST_ERROR);
      expect(Math.abs(roundToHalf(value) - value)).toBeLessThanOrEqual(bound);
    }
  });
});
