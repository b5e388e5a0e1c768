import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { sameStates, type Checkpoint } from '../../src/io/checkpoint.js';
import { readSafetensors } from '../../src/io/safetensors.js';
import { checkpointFolder } from '../../src/node/checkpoints.js';
import { ensureChromium } from '../../src/node/setup.js';
import { mustSurvive } from './killed.js';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { idxFolder, weft } from './weft.js';

const path = temporaryFolder();
const TIMEOUT_MS = 240_000;
let data = '';

const train = (folder: string, ...flags: string[]) =>
  weft(['train', '--data', data, '--lr', '0.02', '--epochs', '3', '--checkpoint', path(folder), ...flags]);
const newest = async (folder: string) => (await checkpointFolder(path(folder)).latest())?.checkpoint;

/** The weights of the best epoch that a checkpoint holds besides its own. */
const bestIn = ({ states }: Checkpoint): Checkpoint['states'] =>
  new Map([...states].flatMap(([name, state]) => (name.startsWith('best/') ? [[name.slice(5), state] as const] : [])));

/** Whether a file of weights holds exactly these. */
const sameWeights = (file: Uint8Array, weights: Checkpoint['states']): boolean => {
  const { tensors } = readSafetensors(file);
  return (
    tensors.size === weights.size &&
    [...tensors].every(([name, { data: values }]) =>
      values.every((value, i) => Object.is(value, weights.get(name)?.data[i])),
    )
  );
};

beforeAll(async () => {
  data = await idxFolder(path('data'));
});

