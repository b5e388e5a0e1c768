import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withResults } from '../../bench/results.js';
import type { EngineError } from '../../src/core/errors.js';

let home: string;
beforeAll(() => (home = mkdtempSync(join(tmpdir(), 'weft-results-'))));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const quiet = { line: () => undefined, error: () => undefined };
const wanted = (out: string) => ({ command: 'step', json: true, out }) as const;
const rowsIn = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'step.json'), 'utf8'));

describe('results', () => {
  it('of a run that breaks off are written, with what broke it off, and the error is passed on', async () => {
    const out = join(home, 'new/broken');
    const broken = withResults(wanted(out), quiet, 'wall', async (results) => {
      results.tell([{ type: 'rate', net: 'mlp' }], () => '');
      throw new Error('no more GPU');
    });
    await expect(broken).rejects.toThrow('no more GPU');
    expect(rowsIn(out)).toEqual([
      { type: 'rate', net: 'mlp' },
      { type: 'broken off', message: 'no more GPU' },
    ]);
  });

  it('of a run that never began leave those of another as they are', async () => {
    const out = join(home, 'twice');
    await withResults(wanted(out), quiet, 'wall', async (results) => {
      results.tell([{ type: 'rate' }], () => '');
      return 0;
    });
    const failed = withResults(wanted(out), quiet, 'wall', async () => {
      throw new Error('no data');
    });
    await expect(failed).rejects.toThrow('no data');
    expect(rowsIn(out)).toEqual([{ type: 'rate' }]);
    expect(readdirSync(out)).toEqual(['step.json']);
  });

  it('have a place before anything is measured', async () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    let measured = false;
    const refused = withResults(wanted(join(file, 'within')), quiet, 'wall', async () => {
      measured = true;
      return 0;
    });
    const error = await refused.catch((reason: unknown) => reason as EngineError);
    expect(error).toMatchObject({ code: 'file', place: '--out', wanted: expect.stringContaining('a folder') });
    expect(measured).toBe(false);
  });
});
