import { readFile, writeFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { decodePng } from '../../src/node/image.js';
import type { Mistake } from '../../src/train/mistakes.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/io/safetensors.js';
import { ensureChromium } from '../../src/node/setup.js';
import type { Scores } from '../../src/train/perClass.js';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { idxFolder, weft, type Ended } from './weft.js';

// Every run compiles the net anew, so runs are few: the first one is what most of these laws look at.

interface Line {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
}

const path = temporaryFolder();
const TIMEOUT_MS = 240_000;
const STEPS_PER_EPOCH = 10;
let data = '';
let first: Ended;

const metricsOf = async (name: string): Promise<Line[]> =>
  (await readFile(path(name), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const eventOf = ({ events }: Ended, name: string) => events.find(({ event }) => event === name);

const trainFirst = (...flags: string[]) => weft(['train', '--data', data, '--steps', '25', '--lr', '0.02', ...flags]);

beforeAll(async () => {
  data = await idxFolder(path('data'));
  first = await trainFirst('--json', '--metrics', path('a.jsonl'), '--weights-out', path('new/a.safetensors'));
}, TIMEOUT_MS);

describe('weft train', () => {
  it('prints JSON lines alone to stdout: adapter, data, model, each epoch, done', () => {
    expect(first.stderr).not.toMatch(/error|warn/i);
    expect(first.code).toBe(0);
    expect(first.events.map(({ event }) => event)).toEqual(['adapter', 'data', 'model', 'epoch', 'epoch', 'done']);
    expect(eventOf(first, 'adapter')).toMatchObject({ backend: 'node', description: expect.any(String) });
    expect(eventOf(first, 'data')).toMatchObject({ name: 'data', train: 640, test: 200 });
    expect(eventOf(first, 'model')).toMatchObject({
      net: 'tutorial',
      parameters: 60_074,
      macs: 199_968,
      bytes: 240_296,
    });
    expect(eventOf(first, 'done')).toMatchObject({ steps: 25, weights: path('new/a.safetensors') });
    expect(Object.keys(eventOf(first, 'epoch')!)).toEqual(
      'event epoch trainLoss trainAccuracy testLoss testAccuracy imagesPerSecond seconds'.split(' '),
    );
  });

  it('writes one line a step to --metrics, and an epoch is their mean', async () => {
    const lines = await metricsOf('a.jsonl');
    expect(lines.map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    for (const line of lines) expect(Object.keys(line)).toEqual(['step', 'loss', 'accuracy']);
    const epoch = eventOf(first, 'epoch')!;
    const mean = (key: 'loss' | 'accuracy') =>
      lines.slice(0, STEPS_PER_EPOCH).reduce((sum, line) => sum + line[key], 0) / STEPS_PER_EPOCH;
    expect(epoch['trainLoss']).toBeCloseTo(mean('loss'), 6);
    expect(epoch['trainAccuracy']).toBeCloseTo(mean('accuracy'), 6);
  });

  it('writes weights that the format reads back, with the net that they are of', async () => {
    const { tensors, metadata } = readSafetensors(await readFile(path('new/a.safetensors')));
    const sizes = [...tensors.values()].map(({ data: values }) => values.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60_074);
    expect(metadata).toEqual({ 'weft.net': 'tutorial', 'weft.mean': '0.1307', 'weft.std': '0.3081' });
  });

  it(
    'gives the same bytes from the same seed; for people it prints an epoch a line and ends like the tutorial',
    async () => {
      const again = await trainFirst('--weights-out', path('b.safetensors'));
      expect(again.code).toBe(0);
      const [once, twice] = [await readFile(path('new/a.safetensors')), await readFile(path('b.safetensors'))];
      expect(twice.equals(once)).toBe(true);
      const lines = again.stdout.trim().split('\n');
      expect(lines.slice(0, 3).map((line) => line.trim().split(/\s+/)[0])).toEqual(['epoch', '1', '2']);
      const accuracy = (100 * Number(eventOf(first, 'done')!['testAccuracy'])).toFixed(2);
      expect(lines[3]).toBe(`Accuracy of the network on the 200 test images: ${accuracy} %`);
      expect(lines[4]).toMatch(/^25 steps in [\d.:]+( s)? · 199,968 MACs an image · 240,296 bytes of weights$/);
      expect(again.stderr).toContain(`saved ${path('b.safetensors')}`);
    },
    TIMEOUT_MS,
  );

  it(
    'exits with 4 where a loss is not finite, and saves the finite weights from before',
    async () => {
      const { code, events, stderr } = await weft([
        'train',
        '--data',
        data,
        '--steps',
        '20',
        '--lr',
        '1e30',
        '--json',
        '--weights-out',
        path('lost.safetensors'),
      ]);
      expect(code).toBe(4);
      expect(events.at(-1)).toMatchObject({ event: 'error', code: 'diverged' });
      expect(stderr).toMatch(/step \d+: .* is not finite/);
      const { tensors } = readSafetensors(await readFile(path('lost.safetensors')));
      for (const { data: values } of tensors.values())
        expect([...values].every((w) => Number.isFinite(Number(w)))).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    'stops at Ctrl-C, saves what it has, and exits with 130',
    async () => {
      const words = ['train', '--data', data, '--epochs', '100000', '--json', '--lr', '0.02'];
      const ended = await weft(
        [...words, '--metrics', path('c.jsonl'), '--weights-out', path('c.safetensors')],
        async ({ saw, interrupt }) => {
          await saw('"epoch"');
          interrupt();
        },
      );
      expect(ended.code).toBe(130);
      const stopped = eventOf(ended, 'interrupted')!;
      expect(stopped['weights']).toBe(path('c.safetensors'));
      const lines = await metricsOf('c.jsonl');
      expect(lines.length).toBe(stopped['steps']);
      // The same steps as those of the first run, as far as both went; a longer run may have other kernels, whose sums
      // round otherwise.
      const first = (await metricsOf('a.jsonl')).slice(0, STEPS_PER_EPOCH);
      expect(lines.slice(0, STEPS_PER_EPOCH).map(({ step }) => step)).toEqual(first.map(({ step }) => step));
      first.forEach(({ loss }, i) => expect(lines[i]?.loss).toBeCloseTo(loss, 3));
      expect(readSafetensors(await readFile(path('c.safetensors'))).tensors.size).toBe(10);
      expect(ended.stderr).toContain(`saved ${path('c.safetensors')}`);
    },
    TIMEOUT_MS,
  );

  it(
    'quits at the second Ctrl-C, whatever it is at',
    async () => {
      const { code } = await weft(['train', '--data', data, '--json'], async ({ saw, interrupt }) => {
        await saw('"adapter"');
        interrupt();
        await saw('Ctrl-C again');
        interrupt();
      });
      expect(code).toBe(130);
    },
    TIMEOUT_MS,
  );
});

describe('weft eval', () => {
  it(
    'finds the accuracy that the training ended with, and draws the images that are wrong',
    async () => {
      const words = ['eval', '--weights-in', path('new/a.safetensors'), '--data', data, '--json'];
      const ended = await weft([...words, '--mistakes', path('wrong.png')]);
      expect(ended.code).toBe(0);
      const [done, trained] = [eventOf(ended, 'done')!, eventOf(first, 'done')!];
      expect(done['testAccuracy']).toBe(trained['testAccuracy']);
      expect(done['testLoss']).toBeCloseTo(Number(trained['testLoss']), 5);
      expect((done['confusion'] as number[][]).flat().reduce((sum, value) => sum + value, 0)).toBe(200);
      const mistakes = done['mistakes'] as Mistake[];
      const wrong = Math.round(200 * (1 - Number(done['testAccuracy'])));
      expect(mistakes).toHaveLength(Math.min(60, wrong));
      for (const { label, answer, confidence, probability } of mistakes) {
        expect(answer).not.toBe(label);
        expect(confidence).toBeGreaterThanOrEqual(probability);
      }
      expect(decodePng(await readFile(path('wrong.png'))).columns).toBeGreaterThan(500);
      expect((done['scores'] as Scores).weighted.recall).toBeCloseTo(Number(done['testAccuracy']), 12);
    },
    TIMEOUT_MS,
  );
});

describe('weft predict', () => {
  it(
    'prints ten probabilities of an image of any size, the same for ink on paper and for light on dark',
    async () => {
      const printed = await Promise.all(
        Object.entries({ dark: [255, 20], light: [10, 240] } as const).map(async ([name, [paper, ink]]) => {
          const image = path(`${name}.png`);
          await writeFile(image, seven(100, 80, paper, ink));
          const ended = await weft(['predict', '--weights-in', path('new/a.safetensors'), '--image', image, '--quiet']);
          expect([ended.code, ended.stderr]).toEqual([0, '']);
          return ended.stdout;
        }),
      );
      const rows = printed[0]!
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).map(Number));
      expect(rows.map(([digit]) => digit)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      // Ten numbers of six digits, each rounded.
      expect(Math.abs(rows.reduce((sum, [, share = NaN]) => sum + share, 0) - 1)).toBeLessThanOrEqual(
        10 * 0.5e-6 + 1e-6,
      );
      expect(printed[1]).toBe(printed[0]);
    },
    TIMEOUT_MS,
  );
});

describe('--backend chromium', () => {
  it(
    'trains in a headless page with the losses of Node',
    async () => {
      await ensureChromium();
      const words = ['train', '--data', data, '--steps', '5', '--lr', '0.02', '--backend', 'chromium', '--json'];
      const ended = await weft([...words, '--metrics', path('page.jsonl'), '--weights-out', path('page.safetensors')]);
      expect(ended.code).toBe(0);
      expect(eventOf(ended, 'adapter')).toMatchObject({ backend: 'chromium' });
      const [there, here] = [await metricsOf('page.jsonl'), await metricsOf('a.jsonl')];
      expect(there.length).toBe(5);
      for (const [i, { loss }] of there.entries()) expect(Math.abs(loss - here[i]!.loss)).toBeLessThanOrEqual(1e-5);
      expect(readSafetensors(await readFile(path('page.safetensors'))).tensors.size).toBe(10);
    },
    TIMEOUT_MS,
  );

  it(
    'stops at Ctrl-C, and says that nothing was saved where nothing was to be',
    async () => {
      await ensureChromium();
      const ended = await weft(
        ['train', '--data', data, '--epochs', '100000', '--backend', 'chromium', '--json'],
        async ({ saw, interrupt }) => {
          await saw('"epoch"');
          interrupt();
        },
      );
      expect(ended.code).toBe(130);
      expect(eventOf(ended, 'interrupted')).toMatchObject({ weights: null });
      expect(ended.stderr).toContain('nothing was saved');
    },
    TIMEOUT_MS,
  );
});

/** A seven of two strokes. */
function seven(columns: number, rows: number, paper: number, ink: number): Buffer {
  const image = { width: columns, height: rows, data: new Uint8Array(4 * columns * rows) };
  const strokes = [
    [30, 15, 70, 15],
    [70, 15, 45, 68],
  ] as const;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const distances = strokes.map(([x0, y0, x1, y1]) => {
        const along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2);
        const t = Math.min(1, Math.max(0, along));
        return Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
      });
      const at = 4 * (y * columns + x);
      image.data.fill(Math.min(...distances) < 4 ? ink : paper, at, at + 3);
      image.data[at + 3] = 255;
    }
  }
  return PNG.sync.write(image);
}
