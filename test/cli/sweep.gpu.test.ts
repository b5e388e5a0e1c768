import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { idxFolder, weft, type Ended } from './weft.js';

const path = temporaryFolder();
const TIMEOUT_MS = 240_000;
let words: readonly string[] = [];
let stopped: Ended;
let ended: Ended;

const named = ({ events }: Ended, name: string) => events.filter(({ event }) => event === name);
const linesOf = async () => (await readFile(path('out', 'runs.jsonl'), 'utf8')).trim().split('\n');

// Two epochs of three rates; the last of them diverges. The first call is stopped after the first run.
beforeAll(async () => {
  const data = await idxFolder(path('data'), 320, 100);
  words = [
    'sweep',
    '--data',
    data,
    '--grid',
    'lr=0.001,0.05,1e30',
    '--epochs',
    '2',
    '--batch',
    '32',
    '--out',
    path('out'),
  ];
  stopped = await weft([...words, '--json'], async ({ saw, interrupt }) => {
    await saw('"event":"run"');
    interrupt();
  });
  ended = await weft([...words, '--json', '--chart', path('chart')]);
}, TIMEOUT_MS);

describe('weft sweep', () => {
  it('stops at Ctrl-C with what is done, and says how to go on', async () => {
    expect(stopped.code).toBe(130);
    const done = named(stopped, 'run').length;
    expect(done).toBeLessThan(3);
    expect(named(stopped, 'done')).toEqual([]);
    expect(named(stopped, 'interrupted')).toEqual([{ event: 'interrupted', runs: done }]);
    expect(stopped.stderr).toContain(`stopped after ${done} of 3 runs; the same command goes on with the rest`);
  });

  it('goes on with what is missing, ranks the runs, and touches the test set once', async () => {
    expect([ended.code, ended.stderr.includes('error')]).toEqual([0, false]);
    const runs = named(ended, 'run');
    expect(runs.map(({ index, settings }) => [index, settings])).toEqual(
      [0.001, 0.05, 1e30].map((lr, index) => [index, { lr }]),
    );
    expect(named(ended, 'sweep')).toEqual([
      { event: 'sweep', runs: 3, done: named(stopped, 'run').length, rank: 'loss' },
    ]);
    expect(named(ended, 'data')[0]).toMatchObject({ train: 267, validation: 53, test: 100 });
    expect(runs[0]).toEqual(named(stopped, 'run')[0]);
    expect(runs[2]).toMatchObject({ failed: { code: 'diverged' } });
    const [done] = named(ended, 'done');
    const best = Number(runs[1]?.['loss']) < Number(runs[0]?.['loss']) ? 1 : 0;
    expect(done).toMatchObject({ best, runs: 3, testAccuracy: expect.any(Number) });
    expect(await linesOf()).toHaveLength(3);
    expect(done?.['weights']).toBe(path('out', `best-${best + 1}.safetensors`));
    const chart = await readFile(path('chart', 'sweep.svg'), 'utf8');
    expect(chart).toContain('diverged');
  });

  it(
    'that is over tells the same again without a GPU, as a table for people; another sweep is refused',
    async () => {
      const again = await weft(words);
      expect(again.code).toBe(0);
      const accuracy = (100 * Number(named(ended, 'done')[0]!['testAccuracy'])).toFixed(2);
      expect(again.stdout).toContain(`${accuracy} % of 100 test images right, which no other run has seen`);
      expect(again.stdout).toMatch(/^run {2}lr .*valid loss/);
      expect(again.stderr).not.toContain('adapter');
      const other = await weft([...words, '--momentum', '0.5']);
      expect(other.code).toBe(2);
      expect(other.stderr).toContain('another sweep, with --momentum nothing; wanted --momentum 0.5');
      expect(await linesOf()).toHaveLength(3);
    },
    TIMEOUT_MS,
  );
});
