import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { loadImageFolder } from '../../src/node/imageFolder.js';
import { temporaryFolder } from './temporaryFolder.js';

const path = temporaryFolder();

/** A PNG of one colour. */
async function put(file: string, [red, green, blue]: readonly number[] = [0, 0, 0], side = 2): Promise<void> {
  const data = new Uint8Array(4 * side * side);
  for (let at = 0; at < data.length; at += 4) data.set([red ?? 0, green ?? 0, blue ?? 0, 255], at);
  await mkdir(dirname(path(file)), { recursive: true });
  await writeFile(path(file), PNG.sync.write({ width: side, height: side, data }));
}

const refusal = async (folder: string): Promise<string> =>
  loadImageFolder(path(folder)).then(
    () => 'was read',
    (error: Error) => error.message,
  );

describe('a folder of PNG images', () => {
  it('has its sorted subfolders for classes, and train and test where it says so; hidden files do not count', async () => {
    for (const name of ['train/b/1', 'train/a/1', 'train/a/0', 'test/a/x', 'test/b/x']) await put(`split/${name}.png`);
    await writeFile(path('split/train/a/.hidden'), 'no image');
    const { train, test, name, source } = await loadImageFolder(path('split'));
    expect([...train.labels]).toEqual([0, 0, 1]);
    expect([...test.labels]).toEqual([0, 1]);
    expect(train).toMatchObject({ count: 3, rows: 2, columns: 2, classes: 2 });
    expect(name).toBe('split');
    expect(source).toBe('split: 3 + 2 PNG images of 2×2, 2 classes');
  });

  it('is grey by luminance, as Pillow has it', async () => {
    const colours = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
      [10, 200, 60],
    ];
    for (const [i, colour] of colours.entries()) await put(`grey/train/a/${i}.png`, colour, 1);
    for (const name of ['train/b/0', 'test/a/0', 'test/b/0']) await put(`grey/${name}.png`, [7, 7, 7], 1);
    const { train } = await loadImageFolder(path('grey'));
    expect([...train.images]).toEqual([76, 150, 29, 255, 127, 7]);
  });

  it('gives a sixth of each class to the test, another one for another seed, and the same for the same', async () => {
    for (const [label, count] of [12, 24].entries()) {
      for (let i = 0; i < count; i++) await put(`held/${label}/${String(i).padStart(2, '0')}.png`, [i, i, i], 1);
    }
    const once = await loadImageFolder(path('held'), 3);
    expect(once.test.labels.join('')).toBe('001111');
    expect(once.train.count).toBe(30);
    const all = [...once.train.images, ...once.test.images].sort((a, b) => a - b);
    const both = Array.from({ length: 24 }, (_, i) => (i < 12 ? [i, i] : [i])).flat();
    expect(all).toEqual(both);
    expect(await loadImageFolder(path('held'), 3)).toEqual(once);
    expect((await loadImageFolder(path('held'), 4)).test.images).not.toEqual(once.test.images);
  });

  it('names the file that is of another size, no PNG, damaged, or larger than an image is', async () => {
    for (const name of ['a/0', 'a/1', 'b/0', 'b/1']) await put(`bad/${name}.png`);
    await put('bad/b/2.png', [0, 0, 0], 3);
    expect(await refusal('bad')).toMatch(/b.2\.png: an image of 3×3 pixels; wanted 2×2/);
    await writeFile(path('bad/b/2.png'), 'text');
    expect(await refusal('bad')).toMatch(/b.2\.png: some other file, no PNG/);
    await writeFile(path('bad/b/2.png'), new Uint8Array(16 * 2 ** 20 + 1));
    expect(await refusal('bad')).toMatch(/b.2\.png: 16777217 bytes; wanted at most/);
    const whole = PNG.sync.write({ width: 2, height: 2, data: new Uint8Array(16) });
    await writeFile(path('bad/b/2.png'), whole.subarray(0, 40));
    expect(await refusal('bad')).toMatch(/b.2\.png: it ends within the image/);
    await rm(path('bad/b/2.png'));
    await writeFile(path('bad/b/2.jpg'), 'text');
    expect(await refusal('bad')).toMatch(/b.2\.jpg: a file that is no \.png/);
  });

  it('needs two classes, the same in both sets, and images in each', async () => {
    await put('one/a/0.png');
    expect(await refusal('one')).toMatch(/one: 1 subfolders; wanted 2 to 256/);
    await put('one/b/0.png');
    expect(await refusal('one')).toMatch(/a: one image; wanted at least two/);
    await mkdir(path('one/c'));
    expect(await refusal('one')).toMatch(/c: no image/);
    for (const name of ['train/a', 'train/b', 'test/a', 'test/c']) await put(`other/${name}/0.png`);
    expect(await refusal('other')).toMatch(/test: classes a, c; wanted those of the training set: a, b/);
    expect(await refusal('nowhere')).toMatch(/nowhere: cannot be read \(no such file or folder\)/);
  });
});
