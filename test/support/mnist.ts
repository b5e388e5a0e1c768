import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Splits } from '../../src/data/dataset.js';
import { fromIdxFiles } from '../../src/data/idxFiles.js';

/** A folder with the four IDX files: WEFT_MNIST names one, or it stands beside the clone. Undefined if there is none. */
function mnistFolder(): string | undefined {
  const beside = fileURLToPath(new URL('../../../shared/mnist', import.meta.url));
  return [process.env['WEFT_MNIST'], beside].find((folder) => folder !== undefined && existsSync(folder));
}

/** All of MNIST from that folder; where there is none the test says so and is left out. */
export async function mnistOrSkip(skip: (reason: string) => never): Promise<Splits> {
  const folder = mnistFolder() ?? skip('no folder of MNIST: WEFT_MNIST names one');
  const names = (await readdir(folder)).filter((name) => name.includes('ubyte'));
  const files = await Promise.all(
    names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const),
  );
  return fromIdxFiles(files, { name: 'mnist' });
}
