// Files kept between runs, in a folder, by what is in them.

import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { EngineError } from '../core/errors.js';
import type { ByteCache } from '../data/mnist.js';
import { readBytes, writeAtomic } from './files.js';

/** `$XDG_CACHE_HOME/weft`, else `~/.cache/weft`. A relative XDG_CACHE_HOME counts as unset, as its specification says. */
export function cacheFolder(): string {
  const root = process.env['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(root) ? root : join(homedir(), '.cache'), 'weft');
}

/**
 * Keeps bytes under their SHA-256 (64 hexadecimal digits), which is the file's name.
 *
 * `get` answers undefined for whatever it cannot read, an absent file or a closed folder: a cache may be missing, and
 * what it gives is for the caller to check against the digest. `put` is atomic, so several processes may share the
 * folder; it rejects with EngineError 'file' if nothing can be written, and both reject with 'usage' for a name that is
 * no digest.
 */
export function folderCache(folder: string = cacheFolder()): ByteCache {
  const pathOf = (digest: string) => {
    if (/^[0-9a-f]{64}$/.test(digest)) return join(folder, digest);
    throw new EngineError('usage', {
      place: 'folderCache',
      given: `the name ${digest}`,
      wanted: 'a SHA-256 in hexadecimal',
    });
  };
  return {
    async get(digest) {
      const path = pathOf(digest);
      return readBytes(path).catch(() => undefined);
    },
    async put(digest, bytes) {
      await writeAtomic(pathOf(digest), bytes);
    },
  };
}

/** Removes everything that is cached. @throws EngineError 'file' if it cannot be removed */
export async function clearFolderCache(folder: string = cacheFolder()): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (cause) {
    throw new EngineError('file', { place: folder, given: 'cannot be removed', wanted: 'a folder of ours', cause });
  }
}
