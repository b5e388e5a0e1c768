import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, fromIdxFiles, type Splits } from '../src/index.js';
import { readBytes } from '../src/node.js';

/** MNIST out of the folder of `--data`. @throws EngineError 'file' or 'usage' */
export async function readMnist(folder: string | undefined): Promise<Splits> {
  const wanted = 'a folder with the four IDX files of MNIST';
  if (folder === undefined) throw new EngineError('usage', { place: '--data', given: 'no folder', wanted });
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new EngineError('file', { place: '--data', given: `no folder ${folder}`, wanted, cause });
  });
  const files = names.filter((name) => /-idx\d-ubyte(\.gz)?$/.test(name));
  return fromIdxFiles(
    await Promise.all(files.map(async (name) => [name, await readBytes(join(folder, name))] as const)),
  );
}
