import { describe, expect, it } from 'vitest';
import { constant } from '../../../shaders/elementwise.wgsl.js';
import { f32 } from '../../../shaders/lib/number.js';
import { tintErrors } from '../../support/tint.js';

describe('a number in a shader', () => {
  it.each([0, -0, 1, -1.5, 0.1307, 1e-8, 1e-45, 1e-60, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 64), 1e20, 1e21, 3.4e38])(
    '%d is WGSL, and the same number',
    async (value) => {
      expect(await tintErrors(constant({ size: 1, value }))).toEqual([]);
      expect(Number(f32(value).slice(4, -1))).toBe(value + 0);
    },
  );

  it('is written as people write it where that can be read', () => {
    expect([0.1307, 2, -64].map(f32)).toEqual(['f32(0.1307)', 'f32(2)', 'f32(-64)']);
  });
});
