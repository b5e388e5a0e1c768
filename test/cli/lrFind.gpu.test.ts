import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { idxFolder, weft } from './weft.js';

const path = temporaryFolder();
const TIMEOUT_MS = 120_000;

it(
  'weft lr-find tells the loss at rising rates, the rate at which it falls fastest, and draws it',
  async () => {
    const data = await idxFolder(path('data'));
    const words = [
      'lr-find',
      '--data',
      data,
      '--batch',
      '8',
      '--steps',
      '40',
      '--from',
      '1e-4',
      '--out',
      path('charts'),
    ];
    const { code, events } = await weft([...words, '--json', '--quiet']);
    expect(code).toBe(0);
    const [found] = events as readonly [{ event: string; points: { rate: number }[]; suggestion?: number }];
    expect(found.event).toBe('lr-find');
    expect(found.points.length).toBeGreaterThan(10);
    expect(found.points[0]?.rate).toBeCloseTo(1e-4, 15);
    expect(found.suggestion).toBeGreaterThan(1e-4);
    const chart = await readFile(path('charts', 'lr-find.svg'), 'utf8');
    expect(chart).toContain('the loss falls fastest at');
    expect(chart).not.toMatch(/NaN|Infinity/);
  },
  TIMEOUT_MS,
);