describe('weft train --checkpoint', () => {
  it(
    'keeps the two newest; a run of 30 steps and one that is broken off and resumed end in the same bits',
    async () => {
      const settings = ['--augment', 'light', '--schedule', 'cosine', '--clip-norm', '1', '--net', 'figure'];
      const straight = await train('straight', ...settings);
      expect(straight.code).toBe(0);
      expect(straight.stderr).toMatch(/saved .*step-00000030\.safetensors/);
      expect(await readdir(path('straight'))).toEqual(['step-00000020.safetensors', 'step-00000030.safetensors']);

      // Where a run is already, nobody begins another by mistake.
      const twice = await train('straight');
      expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('--resume')]);

      const wanted = await newest('straight');
      // As a power cut would leave it: the newest torn. The one before it is taken, and that is said.
      await truncate(path('straight', 'step-00000030.safetensors'), 1000);
      // Settings that are left out are the run's.
      const folder = path('straight');
      const resumed = await weft(['train', '--data', data, '--epochs', '3', '--checkpoint', folder, '--resume']);
      expect(resumed.code).toBe(0);
      expect(resumed.stderr).toMatch(/passed over .*step-00000030/);
      expect(resumed.stderr).toMatch(/goes on from .*step-00000020/);
      expect(sameStates((await newest('straight'))!, wanted!)).toBe(true);

      for (const [flag, value, wanted] of [
        ['--batch', '32', 'batch 64'],
        ['--augment', 'none', '"rotate":10'],
        ['--lr', '0.01', '"rate":0.02'],
      ] as const) {
        const other = await weft(['train', '--data', data, '--checkpoint', folder, '--resume', flag, value]);
        expect([other.code, other.stderr]).toEqual([2, expect.stringContaining(wanted)]);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'stops early where the run without a break does, with the weights of the best epoch',
    async () => {
      // No loss is better by a thousand: two epochs are let pass after the first. The rate is so large that the last is worse.
      const words = ['train', '--data', data, '--net', 'mlp', '--lr', '0.3', '--momentum', '0.95', '--json'];
      const judged = ['--epochs', '9', '--validation', '64', '--stop-early', '2', '--min-delta', '1000', '--keep-best'];
      const folder = path('early');
      const [once, twice] = [path('once.safetensors'), path('twice.safetensors')];
      const straight = await weft([...words, ...judged, '--checkpoint', folder, '--weights-out', once]);
      expect(straight.code).toBe(0);
      expect(straight.events[1]).toMatchObject({ event: 'data', train: 576, validation: 64, test: 200 });
      const losses = straight.events.flatMap(({ event, validationLoss }) =>
        event === 'epoch' ? [Number(validationLoss)] : [],
      );
      const best = losses.indexOf(Math.min(...losses)) + 1;
      expect([losses.length, best < 3]).toEqual([3, true]);
      const wanted = { best: { epoch: best, loss: losses[best - 1] }, stoppedEarly: true, steps: 27 };
      expect(straight.events.at(-1)).toMatchObject({ event: 'done', ...wanted, testAccuracy: expect.any(Number) });
      const last = await newest('early');
      const weights = await readFile(once);
      // A checkpoint goes on from the last step; the best weights are in it besides.
      expect(sameWeights(weights, last!.weights)).toBe(false);
      expect(sameWeights(weights, bestIn(last!))).toBe(true);

      await truncate(path('early', 'step-00000027.safetensors'), 1000);
      const go = ['train', '--data', data, '--checkpoint', folder, '--resume', '--weights-out', twice];
      const resumed = await weft([...go, '--json']);
      expect([resumed.code, resumed.events.at(-1)]).toEqual([0, expect.objectContaining(wanted)]);
      expect(sameStates((await newest('early'))!, last!)).toBe(true);
      expect((await readFile(twice)).equals(weights)).toBe(true);

      expect(resumed.events.map(({ event }) => event)).not.toContain('other-bits');

      // Nothing is left to do, and that is said; and so is that another engine has written what goes on.
      const facts = { ...last!.facts, engine: '0.0.9' };
      await checkpointFolder(folder).save({ ...last!, facts });
      const again = await weft(go);
      expect(again.stderr).toContain('(as asked), 64 training images held out');
      expect(again.stderr).toContain('not to the bits of a run without a break: engine 0.1.0 in place of 0.0.9.');
      expect(again.stdout).toContain('Stopped early: the validation loss gets no better.');
      expect(again.stdout).toContain(`The weights are those of epoch ${best}, the best: validation loss `);
      expect((await readFile(twice)).equals(weights)).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    'gives weights to --weights-in, and says what it cannot be given with',
    async () => {
      const { code } = await train('weights', '--steps', '2', '--checkpoint-every', '1');
      expect(code).toBe(0);
      expect(await readdir(path('weights'))).toEqual(['step-00000001.safetensors', 'step-00000002.safetensors']);
      const file = path('weights', 'step-00000002.safetensors');
      const evaluated = await weft(['eval', '--data', data, '--weights-in', file, '--quiet']);
      expect([evaluated.code, evaluated.stdout]).toEqual([0, expect.stringContaining('Accuracy')]);
      const alone = await weft(['train', '--resume']);
      expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--checkpoint')]);
      const both = await train('weights', '--resume', '--weights-in', file);
      expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--weights-in')]);
      await writeFile(path('weights', 'step-00000001.safetensors'), 'x');
      await writeFile(path('weights', 'step-00000002.safetensors'), 'x');
      const damaged = await train('weights', '--resume');
      expect([damaged.code, damaged.stderr]).toEqual([2, expect.stringContaining('step-00000002')]);
    },
    TIMEOUT_MS,
  );

  it(
    'loses no more than one interval to a kill -9 at any moment',
    async () => {
      for (const lines of [2, 3, 5, 8, 12]) await mustSurvive(data, path(`killed-${lines}`), lines);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps a run of a headless page too',
    async () => {
      await ensureChromium();
      const flags = ['--backend', 'chromium', '--steps', '12'];
      expect((await train('page', ...flags)).code).toBe(0);
      expect((await newest('page'))?.facts.step).toBe(12);
      const resumed = await train('page', '--resume', '--backend', 'chromium', '--steps', '14');
      expect(resumed.code).toBe(0);
      expect((await newest('page'))?.facts.step).toBe(14);
    },
    TIMEOUT_MS,
  );
});
