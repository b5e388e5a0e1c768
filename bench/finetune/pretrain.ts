// npm run bench -- pretrain: the weights that ship with the package, trained again.

import { join } from 'node:path';
import {
  adam,
  augmentations,
  digits,
  openDevice,
  schedules,
  Trainer,
  tutorial,
  writeSafetensors,
  type Dataset,
  type Device,
  type Weights,
} from '../../src/index.js';
import { openDawn, writeAtomic } from '../../src/node.js';
import type { Wanted } from '../flags.js';
import { machineOf } from '../machine.js';
import { readMnist } from '../mnist.js';
import type { Output } from '../output.js';
import { mustBeWritable } from '../results.js';

/** What the first layers of a net are to know before they see a digit that somebody wrote. */
export interface Pretraining {
  readonly images: number;
  readonly epochs: number;
  readonly augment: 'none' | keyof typeof augmentations;
}

/** Chosen among those of docs/fine-tuning.md by MNIST's training images. */
export const SHIPPED: Pretraining = { images: 20_000, epochs: 10, augment: 'light' };

const FILE = 'tutorial-digits.safetensors';
const SEED = 1;
const RATE = 0.001;
const BATCH = 64;
/** Of the generated digits, to see how an epoch went. */
const HELD_OUT = 1000;
/** Training images of MNIST that the forms of the digits were tuned on: the others judge. */
export const TUNED_ON = 5000;

/** Trains the tutorial net on generated digits alone. @returns its weights, and its accuracy on images that it is asked of */
export async function pretrain(
  device: Device,
  { images, epochs, augment }: Pretraining,
  asked: Dataset | undefined,
  say: (text: string) => void = () => undefined,
): Promise<{ readonly weights: Weights; readonly accuracy: number }> {
  const generated = digits({ seed: SEED, train: images });
  const steps = epochs * Math.ceil((images - HELD_OUT) / BATCH);
  using trainer = await Trainer.open({
    device,
    net: tutorial(),
    data: { ...generated, test: asked ?? generated.test },
    optimizer: adam({ rate: RATE }),
    schedule: schedules.cosine({ steps }),
    ...(augment !== 'none' && { augment: augmentations[augment] }),
    batch: BATCH,
    seed: SEED,
    expectedSteps: steps,
    // The images that it is asked of are asked once, at the end.
    validation: HELD_OUT,
  });
  for await (const event of trainer.fit({ epochs })) {
    if (event.type !== 'epoch') continue;
    say(`epoch ${event.epoch}: ${percent(event.validationAccuracy ?? NaN)} of ${HELD_OUT} generated digits`);
  }
  return { weights: await trainer.weights(), accuracy: (await trainer.evaluate()).accuracy };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Returns the exit code. */
export async function runPretrain(wanted: Wanted, output: Output): Promise<number> {
  await mustBeWritable(wanted.out);
  using device = await openDevice(await openDawn({ software: wanted.software }));
  const asked = wanted.data === undefined ? undefined : judges((await readMnist(wanted.data)).train);
  const { weights, accuracy } = await pretrain(device, SHIPPED, asked, (text) => output.error(`  ${text}`));
  const of = asked === undefined ? 'generated digits' : `MNIST's training images after the first ${TUNED_ON}`;
  output.line(`${percent(accuracy)} of ${of}`);
  if (wanted.out === undefined) return 0;
  await writeAtomic(join(wanted.out, FILE), fileOf(weights, SHIPPED, machineOf(device).adapter));
  return 0;
}

/** The file that ships: weights, and how they were made. */
export function fileOf(weights: Weights, { images, epochs, augment }: Pretraining, adapter: string) {
  const tensors = [...weights].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }] as const);
  const made = [
    `${epochs} epochs of ${images - HELD_OUT} generated digits`,
    `Adam ${RATE} falling by a cosine`,
    `batch ${BATCH}`,
    `seed ${SEED}`,
    `augmentations: ${augment}`,
  ];
  return writeSafetensors(new Map(tensors), {
    'weft.net': 'tutorial',
    'weft.mean': '0.1307',
    'weft.std': '0.3081',
    'weft.made': made.join(', '),
    'weft.adapter': adapter,
  });
}

/** The images of a set from a place on. */
export function judges({ images, labels, count, rows, columns, classes }: Dataset): Dataset {
  const pixels = rows * columns;
  return {
    images: images.slice(TUNED_ON * pixels),
    labels: labels.slice(TUNED_ON),
    count: count - TUNED_ON,
    rows,
    columns,
    classes,
  };
}
