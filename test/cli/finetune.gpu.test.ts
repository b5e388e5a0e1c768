import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/io/safetensors.js';
import { pretrained } from '../../src/io/pretrained.js';
import { ensureChromium } from '../../src/node/setup.js';
import { readBytes } from '../../src/node/files.js';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { pngFolder } from './pngFolder.js';
import { idxFolder, weft, type Ended } from './weft.js';

const path = temporaryFolder();
const TIMEOUT_MS = 600_000;
let data = '';

const eventOf = ({ events }: Ended, name: string) => events.find(({ event }) => event === name);
const tensorsOf = async (name: string) => readSafetensors(await readFile(path(name)), name).tensors;

beforeAll(async () => {
  data = await idxFolder(path('data'));
});

describe('weft finetune', () => {
  it(
    'goes on from the weights that ship: says what it took, how they did before, and leaves what is frozen as it was',
    async () => {
      const words = ['finetune', '--data', data, '--images', '50', '--batch', '25', '--steps', '3', '--json'];
      const ended = await weft([...words, '--freeze', 'conv*', '--weights-out', path('a.safetensors')]);
      expect(ended.stderr).not.toMatch(/error|warn/i);
      expect(ended.code).toBe(0);
      expect(ended.events.map(({ event }) => event)).toEqual(
        'adapter data transfer model before epoch done'.split(' '),
      );
      expect(eventOf(ended, 'data')).toMatchObject({ train: 50, test: 200 });
      expect(eventOf(ended, 'transfer')).toMatchObject({
        fresh: [],
        unused: [],
        taken: expect.arrayContaining(['fc3.bias']),
      });
      // They were trained on digits of the same generator.
      expect(eventOf(ended, 'before')!['testAccuracy']).toBeGreaterThan(0.9);
      const [start, end] = [await pretrained({ read: readBytes }), await tensorsOf('a.safetensors')];
      const moved = [...start].filter(([name, { data: values }]) =>
        values.some((value, i) => value !== Number(end.get(name)?.data[i])),
      );
      expect(moved.map(([name]) => name)).toEqual([...start.keys()].filter((name) => name.startsWith('fc')));
    },
    TIMEOUT_MS,
  );

  it(
    'makes a new head for other classes, and its weights are evaluated with as many',
    async () => {
      const folder = await pngFolder(path('png'), 30, 3);
      const words = ['finetune', '--data', folder, '--steps', '2', '--lr-for', 'conv*=0.1'];
      const ended = await weft([...words, '--weights-out', path('three.safetensors')]);
      expect(ended.code).toBe(0);
      expect(ended.stderr).toMatch(/anew: fc3\.weight \(\[10, 84\] among the given, \[3, 84\]/);
      expect(ended.stdout).toMatch(/^Accuracy before training on the \d+ test images: /);
      expect((await tensorsOf('three.safetensors')).get('fc3.bias')?.shape).toEqual([3]);
      const asked = await weft(['eval', '--weights-in', path('three.safetensors'), '--data', folder, '--json']);
      expect(asked.code).toBe(0);
      expect(eventOf(asked, 'done')!['confusion']).toHaveLength(3);
    },
    TIMEOUT_MS,
  );

  it(
    'runs in a page too, keeps its run in a folder, and goes on with it without its first weights',
    async () => {
      await ensureChromium();
      const words = ['finetune', '--data', data, '--freeze', 'conv*', '--json', '--backend', 'chromium'];
      const kept = ['--checkpoint', path('run')];
      const begun = await weft([...words, '--steps', '2', '--replace-head', ...kept]);
      expect(begun.code).toBe(0);
      expect(eventOf(begun, 'transfer')).toMatchObject({
        fresh: ['fc3.weight', 'fc3.bias'].map((name) => ({ name, reason: 'as asked' })),
      });
      const resumed = await weft([...words, '--steps', '4', ...kept, '--resume']);
      expect(resumed.code).toBe(0);
      expect(eventOf(resumed, 'transfer')).toBeUndefined();
      expect(eventOf(resumed, 'before')).toBeUndefined();
      expect(eventOf(resumed, 'done')).toMatchObject({ steps: 4 });
    },
    TIMEOUT_MS,
  );

  it(
    'refuses what cannot be done, before anything is computed',
    async () => {
      for (const [words, sentence] of [
        [['--net', 'wide'], /--net: wide, without --weights-in; wanted trained weights of that net/],
        [['--images', '641', '--data', data], /--images: 641; wanted at most 640/],
        [['--freeze', 'conv9*', '--data', data], /conv9\*, which matches no parameter/],
      ] as const) {
        const { code, stderr } = await weft(['finetune', ...words]);
        expect(stderr).toMatch(sentence);
        expect(code).toBe(2);
      }
    },
    TIMEOUT_MS,
  );
});
