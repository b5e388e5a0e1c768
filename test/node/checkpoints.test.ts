import type * as fs from 'node:fs/promises';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { someCheckpoint } from '../io/someCheckpoint.js';
import { temporaryFolder } from './temporaryFolder.js';

/** Which call of the disk fails, counted from the test's own zero; none if undefined. */
const disk = vi.hoisted(() => ({ calls: 0, failing: undefined as number | undefined }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  const may = <A extends unknown[], R>(call: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      if (disk.failing !== undefined && disk.calls++ === disk.failing) {
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      }
      return call(...given);
    };
  };
  const open = may(real.open);
  return {
    ...real,
    rename: may(real.rename),
    rm: may(real.rm),
    readdir: may(real.readdir as (path: string) => Promise<string[]>),
    open: async (...given: Parameters<typeof fs.open>) => {
      const handle = await open(...given);
      handle.writeFile = may(handle.writeFile.bind(handle));
      handle.sync = may(handle.sync.bind(handle));
      return handle;
    },
  };
});

// Other tests may have loaded it with the real disk.
vi.resetModules();
const { checkpointFolder } = await import('../../src/node/checkpoints.js');

const path = temporaryFolder();
afterEach(() => void (disk.failing = undefined));
afterAll(() => {
  vi.doUnmock('node:fs/promises');
  vi.resetModules();
});
const files = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

describe('a folder of checkpoints', () => {
  it('is made when it is wanted, and has none before the first', async () => {
    const folder = checkpointFolder(path('new', 'run'));
    expect(await folder.latest()).toBeUndefined();
    await folder.save(someCheckpoint(1));
    expect((await folder.latest())?.checkpoint.facts.step).toBe(1);
  });

  it('keeps the newest and the one before it', async () => {
    const folder = checkpointFolder(path('kept'));
    for (const step of [5, 10, 15]) await folder.save(someCheckpoint(step));
    expect(await files(path('kept'))).toEqual(['step-00000010.safetensors', 'step-00000015.safetensors']);
    expect((await folder.latest())?.checkpoint.facts.step).toBe(15);
  });

  it('falls back to the one before a damaged newest, and says why', async () => {
    const folder = checkpointFolder(path('damaged'));
    for (const step of [5, 10]) await folder.save(someCheckpoint(step));
    await truncate(path('damaged', 'step-00000010.safetensors'), 200);
    const found = await folder.latest();
    expect(found?.checkpoint.facts.step).toBe(5);
    expect(found?.skipped.map(({ message }) => message)).toEqual([expect.stringContaining('step-00000010')]);
    await folder.save(someCheckpoint(7));
    expect(await files(path('damaged'))).toEqual(['step-00000005.safetensors', 'step-00000007.safetensors']);
  });

  it('throws what is wrong with the newest where none is whole', async () => {
    await mkdir(path('all-damaged'));
    await writeFile(path('all-damaged', 'step-00000001.safetensors'), 'x');
    await expect(checkpointFolder(path('all-damaged')).latest()).rejects.toMatchObject({ code: 'format' });
  });

  it('leaves other files alone, and takes away what a killed process left', async () => {
    await mkdir(path('others'));
    await writeFile(path('others', 'notes.txt'), 'mine');
    await writeFile(path('others', '.step-00000003.safetensors.1.ab.tmp'), 'torn');
    await checkpointFolder(path('others')).save(someCheckpoint(4));
    expect(await files(path('others'))).toEqual(['notes.txt', 'step-00000004.safetensors']);
  });

  it('lets an error of the disk at any call surface, and still has a whole checkpoint', async () => {
    const folder = checkpointFolder(path('full'));
    await folder.save(someCheckpoint(1));
    let failures = 0;
    for (let call = 0; ; call++) {
      Object.assign(disk, { calls: 0, failing: call });
      const outcome = await folder.save(someCheckpoint(2 + call)).then(
        () => 'saved',
        (error: unknown) => (error as { code: string }).code,
      );
      const reached = disk.calls > call;
      disk.failing = undefined;
      const step = (await folder.latest())?.checkpoint.facts.step ?? 0;
      if (outcome === 'saved') expect(step).toBe(2 + call);
      else expect([outcome, step >= 1]).toEqual(['file', true]);
      expect((await files(path('full'))).filter((name) => name.endsWith('.tmp')).length).toBeLessThanOrEqual(1);
      if (!reached) break;
      failures++;
    }
    expect(failures).toBeGreaterThanOrEqual(5);
  });

  it('says what is wrong with a place where no folder can be', async () => {
    await writeFile(path('plain'), 'a file');
    const folder = checkpointFolder(path('plain', 'below'));
    await expect(folder.save(someCheckpoint(1))).rejects.toMatchObject({ code: 'file' });
    await expect(folder.latest()).rejects.toMatchObject({ code: 'file' });
  });
});
