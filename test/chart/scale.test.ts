import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readable, scaleOf } from '../../src/chart/scale.js';

describe('an axis', () => {
  it('writes few numbers as they are, at equal distances where each is so many times the next', () => {
    const { at, ticks } = scaleOf([0.1, 0.001, 0.01]);
    expect(ticks.map(({ text }) => text)).toEqual(['0.001', '0.01', '0.1']);
    expect(at(0.01)).toBeCloseTo(0.5, 12);
    expect(at(0.1)).toBeGreaterThan(at(0.01));
  });

  it('has words in the order in which they come, and numbers among words as words', () => {
    expect(scaleOf(['sgd', 'adam', 'sgd']).ticks.map(({ text }) => text)).toEqual(['sgd', 'adam']);
    expect(scaleOf([true, 3, 'x']).ticks.map(({ text }) => text)).toEqual(['true', '3', 'x']);
    expect(scaleOf([true]).at(true)).toBe(0.5);
  });

  it('writes many numbers as some round ones', () => {
    const texts = (values: readonly number[]) => scaleOf(values, 1).ticks.map(({ text }) => text);
    expect(texts([0.13, 0.74])).toEqual(['0.2', '0.4', '0.6']);
    expect(texts([91.2, 97.9])).toEqual(['92', '94', '96']);
    expect(texts([0.03, 4])).toEqual(['0.05', '0.1', '0.2', '0.5', '1', '2']);
    expect(texts([1e-7, 10])).toContain('1e-7');
    expect(texts([5, 5])).toEqual(['5']);
    expect(texts([-5e-324, 0, 1e-320])).toHaveLength(1);
    expect(texts([0.7, 0.7 + 1e-16])).toEqual(['0.7']);
  });

  it('leaves out what could not be read beside the one before', () => {
    const ticks = [0, 0.05, 0.1, 0.5, 0.55].map((at) => ({ at, text: String(at) }));
    expect(readable(ticks, 0.1).map(({ text }) => text)).toEqual(['0', '0.1', '0.5']);
    expect(readable([], 0.1)).toEqual([]);
  });

  it('places all of its values and ticks from 0 to 1, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 8 }),
        (values, few) => {
          const { at, ticks } = scaleOf(values, few);
          const places = values.toSorted((a, b) => a - b).map(at);
          for (const place of [...places, ...ticks.map((tick) => tick.at)]) {
            expect(place).toBeGreaterThanOrEqual(0);
            expect(place).toBeLessThanOrEqual(1);
          }
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          expect(ticks.length).toBeLessThan(40);
        },
      ),
    );
  });
});
