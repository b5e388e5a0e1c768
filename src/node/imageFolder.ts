// A folder of PNG images, one subfolder a class, as a training and a test set.

import { open, readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { EngineError } from '../core/errors.js';
import { pcg } from '../core/random.js';
import type { Dataset, Splits } from '../data/dataset.js';
import { fileError, readBytes } from './files.js';
import { decodePng, PNG_HEAD_BYTES, pngSize } from './image.js';

/** A file beyond this is no image of a few thousand pixels. */
const MAX_FILE_BYTES = 16 * 2 ** 20;
/** All pixels of both sets together. */
const MAX_BYTES = 2 ** 30;
/** A label is a byte. */
const MAX_CLASSES = 256;
/** Of the images of a class where no test set is given: one of so many, as MNIST has it. */
const HELD_OUT = 6;

/** An image that is not read yet. */
interface Found {
  readonly path: string;
  readonly label: number;
}

interface FoundSplits {
  readonly train: readonly Found[];
  readonly test: readonly Found[];
  readonly classes: readonly string[];
}

/**
 * The images of `folder/<class>/*.png` as bytes, grey by luminance, as they are: nothing is scaled, framed or inverted.
 * The classes are the sorted names of the subfolders. Where the folder has `train/` and `test/` above them, these are the
 * two sets; otherwise a sixth of each class, at least one image, is held out as the test set, chosen by the seed.
 *
 * Grey is (19595·R + 38470·G + 7471·B + 2¹⁵)/2¹⁶ rounded down (ITU-R BT.601, as Pillow's `L`); transparency does not count.
 *
 * @param seed which images are held out; 1 if not given
 * @throws EngineError 'data' if there are fewer than two classes or more than 256, if a class has too few images, if a file
 *   is no .png, or if an image has another size than the first; 'file' or 'format' if one cannot be read. The error names
 *   the file. Sizes and counts are checked before memory is taken for the pixels.
 */
export async function loadImageFolder(folder: string, seed = 1): Promise<Splits> {
  const name = basename(resolve(folder));
  const { train, test, classes } = await findSplits(folder, seed);
  const size = await oneSize([...train, ...test]);
  const total = train.length + test.length;
  if (total * size.rows * size.columns > MAX_BYTES) {
    throw new EngineError('data', {
      place: folder,
      given: `${total} images of ${size.rows}×${size.columns} pixels`,
      wanted: `at most ${MAX_BYTES} pixels in all`,
    });
  }
  const source = `${name}: ${train.length} + ${test.length} PNG images of ${size.rows}×${size.columns}, ${classes.length} classes`;
  const read = (found: readonly Found[]) => readSet(found, size, classes.length);
  return { name, source, train: await read(train), test: await read(test) };
}

/** Whether a folder holds subfolders, and so may be one of images. */
export async function hasSubfolders(folder: string): Promise<boolean> {
  return (await subfolders(folder)).length > 0;
}

async function findSplits(folder: string, seed: number): Promise<FoundSplits> {
  const names = await subfolders(folder);
  if (names.length === 2 && names[0] === 'test' && names[1] === 'train') {
    const [test, train] = [await findClasses(join(folder, 'test')), await findClasses(join(folder, 'train'))];
    if (test.classes.join('/') !== train.classes.join('/')) {
      throw new EngineError('data', {
        place: join(folder, 'test'),
        given: `classes ${test.classes.join(', ')}`,
        wanted: `those of the training set: ${train.classes.join(', ')}`,
      });
    }
    return { train: train.files.flat(), test: test.files.flat(), classes: train.classes };
  }
  const { classes, files } = await findClasses(folder);
  const parts = files.map((found, label) => {
    if (found.length < 2) {
      throw new EngineError('data', {
        place: join(folder, classes[label] ?? ''),
        given: 'one image',
        wanted: 'at least two, one of them to test with',
      });
    }
    return holdOut(found, seed, label);
  });
  return { train: parts.flatMap(({ rest }) => rest), test: parts.flatMap(({ held }) => held), classes };
}

/** The files of a class whose scattered numbers come first are held out; both parts keep the order of names. */
function holdOut(found: readonly Found[], seed: number, label: number) {
  const key = pcg(label + pcg(seed));
  const order = found.map((_, i) => i).sort((a, b) => pcg(a + key) - pcg(b + key));
  const held = new Set(order.slice(0, Math.max(1, Math.round(found.length / HELD_OUT))));
  return { held: found.filter((_, i) => held.has(i)), rest: found.filter((_, i) => !held.has(i)) };
}

async function findClasses(folder: string): Promise<{ classes: readonly string[]; files: readonly Found[][] }> {
  const classes = await subfolders(folder);
  if (classes.length < 2 || classes.length > MAX_CLASSES) {
    const given = `${classes.length} subfolders`;
    throw new EngineError('data', { place: folder, given, wanted: `2 to ${MAX_CLASSES}, one for each class` });
  }
  const files: Found[][] = [];
  for (const [label, name] of classes.entries()) {
    const inside = await entriesOf(join(folder, name));
    const other = inside.find((entry) => !entry.isFile() || extname(entry.name).toLowerCase() !== '.png');
    if (other !== undefined) {
      const given = other.isFile() ? 'a file that is no .png' : 'no file';
      throw new EngineError('data', { place: join(folder, name, other.name), given, wanted: 'PNG images alone' });
    }
    if (inside.length === 0) {
      throw new EngineError('data', { place: join(folder, name), given: 'no image', wanted: 'PNG images' });
    }
    files.push(inside.map((entry) => ({ path: join(folder, name, entry.name), label })));
  }
  return { classes, files };
}

const subfolders = async (folder: string): Promise<string[]> =>
  (await entriesOf(folder)).filter((entry) => entry.isDirectory()).map((entry) => entry.name);

/** What lies in a folder, sorted by name; hidden files are not looked at. */
async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // By UTF-16 units, so that the order is the same in every language.
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw fileError(folder, 'cannot be read', 'a folder', cause);
  }
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** The size that all images have, read from their first bytes. */
async function oneSize(found: readonly Found[]): Promise<Size> {
  let size: Size | undefined;
  for (const { path } of found) {
    const { rows, columns } = pngSize(await headOf(path), path);
    size ??= { rows, columns };
    if (size.rows === rows && size.columns === columns) continue;
    throw new EngineError('data', {
      place: path,
      given: `an image of ${rows}×${columns} pixels`,
      wanted: `${size.rows}×${size.columns}, as ${found[0]?.path} is`,
    });
  }
  return size ?? { rows: 0, columns: 0 };
}

