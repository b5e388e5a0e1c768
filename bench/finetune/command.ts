// npm run bench -- finetune

import { openDevice, pretrained, tutorial } from '../../src/index.js';
import { openDawn, readBytes } from '../../src/node.js';
import type { Wanted } from '../flags.js';
import { machineOf } from '../machine.js';
import { readMnist } from '../mnist.js';
import type { Output } from '../output.js';
import { machineText } from '../report.js';
import { withResults, type Results } from '../results.js';
import { errorChart } from './chart.js';
import { compare, type Comparison, type Row } from './compare.js';
import { choiceText, tableOf } from './report.js';

/** The same steps for both. */
const SIZES: Comparison['sizes'] = [
  { images: 10, steps: 200 },
  { images: 100, steps: 400 },
  { images: 1000, steps: 1000 },
];

const RECIPES: Comparison['recipes'] = {
  'fine-tuned': [
    { rate: 0.00003, augment: 'light' },
    { rate: 0.0001, augment: 'light' },
    { rate: 0.0003, augment: 'light' },
    { rate: 0.0003, augment: 'light', freeze: 'conv*' },
    { rate: 0.001, augment: 'light' },
  ],
  scratch: [
    { rate: 0.001, augment: 'light' },
    { rate: 0.001, augment: 'strong' },
    { rate: 0.003, augment: 'light' },
    { rate: 0.003, augment: 'strong' },
    { rate: 0.01, augment: 'light' },
    { rate: 0.01, augment: 'strong' },
  ],
};

const VALIDATION = 5000;

/** Fine-tunes the weights that ship on few images of MNIST, and trains from scratch on the same. Returns the exit code. */
export async function runFinetune(wanted: Wanted, output: Output): Promise<number> {
  return await withResults(wanted, output, 'wall', async (results) => {
    await compareOnMnist(wanted, results);
    return 0;
  });
}

async function compareOnMnist(wanted: Wanted, results: Results): Promise<void> {
  const data = await readMnist(wanted.data);
  using device = await openDevice(await openDawn({ software: wanted.software }));
  const machine = machineOf(device);
  results.tell([{ type: 'machine', ...machine }], () => machineText(machine, 'wall', false));
  const comparison: Comparison = {
    net: tutorial(),
    start: await pretrained({ read: readBytes }),
    sizes: SIZES,
    recipes: RECIPES,
    validation: VALIDATION,
    seeds: Array.from({ length: wanted.repeat }, (_, i) => i + 1),
  };
  const rows: Row[] = [];
  let startAccuracy = NaN;
  for await (const told of compare(device, data, comparison)) {
    if (told.type === 'choice') results.say(choiceText(told));
    if (told.type === 'start') startAccuracy = told.accuracy;
    if (told.type === 'row') rows.push(told);
    results.tell([told], () => '');
  }
  results.tell([], () => tableOf(rows, startAccuracy));
  results.chart('finetune', errorChart(rows, startAccuracy));
}
