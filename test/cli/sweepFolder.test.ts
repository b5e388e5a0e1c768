import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openSweepFolder, type SweepDefinition } from '../../src/cli/sweepFolder.js';
import type { SweepRun } from '../../src/train/sweep.js';
import type { Weights } from '../../src/nn/weights.js';
import { temporaryFolder } from '../node/temporaryFolder.js';

const path = temporaryFolder();
const definition: SweepDefinition = { format: 1, '--grid': { lr: [0.1, 0.01] }, '--lr': undefined };
const trained = { net: 'tutorial', mean: 0.1, std: 0.3 };

const weights = (value: number): Weights => new Map([['w', { shape: [1], data: Float32Array.of(value) }]]);
const run = (index: number, loss: number): SweepRun => ({
  index,
  settings: { lr: [0.1, 0.01][index] ?? 1 },
  loss,
  accuracy: 0.5,
  steps: 10,
  seconds: 1.5,
  weights: weights(index),
});
const lost: SweepRun = {
  index: 2,
  settings: { lr: 1 },
  failed: { code: 'diverged', message: 'step 3: the loss is not finite' },
  steps: 3,
  seconds: 1,
};
const open = (name: string, other: SweepDefinition = definition) => openSweepFolder(path(name), other, 'loss');
const refused = (name: string, message: RegExp, other = definition) =>
  expect(open(name, other)).rejects.toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) }),
  );

describe('a sweep in a folder', () => {
  it('is there again with all its runs, and with the weights of the best alone', async () => {
    const first = await open('a');
    expect([first.done, first.tested]).toEqual([[], undefined]);
    for (const each of [run(0, 0.5), lost, run(1, 0.4)]) await first.keep(each, trained);
    expect((await readdir(path('a'))).sort()).toEqual(['best-2.safetensors', 'runs.jsonl', 'sweep.json']);
    const again = await open('a');
    expect(again.done.map(({ index }) => index)).toEqual([0, 2, 1]);
    expect(again.done[1]).toEqual(lost);
    expect(again.done.map((each) => each.weights?.get('w')?.data[0])).toEqual([undefined, undefined, 1]);
    expect(again.weightsOf(run(1, 0.4))).toBe(path('a', 'best-2.safetensors'));
  });

  it('keeps the best weights where a later run is worse, and goes on without them where they are gone', async () => {
    const folder = await open('b');
    await folder.keep(run(0, 0.3), trained);
    await folder.keep(run(1, 0.4), trained);
    expect(await readdir(path('b'))).toContain('best-1.safetensors');
    await rm(path('b', 'best-1.safetensors'));
    expect((await open('b')).done.every((each) => each.weights === undefined)).toBe(true);
  });

  it('that is over says what the test set said', async () => {
    const test = { index: 1, loss: 0.2, accuracy: 0.9, confusion: [[1]] };
    await (await open('c')).finish(test, run(1, 0.2), trained);
    expect((await open('c')).tested).toEqual(test);
    expect(await readdir(path('c'))).toContain('best-2.safetensors');
  });

  it('of other settings is refused, with the setting that is another', async () => {
    await open('d');
    await refused('d', /another sweep, with --lr nothing; wanted --lr 0.5\. Give the same/, {
      ...definition,
      '--lr': 0.5,
    });
    await refused('d', /with --grid \{"lr":\[0.1,0.01\]\}; wanted --grid \{"lr":\[1\]\}/, {
      ...definition,
      '--grid': { lr: [1] },
    });
    await open('d');
  });

  it('that was written by something else is refused, and left as it is', async () => {
    await (await open('e')).keep(run(0, 0.3), trained);
    const whole = await readFile(path('e', 'runs.jsonl'), 'utf8');
    for (const [text, message] of [
      ['{"index":0}\n', /runs.jsonl:1: no run of a sweep/],
      [`${whole}[1]\n`, /runs.jsonl:2: no JSON object/],
      [`${whole}{"index":1,"settings"`, /runs.jsonl:2: no JSON object/],
      [whole.replace('0.3', '"low"'), /runs.jsonl:1: no run of a sweep/],
    ] as const) {
      await writeFile(path('e', 'runs.jsonl'), text);
      await refused('e', message);
      expect(await readFile(path('e', 'runs.jsonl'), 'utf8')).toBe(text);
    }
    await rm(path('e', 'sweep.json'));
    await refused('e', /with runs of a sweep that nothing tells of; wanted an empty folder/);
    await writeFile(path('e', 'sweep.json'), 'x');
    await refused('e', /sweep.json: no JSON object/);
  });
});
