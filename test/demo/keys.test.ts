import { describe, expect, it } from 'vitest';
import { deedOf } from '../../demo/keys.js';
import { CHAPTERS } from '../../demo/names.js';

describe('keys', () => {
  it('the digits are the chapters, in their order, and no digit more', () => {
    expect(['1', '2', '3', '4', '5', '6'].map(deedOf)).toEqual(
      CHAPTERS.map((chapter) => ({ does: 'chapter', chapter })),
    );
    expect(['0', '7', '9', '10'].map(deedOf)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('letters mean the same in both cases, and others mean nothing', () => {
    const deeds = [' ', 'd', 'D', 'c', 'L', '`', '?'].map((key) => deedOf(key)?.does);
    expect(deeds).toEqual(['primary', 'draw', 'draw', 'clear', 'language', 'log', 'help']);
    expect(['x', 'Enter', 'Tab', 'toString'].map(deedOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
