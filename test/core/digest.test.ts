import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/digest.js';

describe('digestOf', () => {
  it('is 16 hexadecimal digits, the same for the same text', () => {
    for (const text of ['', 'a', 'ä→𝄞', 'x'.repeat(10_000)]) {
      expect(digestOf(text)).toMatch(/^[0-9a-f]{16}$/);
      expect(digestOf(text)).toBe(digestOf(text));
    }
  });
  it('tells texts apart that differ in one character, in order or in length', () => {
    const texts = ['', 'a', 'b', 'ab', 'ba', 'aa', 'aaa', 'abc', 'acb', '\0', '\0\0'];
    const many = Array.from({ length: 5000 }, (_, i) => `let x = ${i}u;`);
    expect(new Set([...texts, ...many].map(digestOf)).size).toBe(texts.length + many.length);
  });
});
