import { expect, it } from 'vitest';
import { wrapped } from '../../src/cli/wrapped.js';

it('no line is longer than the columns, but for a word that is, and no word is lost', () => {
  const text = 'one three seventeen a bc def';
  expect(wrapped(text, 9)).toEqual(['one three', 'seventeen', 'a bc def']);
  expect(wrapped(text, 5)).toEqual(['one', 'three', 'seventeen', 'a bc', 'def']);
  expect(wrapped(text, Infinity)).toEqual([text]);
});
