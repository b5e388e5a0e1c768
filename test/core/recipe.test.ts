import { describe, expect, it } from 'vitest';
import { made, plainText, recipeOf, samePlain } from '../../src/core/recipe.js';

describe('a recipe', () => {
  it('is that of the object it was noted for, and of no copy', () => {
    const object = made({ kind: 'line', slope: 2 }, { at: (x: number) => 2 * x });
    expect(recipeOf(object)).toEqual({ kind: 'line', slope: 2 });
    expect(recipeOf({ ...object })).toEqual({ kind: 'own' });
  });
  it('is nobody’s where a part is one’s own', () => {
    expect(recipeOf(made({ kind: 'twice', of: recipeOf({}) }, {}))).toEqual({ kind: 'own' });
  });
});

describe('plain values', () => {
  it('are the same whatever the order of their keys, and not where one has more', () => {
    expect(samePlain({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
    const others = [{ a: 1 }, { a: 1, b: [{ c: 0 }] }, { a: 1, b: { 0: { c: null } } }, { a: 1, c: [] }, null, 'a'];
    expect(others.filter((other) => samePlain({ a: 1, b: [{ c: null }] }, other))).toEqual([]);
    expect(samePlain([1, 2], [2, 1])).toBe(false);
  });
  it('are words, none, or JSON in a message', () => {
    expect(['light', null, 0.5, { norm: 1 }].map(plainText)).toEqual(['light', 'none', '0.5', '{"norm":1}']);
  });
});
