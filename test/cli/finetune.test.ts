import { describe, expect, it } from 'vitest';
import { groupsOf } from '../../src/cli/finetune.js';
import { finetuneFlags } from '../../src/cli/finetuneTable.js';
import { parseFlags } from '../../src/cli/flags.js';

const groups = (...words: string[]) => groupsOf(parseFlags('weft finetune', finetuneFlags, words));

describe('--freeze and --lr-for', () => {
  it('are groups of parameters, the frozen ones first', () => {
    expect(groups()).toEqual([]);
    expect(groups('--lr-for', 'fc1.*=0.1, fc3.*=1e1', '--freeze', 'conv*,fc2.bias')).toEqual([
      { match: 'conv*', frozen: true },
      { match: 'fc2.bias', frozen: true },
      { match: 'fc1.*', rateFactor: 0.1 },
      { match: 'fc3.*', rateFactor: 10 },
    ]);
  });

  it('may be given again and again, as well as with commas', () => {
    const words = ['--freeze', 'conv1.*,conv2.bias', '--lr-for=fc1.*=0.1', '--freeze=fc2.*', '--lr-for', 'fc3.*=10'];
    expect(groups(...words)).toEqual([
      { match: 'conv1.*', frozen: true },
      { match: 'conv2.bias', frozen: true },
      { match: 'fc2.*', frozen: true },
      { match: 'fc1.*', rateFactor: 0.1 },
      { match: 'fc3.*', rateFactor: 10 },
    ]);
    expect(() => groups('--freeze', 'conv*', '--freeze', '')).toThrow(/^--freeze: no value/);
  });

  it.each([
    ['--lr-for', 'conv*'],
    ['--lr-for', 'conv*='],
    ['--lr-for', '=2'],
    ['--lr-for', 'conv*=-1'],
    ['--lr-for', 'conv*=1e99'],
    ['--lr-for', 'conv*=0.1,'],
    ['--freeze', 'conv*,,fc1.*'],
  ])('%s %s is refused', (flag, value) => {
    expect(() => groups(flag, value)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(`${flag}: "`) }),
    );
  });
});