async function headOf(path: string): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const { size } = await handle.stat();
    if (size > MAX_FILE_BYTES) {
      throw new EngineError('file', { place: path, given: `${size} bytes`, wanted: `at most ${MAX_FILE_BYTES}` });
    }
    const { buffer, bytesRead } = await handle.read(new Uint8Array(PNG_HEAD_BYTES), 0, PNG_HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw fileError(path, 'cannot be read', 'a readable file', cause);
  }
}

async function readSet(found: readonly Found[], { rows, columns }: Size, classes: number): Promise<Dataset> {
  const images = new Uint8Array(found.length * rows * columns);
  const labels = Uint8Array.from(found, ({ label }) => label);
  for (const [i, { path }] of found.entries()) {
    const image = decodePng(await readBytes(path, MAX_FILE_BYTES), path);
    // The file may have changed since its head was read.
    if (image.rows !== rows || image.columns !== columns) {
      const given = `an image of ${image.rows}×${image.columns} pixels`;
      throw new EngineError('data', { place: path, given, wanted: `${rows}×${columns}` });
    }
    images.set(greyOf(image.pixels), i * rows * columns);
  }
  return { images, labels, count: found.length, rows, columns, classes };
}

/** [pixels, 4] red, green, blue, alpha → [pixels]. */
const greyOf = (rgba: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: rgba.length / 4 }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = rgba.subarray(4 * i, 4 * i + 3);
    return (19595 * red + 38470 * green + 7471 * blue + 2 ** 15) >> 16;
  });
