import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Notes } from '../engine/notes.js';
import { cacheFolder } from './cache.js';
import { readBytes, writeAtomic } from './files.js';

/** The largest file of notes that is read, bytes. */
const MOST_BYTES = 16 * 2 ** 20;

/**
 * Keeps notes on adapters in files of a folder, one an adapter and driver. `get` answers undefined for whatever it cannot
 * read; `put` is atomic, so several processes may share the folder, and the last one wins.
 */
export function folderNotes(folder: string = join(cacheFolder(), 'adapters')): Notes {
  const pathOf = (key: string): string => join(folder, `${createHash('sha256').update(key).digest('hex')}.json`);
  return {
    driver: dawnVersion(),
    async get(key) {
      const bytes = await readBytes(pathOf(key), MOST_BYTES).catch(() => undefined);
      return bytes && new TextDecoder().decode(bytes);
    },
    put: (key, text) => writeAtomic(pathOf(key), text),
  };
}

/** Dawn brings no version of its own: that of its package, and of what it runs on. */
function dawnVersion(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const path = createRequire(import.meta.url).resolve('webgpu/package.json');
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version?: unknown };
    return `Dawn of webgpu ${String(version)}, ${platform}`;
  } catch {
    return `Dawn, ${platform}`;
  }
}
