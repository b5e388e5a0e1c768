import { expect, it } from 'vitest';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { pngFolder } from './pngFolder.js';
import { weft } from './weft.js';

const path = temporaryFolder();

it('weft train learns from a folder of PNG images, and holds a sixth of each class out', async () => {
  const { code, events, stderr } = await weft([
    'train',
    '--data',
    await pngFolder(path('png'), 60),
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
