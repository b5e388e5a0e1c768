// `weft data`: what a set of images is like, in numbers and as a picture.

import { dataSheet, type SheetRow } from '../chart/dataSheet.js';
import {
  augmentedImages,
  EngineError,
  openDevice,
  statisticsOf,
  type AugmentOptions,
  type Dataset,
  type SetStatistics,
  type Splits,
} from '../index.js';
import { encodePng, ensureGpu, writeAtomic } from '../node.js';
import { columns } from './columns.js';
import { openDataFlag } from './data.js';
import { dataFlags } from './dataTable.js';
import { EXIT, usageError } from './exit.js';
import { count } from '../chart/figures.js';
import { parseFlags, type Values } from './flags.js';
import { mustBeWritable } from './outputs.js';
import type { Screen } from './screen.js';
import { watched } from './session.js';
import { augmentation } from './settings.js';

/** Rows of a picture: a set of more classes shows the first of them. */
const MOST_CLASSES = 40;

type DataFlags = Values<typeof dataFlags>;

export async function describeData(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft data', dataFlags, words);
  const { preview } = flags;
  if (preview === undefined && flags.augment !== 'none') {
    throw usageError('--augment', 'no --preview to show it in', '--preview <file.png>');
  }
  if (preview !== undefined) await mustBeWritable('--preview', preview);
  return watched(flags.quiet, async ({ screen, signal }) => {
    const { splits } = await openDataFlag(flags.data, screen, signal);
    const [train, test] = [statisticsOf(splits.train), statisticsOf(splits.test)];
    if (flags.json) screen.result(JSON.stringify(plain(splits, train, test, preview)));
    else for (const line of textOf(splits, train, test, screen)) screen.result(line);
    if (preview === undefined) return EXIT.ok;
    await draw(preview, splits, train, flags, screen);
    return EXIT.ok;
  });
}

function plain(splits: Splits, train: SetStatistics, test: SetStatistics, preview: string | undefined) {
  const { rows, columns: wide, classes } = splits.train;
  return {
    event: 'data',
    name: splits.name,
    source: splits.source,
    rows,
    columns: wide,
    classes,
    train: { count: splits.train.count, ...train },
    test: { count: splits.test.count, ...test },
    ...(preview !== undefined && { preview }),
  };
}

function textOf({ name, source, train, test }: Splits, ofTrain: SetStatistics, ofTest: SetStatistics, screen: Screen) {
  const line = (title: string, set: Dataset, { mean, std }: SetStatistics): string[] => [
    title,
    count(set.count),
    mean.toFixed(4),
    std.toFixed(4),
  ];
  return [
    `${screen.paintResult('bold', name)}: ${source}`,
    `images of ${train.rows} × ${train.columns} pixels in ${train.classes} classes`,
    '',
    ...columns([['', 'images', 'mean', 'std'], line('training', train, ofTrain), line('test', test, ofTest)]),
    '',
    ...columns([
      ['class', 'training', 'test'],
      ...ofTrain.perClass.map((images, label) => [String(label), count(images), count(ofTest.perClass[label] ?? 0)]),
    ]),
  ];
}

/** Images of each class, spread over the set; with augmentation each above what the GPU makes of it. */
async function draw(
  path: string,
  { name, train }: Splits,
  { perClass }: SetStatistics,
  flags: DataFlags,
  screen: Screen,
): Promise<void> {
  const { seed, 'per-class': most } = flags;
  const shown = perClass.slice(0, MOST_CLASSES).map((_, label) => placesOf(train, label, most));
  const changes = flags.augment === 'none' ? undefined : augmentation({ ...flags, mixup: undefined });
  const after = changes && (await changed(train, shown.flat(), changes, flags));
  const size = train.rows * train.columns;
  let next = 0;
  const rows = shown.map((places, label): SheetRow => ({
    label,
    count: perClass[label] ?? 0,
    images: places.map((place) => ({
      before: train.images.subarray(place * size, (place + 1) * size),
      ...(after && { after: after.subarray(next * size, ++next * size) }),
    })),
  }));
  const all = `${perClass.length} classes`;
  const classes = perClass.length > rows.length ? `the first ${rows.length} of ${all}` : all;
  const title = `${name}: ${count(train.count)} training images, ${classes}`;
  const about =
    changes === undefined
      ? 'some of each class, and how many it has'
      : `as they are, and below in epoch 1 with --augment ${flags.augment} --seed ${seed}`;
  await writeAtomic(path, encodePng(dataSheet(rows, { title, about }, train)));
  screen.note(`drew ${path}`);
}

/** Places of so many images of a class, at even distances among all of it. */
function placesOf({ labels }: Dataset, label: number, most: number): number[] {
  const places = [...labels].flatMap((other, place) => (other === label ? [place] : []));
  const shown = Math.min(most, places.length);
  return Array.from({ length: shown }, (_, k) => places[Math.floor((k * places.length) / shown)] ?? 0);
}

async function changed(set: Dataset, indices: readonly number[], augment: AugmentOptions, flags: DataFlags) {
  const { gpu } = await ensureGpu();
  if (gpu === undefined) throw new EngineError('no-adapter', { place: 'Node', given: 'no adapter', wanted: 'a GPU' });
  using device = await openDevice(gpu, { powerPreference: 'high-performance' });
  const { seed, mean, std } = flags;
  return await augmentedImages({ device, set, indices, augment, seed, mean, std });
}
