import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { digits } from '../../src/data/digits.js';

/** A folder of so many generated digits as PNG, a subfolder for each of the first classes. */
export async function pngFolder(folder: string, count: number, classes = 10): Promise<string> {
  const { images, labels, rows, columns } = digits({ train: (count * 10) / classes, test: 1 }).train;
  for (const [i, label] of labels.entries()) {
    if (label >= classes) continue;
    const data = new Uint8Array(4 * rows * columns);
    images.subarray(i * rows * columns, (i + 1) * rows * columns).forEach((grey, at) => {
      data.set([grey, grey, grey, 255], 4 * at);
    });
    await mkdir(join(folder, String(label)), { recursive: true });
    await writeFile(join(folder, String(label), `${i}.png`), PNG.sync.write({ width: columns, height: rows, data }));
  }
  return folder;
}
