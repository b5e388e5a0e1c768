import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../src/cli/flags.js';
import { runsOf, spaceOf } from '../../src/cli/sweepSpace.js';
import { sweepFlags } from '../../src/cli/sweepTables.js';

const space = (...words: string[]) => spaceOf(parseFlags('weft sweep', sweepFlags, words));

describe('what a sweep tries', () => {
  it('is every combination of the lists, read as `weft train` reads them', () => {
    const found = space('--grid', 'lr=0.1,1e-2', '--grid=optimizer=sgd,adam', '--grid', 'nesterov=true,false');
    expect(found.grid).toEqual({ lr: [0.1, 0.01], optimizer: ['sgd', 'adam'], nesterov: [true, false] });
    expect(runsOf(found, 1)).toHaveLength(8);
    expect(runsOf(found, 1)[1]).toEqual({ lr: 0.1, optimizer: 'sgd', nesterov: false });
    const others = space('--grid', 'precision=f32,mixed', '--grid', 'stop-early=1,3');
    expect(others.grid).toEqual({ precision: ['f32', 'mixed'], 'stop-early': [1, 3] });
  });

  it('is so many draws of the ranges, the same for each combination', () => {
    const found = space(
      '--random',
      '5',
      '--range',
      'lr=1e-4..1e-1',
      '--range',
      'batch=16..64',
      '--grid',
      'net=mlp,wide',
    );
    expect(found.ranges).toEqual({ lr: { from: 1e-4, to: 0.1 }, batch: { from: 16, to: 64, whole: true } });
    const runs = runsOf(found, 3);
    expect(runs.map(({ net }) => net)).toEqual([...new Array(5).fill('mlp'), ...new Array(5).fill('wide')]);
    expect(runs.slice(5).map(({ lr }) => lr)).toEqual(runs.slice(0, 5).map(({ lr }) => lr));
    expect(new Set(runs.map(({ lr }) => lr)).size).toBe(5);
    expect(space('--random', '3', '--range', 'optimizer=sgd,adam').ranges).toEqual({ optimizer: ['sgd', 'adam'] });
  });

  it.each([
    [[], 'weft sweep: nothing to try; wanted --grid lr=0.1,0.01 or --random 10 --range lr=1e-4..1e-1'],
    [['--random', '3'], 'weft sweep: nothing to try; wanted --grid lr=0.1,0.01 or --random 10 --range lr=1e-4..1e-1'],
    [['--range', 'lr=1..2'], '--range: no --random; wanted --random 10'],
    [['--random', '3', '--grid', 'lr=1'], '--random: no --range; wanted --range lr=1e-4..1e-1'],
    [['--grid', 'lr=1', '--grid', 'lr=2'], '--grid: lr twice; wanted each setting once'],
    [['--grid', 'lr=0.1,0.1'], '--grid lr: 0.1 twice; wanted each value once'],
    [['--grid', 'lr=0.1,'], '--grid lr: no value; wanted a number above 0'],
    [['--grid', 'lr=-1'], '--grid lr: "-1"; wanted a number above 0'],
    [['--grid', 'optimizer=adm'], /^--grid optimizer: "adm"; wanted .* Did you mean adam\?$/],
    [['--grid', 'nesterov=yes'], '--grid nesterov: "yes"; wanted true or false'],
    [
      ['--grid', 'btach=3'],
      /^--grid: "btach=3"; wanted a setting of `weft train` and its values, .* Did you mean batch\?$/,
    ],
    [['--grid', 'data=mnist'], /^--grid: "data=mnist"; wanted a setting .* Settings are net, epochs,/],
    [['--grid', 'lr=1e-4..1e-1'], /^--grid lr: "1e-4..1e-1"; .* To draw from it: --random 10 --range lr=1e-4..1e-1/],
    [['--random', '3', '--range', 'lr=0.1..0.01'], '--range lr: "0.1..0.01"; wanted a range that rises'],
    [['--random', '3', '--range', 'net=a..b'], /^--range net: "a..b"; wanted values with commas/],
    [['--grid'], /^--grid: no value; wanted a setting of/],
  ] as const)('%j is refused', (words, message) => {
    const wanted = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(() => space(...words)).toThrow(expect.objectContaining({ code: 'usage', message: wanted }));
  });
});
