// `--data`: MNIST through the folder cache and the mirrors, generated digits, or a folder of IDX files or PNG images.

import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  digits,
  EngineError,
  fromIdxFiles,
  loadMnist,
  mirrorAnswers,
  mnistCached,
  NODE_MIRRORS,
  openData,
  type DownloadProgress,
  type Splits,
} from '../index.js';
import { folderCache, hasSubfolders, loadImageFolder, readBytes } from '../node.js';
import { asGiven } from './exit.js';
import { bytes } from '../chart/figures.js';
import type { Screen } from './screen.js';

/**
 * The data that `--data` means, and one line that says which and why.
 *
 * @throws EngineError 'usage' for a folder that cannot be used, 'network' or 'checksum' for MNIST by name
 * @throws the reason of the signal
 */
export async function openDataFlag(
  wanted: string,
  screen: Screen,
  signal: AbortSignal,
): Promise<{ readonly splits: Splits; readonly line: string }> {
  const cache = folderCache();
  const mirrors = NODE_MIRRORS;
  const onProgress = (progress: DownloadProgress) =>
    screen.progress(() => `downloading MNIST, ${bytes(progress.bytes)} of ${bytes(progress.total)}`);
  try {
    return await openData(wanted, {
      mnistCached: () => mnistCached(cache),
      mirrorAnswers: () => {
        screen.progress(() => 'looking for a mirror of MNIST');
        return mirrorAnswers({ mirrors, signal });
      },
      loadMnist: () => loadMnist({ mirrors, cache, signal, onProgress }),
      loadFolder: (folder) => asGiven('--data', () => openFolder(folder)),
      digits: () => {
        screen.progress(() => 'drawing digits');
        return digits();
      },
    });
  } finally {
    screen.progress(undefined);
  }
}

/** The name of a file that may be one of the four. */
const IDX_NAME = /^(train|t10k)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/;

async function openFolder(folder: string): Promise<Splits> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    const wanted = 'auto, digits, mnist or a folder of IDX files or PNG images';
    throw new EngineError('file', { place: folder, given: 'no folder that can be read', wanted, cause });
  }
  const files = names.filter((name) => IDX_NAME.test(name));
  if (files.length === 0 && (await hasSubfolders(folder))) return loadImageFolder(folder);
  const read = await Promise.all(files.map(async (name) => [name, await readBytes(join(folder, name))] as const));
  return fromIdxFiles(read, { name: basename(resolve(folder)) });
}
