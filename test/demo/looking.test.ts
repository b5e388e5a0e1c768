import { expect, it } from 'vitest';
import { restAfter } from '../../demo/looking.js';

it('the Worker is asked at most twice a second', () => {
  expect(restAfter(10, false, false)).toBe(500);
  expect(restAfter(10, true, false)).toBe(500);
});

it('on a software adapter the answers take a tenth of the time, the first apart', () => {
  expect(restAfter(400, true, false)).toBe(3600);
  expect(restAfter(400, false, false)).toBe(500);
  expect(restAfter(4000, true, true)).toBe(500);
});
