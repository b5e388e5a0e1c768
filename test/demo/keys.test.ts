import { describe, expect, it } from 'vitest';
import { deedOf } from '../../demo/keys.js';
import { CHAPTERS } from '../../demo/names.js';

describe('keys', () => {
  it('the digits are the chapters, in their order, and no digit more', () => {
    expect(['1', '2', '3', '4', '5'].map(deedOf)).toEqual(CHAPTERS.map((chapter) => ({ chapter })));
    expect(['0', '6', '9', '10'].map(deedOf)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('letters mean the same in both cases, and others mean nothing', () => {
    expect([' ', 'd', 'D', 'c', 'L'].map(deedOf)).toEqual(['primary', 'draw', 'draw', 'clear', 'language']);
    expect(['x', 'Enter', 'Tab', 'toString'].map(deedOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
