import { describe, expect, it } from 'vitest';
import { LINEAR_LANES, LINEAR_ROW, linearGroups, spread, spreadGroups } from '../../../shaders/lib/linear.js';

const sizes = [1, 2, 3, 4, 5, 63, 64, 65, 255, 256, 257, 1000];
const MOST_GROUPS = 65_535;

describe('a linear dispatch', () => {
  it.each([...sizes, LINEAR_ROW, LINEAR_ROW + 1, 5 * LINEAR_ROW - 1])(
    'over %i elements has enough invocations',
    (size) => {
      const [x, y, z] = linearGroups(size);
      expect(Math.max(x, y)).toBeLessThanOrEqual(MOST_GROUPS);
      expect(z).toBe(1);
      // A row of workgroups ends where the next begins, so that each element has one invocation.
      if (y > 1) expect(x * LINEAR_LANES).toBe(LINEAR_ROW);
      expect(x * y * LINEAR_LANES).toBeGreaterThanOrEqual(size);
      expect((x * y - x) * LINEAR_LANES).toBeLessThan(size);
    },
  );
});

/** The elements that an invocation takes, read from the text that it runs. */
function elementsOf(text: string, first: number): number[] {
  const most = Number(/if \(first >= (\d+)u\) \{ return; \}/.exec(text)?.[1] ?? NaN);
  if (first >= most) return [];
  return [...text.matchAll(/(?:if \(first \+ \d+u < (\d+)u\) \{ )?element\(first \+ (\d+)u\);/g)].flatMap(
    ([, limit = 'Infinity', offset = 'NaN']) =>
      first + Number(offset) < Number(limit) ? [first + Number(offset)] : [],
  );
}

describe('a dispatch of several elements an invocation', () => {
  it.each(sizes)('takes each of %i elements once', (size) => {
    const [x] = spreadGroups(size);
    const taken = Array.from({ length: x * LINEAR_LANES }, (_, first) => elementsOf(spread(size), first)).flat();
    expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
  });

  it('needs a quarter of the invocations', () => {
    expect(spreadGroups(4 * 64 * 10)).toEqual([10, 1, 1]);
  });
});
