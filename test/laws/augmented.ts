import type { Device } from '../../src/gpu/device.js';
import { readCheckpoint, sameStates, writeCheckpoint } from '../../src/io/checkpoint.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { sgd } from '../../src/optim/sgd.js';
import { augmentedImages } from '../../src/train/augmentedImages.js';
import { augmentations } from '../../src/train/augmentations.js';
import { trainGraph } from '../../src/train/graphs.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { eventsOf, openTiny, stepsOf } from '../support/runs.js';
import { flatNet, tinySplits } from '../support/tinyData.js';

const STEPS = 11;
const data = tinySplits(28);
const open = (device: Device, options: Partial<TrainerOptions> = {}) =>
  openTiny(device, { data, net: flatNet(), augment: augmentations.strong, ...options });
const until = (trainer: Awaited<ReturnType<typeof open>>, steps: number) =>
  eventsOf(trainer.fit({ steps, epochs: STEPS }));

/** Laws of training on images that are augmented. */
export const augmentedLaws: readonly GpuLaw[] = [
  {
    title: 'a run on augmented images that is resumed in an epoch ends in the bits of one without a break',
    run: async (device) => {
      using straight = await open(device);
      await until(straight, STEPS);
      using first = await open(device);
      await until(first, 6);
      const resume = await readCheckpoint(await writeCheckpoint(await first.checkpoint()));
      using second = await open(device, { resume });
      await until(second, STEPS);
      must(sameStates(await second.checkpoint(), await straight.checkpoint()), () => 'other states');
    },
  },
  {
    title: 'images are augmented in training, in one more dispatch that is no part of an evaluation',
    run: async (device) => {
      using plain = await openTiny(device, { data, net: flatNet() });
      using augmented = await open(device);
      const named = augmented.plan.dispatches.filter(({ entry }) => entry === 'augment');
      mustEqual(named.length, 1, 'dispatches that augment');
      mustEqual((await augmented.evaluate()).loss, (await plain.evaluate()).loss, 'test loss of the same weights');
      const [changed] = stepsOf(await until(augmented, 1));
      const [unchanged] = stepsOf(await until(plain, 1));
      must(changed?.loss !== unchanged?.loss, () => 'the first batch has the loss of images as they are');
    },
  },
  {
    title: 'images can be looked at as a run of their seed sees them in an epoch',
    run: async (device) => {
      const { train: set } = data;
      const [batch, seed, epoch] = [8, 5, 3];
      const perEpoch = Math.ceil(set.count / batch);
      const settings = { batch, seed, shuffle: true, mean: 0.1307, std: 0.3081, augment: augmentations.strong };
      const graph = trainGraph(flatNet(), set, settings, sgd());
      const formulas = new Formulas(graph);
      const state = (name: string) => graph.states.find((each) => each.name === name)!;
      formulas.set(state('train.images'), set.images);
      formulas.set(state('step'), [(epoch - 1) * perEpoch]);
      const node = graph.nodes.find(({ op }) => op === 'augment')!;
      const indices = [...formulas.read(node.inputs[1]!).data];
      const wanted = [...formulas.read(node.outputs[0]!).data].map((x) => (x * 0.3081 + 0.1307) * 255);

      // A rounding to whole bytes, and what f32 is off.
      const found = await augmentedImages({ device, set, indices, augment: augmentations.strong, seed, epoch });
      const off = wanted.findIndex((x, i) => Math.abs(Math.min(255, Math.max(0, x)) - (found[i] ?? NaN)) > 0.51);
      must(off < 0 && found.length === wanted.length, () => `pixel ${off} is ${found[off]}; wanted ${wanted[off]}`);
      for (const stray of [[], [set.count], [0.5]]) {
        await mustReject(augmentedImages({ device, set, indices: stray, augment: {} }), 'data');
      }
      await mustReject(augmentedImages({ device, set, indices: [0], augment: { shift: 9 } }), 'usage');
    },
  },
  {
    title: 'an augmentation that makes no sense is refused before anything is allocated',
    run: async (device) => {
      const { bytes } = device.counts;
      await mustReject(open(device, { augment: { shift: 8 } }), 'usage');
      mustEqual(device.counts.bytes, bytes, 'bytes');
    },
  },
];
