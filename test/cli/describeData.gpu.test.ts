import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePng } from '../../src/node/image.js';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { idxFolder, weft } from './weft.js';

const path = temporaryFolder();
const TIMEOUT_MS = 120_000;
let data = '';

beforeAll(async () => {
  data = await idxFolder(path('data'), 100, 30);
});

const pictureAt = async (name: string) => decodePng(new Uint8Array(await readFile(path(name))));

describe('weft data', () => {
  it(
    'counts the images of each class, and gives mean and deviation',
    async () => {
      const [text, json] = await Promise.all([
        weft(['data', '--data', data]),
        weft(['data', '--data', data, '--json']),
      ]);
      expect([text.code, json.code]).toEqual([0, 0]);
      expect(text.stdout).toMatch(/images of 28 × 28 pixels in 10 classes/);
      expect(text.stdout).toMatch(/^training +100 +0\.\d{4} +0\.\d{4}$/m);
      const [event] = json.events;
      expect(event).toMatchObject({ event: 'data', rows: 28, columns: 28, classes: 10, test: { count: 30 } });
      const { perClass, mean } = event!['train'] as { readonly perClass: readonly number[]; readonly mean: number };
      expect([perClass.length, perClass.reduce((sum, count) => sum + count)]).toEqual([10, 100]);
      expect(text.stdout).toContain(mean.toFixed(4));
    },
    TIMEOUT_MS,
  );

  it(
    'draws images of each class, and below each what the GPU makes of it',
    async () => {
      const words = ['data', '--data', data, '--per-class', '3'];
      const plain = await weft([...words, '--preview', path('plain.png')]);
      const changed = await weft([...words, '--preview', path('changed.png'), '--augment', 'strong']);
      expect([plain.code, changed.code]).toEqual([0, 0]);
      const [before, after] = [await pictureAt('plain.png'), await pictureAt('changed.png')];
      expect(after.rows).toBeGreaterThan(1.5 * before.rows);
      const again = await weft([...words, '--preview', path('again.png'), '--augment', 'strong']);
      expect(again.code).toBe(0);
      expect(Buffer.compare((await pictureAt('again.png')).pixels, after.pixels)).toBe(0);
      const other = await weft([...words, '--preview', path('other.png'), '--augment', 'strong', '--seed', '2']);
      expect(other.code).toBe(0);
      expect(Buffer.compare((await pictureAt('other.png')).pixels, after.pixels)).not.toBe(0);
    },
    TIMEOUT_MS,
  );

  it('has nowhere to show what is changed without a picture', async () => {
    const { code, stderr } = await weft(['data', '--data', data, '--augment', 'light']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--augment: no --preview')]);
  });
});
