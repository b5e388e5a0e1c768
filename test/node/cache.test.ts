import { readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { cacheFolder, clearFolderCache, folderCache } from '../../src/node/cache.js';
import { temporaryFolder } from './temporaryFolder.js';

const path = temporaryFolder();
const digest = 'ab'.repeat(32);
const bytes = new Uint8Array([1, 2, 3]);

describe('folderCache', () => {
  it('gives back what was put, the last put of two, and undefined for the rest', async () => {
    const cache = folderCache(path('cache'));
    expect(await cache.get(digest)).toBeUndefined();
    await cache.put(digest, new Uint8Array([9]));
    await cache.put(digest, bytes);
    expect(await cache.get(digest)).toEqual(bytes);
    expect(await cache.get('cd'.repeat(32))).toBeUndefined();
    expect(await readdir(path('cache'))).toEqual([digest]);
  });

  it('holds nothing, and says that nothing can be put, where its folder is a file', async () => {
    await writeFile(path('file'), '');
    const cache = folderCache(path('file'));
    expect(await cache.get(digest)).toBeUndefined();
    const error: unknown = await cache.put(digest, bytes).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).code).toBe('file');
  });

  it('takes no name that could lead elsewhere', async () => {
    const cache = folderCache(path('cache'));
    for (const name of ['../x', digest.toUpperCase(), `${digest}0`, `${digest}\n`, '']) {
      await expect(cache.get(name)).rejects.toThrow(/SHA-256/);
      await expect(cache.put(name, bytes)).rejects.toThrow(/SHA-256/);
    }
  });

  it('is empty after it was cleared, also where there was none', async () => {
    const cache = folderCache(path('cleared'));
    await cache.put(digest, bytes);
    await clearFolderCache(path('cleared'));
    await clearFolderCache(path('cleared'));
    expect(await cache.get(digest)).toBeUndefined();
  });
});

describe('cacheFolder', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is where XDG_CACHE_HOME says if that is absolute, else ~/.cache', () => {
    const home = join(homedir(), '.cache', 'weft');
    for (const [value, folder] of [
      ['/var/x', join('/var/x', 'weft')],
      ['x', home],
      ['', home],
    ] as const) {
      vi.stubEnv('XDG_CACHE_HOME', value);
      expect(cacheFolder()).toBe(folder);
    }
  });
});
