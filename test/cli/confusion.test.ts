import { describe, expect, it } from 'vitest';
import { confusionTable } from '../../src/cli/confusion.js';

const plain = (_: string, text: string) => text;
const confusion = [
  [90, 10],
  [0, 1000],
];

describe('confusionTable', () => {
  it('has labels down, answers across, and what was right of each label', () => {
    expect(confusionTable(confusion, 80, plain).split('\n')).toEqual([
      'label      0    1    right',
      '    0     90   10  90.00 %',
      '    1      · 1000 100.00 %',
    ]);
  });

  it('keeps to what was right where the terminal is too narrow, and knows labels without images', () => {
    expect(confusionTable([...confusion, [0, 0]], 20, plain).split('\n')).toEqual([
      '    0    90.00 %',
      '    1   100.00 %',
      '    2     0.00 %',
    ]);
  });
});
