import { mkdir, writeFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { expect, it } from 'vitest';
import { digits } from '../../src/data/digits.js';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { weft } from './weft.js';

const path = temporaryFolder();

it('weft train learns from a folder of PNG images, and holds a sixth of each class out', async () => {
  const { images, labels, count, rows, columns } = digits({ train: 60, test: 1 }).train;
  for (let i = 0; i < count; i++) {
    const data = new Uint8Array(4 * rows * columns);
    images.subarray(i * rows * columns, (i + 1) * rows * columns).forEach((grey, at) => {
      data.set([grey, grey, grey, 255], 4 * at);
    });
    await mkdir(path('png', String(labels[i])), { recursive: true });
    await writeFile(path('png', String(labels[i]), `${i}.png`), PNG.sync.write({ width: columns, height: rows, data }));
  }
  const { code, events, stderr } = await weft([
    'train',
    '--data',
    path('png'),
    '--batch',
    '25',
    '--steps',
    '3',
    '--json',
  ]);
  expect(stderr).not.toMatch(/error|warn/i);
  expect(events.find(({ event }) => event === 'data')).toMatchObject({ name: 'png', train: 50, test: 10 });
  expect(events.at(-1)).toMatchObject({ event: 'done', steps: 3 });
  expect(code).toBe(0);
}, 240_000);
