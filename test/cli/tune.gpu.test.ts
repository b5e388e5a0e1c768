import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNotes } from '../../src/engine/notes.js';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { weft, type Ended } from './weft.js';

const path = temporaryFolder();
const TIMEOUT_MS = 240_000;
const before = process.env['XDG_CACHE_HOME'];
let tuned: Ended;

// Notes of this machine's own user stay as they are.
beforeAll(async () => {
  process.env['XDG_CACHE_HOME'] = path('cache');
  tuned = await weft(['tune', '--batch', '4', '--images', '64', '--json']);
}, TIMEOUT_MS);
afterAll(() => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
});

const notesOf = async () => {
  const [name = ''] = await readdir(path('cache', 'weft', 'adapters'));
  return parseNotes(await readFile(path('cache', 'weft', 'adapters', name), 'utf8'));
};

describe('weft tune', () => {
  it('prints each kernel with its variants, all of them right, then whole steps and what was chosen', () => {
    expect(tuned.code).toBe(0);
    const kernels = tuned.events.filter(({ event }) => event === 'kernel');
    expect(kernels.length).toBeGreaterThan(12);
    for (const kernel of kernels) {
      expect(kernel).toMatchObject({
        kernel: expect.any(String),
        count: expect.any(Number),
        chosen: expect.any(String),
      });
    }
    const last = tuned.events.at(-1)!;
    expect(last).toMatchObject({ event: 'tuned', adapter: expect.any(String), wrong: [] });
    const plans = last['plans'] as readonly { readonly name: string; readonly ms: number }[];
    const without = ['default without denseTail', 'tuned without denseTail'];
    expect(plans.map(({ name }) => name)).toEqual(['default', 'tuned', ...without]);
    expect(last['without']).toEqual(without.includes(String(last['chosenPlan'])) ? ['denseTail'] : []);
    expect(plans.map(({ name }) => name)).toContain(last['chosenPlan']);
  });

  it('keeps what it found in the cache folder, and forgets it if it is told to', async () => {
    const kernels = tuned.events.filter(({ event }) => event === 'kernel');
    const { tuned: variants = {}, plans = {} } = (await notesOf()) ?? {};
    expect(Object.keys(variants)).toHaveLength(kernels.length);
    expect(Object.values(plans).map(({ without }) => without)).toEqual([tuned.events.at(-1)!['without']]);
    const { code, stdout } = await weft(['tune', '--forget']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^What was known of .+ is forgotten\.\n$/);
    expect(await notesOf()).toEqual({ tested: {}, tuned: {}, plans: {}, wrong: [] });
  });
});

describe('weft doctor --self-test', () => {
  it(
    'checks every kernel of the tutorial net and says how long that took beyond compiling',
    async () => {
      const { code, events } = await weft(['doctor', '--self-test', '--no-browser', '--json']);
      expect(code).toBe(0);
      expect(events[0]).toMatchObject({ event: 'doctor' });
      const [sentence, ...others] = events[0]!['selfTest'] as readonly string[];
      expect(sentence).toMatch(/^train: \d\d kernels right at \d{4} elements, in \d+ ms beyond compiling$/);
      expect(others).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
