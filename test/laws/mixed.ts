// Training with mixup, against a loop in f64 that mixes pixels and labels by hand.

import { largerPartQuantiles } from '../../src/core/beta.js';
import { permutation } from '../../src/core/permutation.js';
import { imageWord, wholeBelow } from '../../src/core/random.js';
import type { Dataset } from '../../src/data/dataset.js';
import type { Device } from '../../src/gpu/device.js';
import { initialWeights } from '../../src/nn/weights.js';
import { sgd } from '../../src/optim/sgd.js';
import { MIXUP_STREAM } from '../../src/train/augmentations.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import type { PlainWeights } from '../support/plainNet.js';
import { plainSgd, plainWeights } from '../support/plainTraining.js';
import { eventsOf, mustBeSameBits, openTiny, stepsOf, weightsAfter } from '../support/runs.js';
import { CLASSES, flatNet, SIDE, tinySplits } from '../support/tinyData.js';
import { mustBeNear, mustBeNearLoss } from './parity.js';

const [ALPHA, BATCH, SEED, STEPS, RATE] = [0.4, 8, 3, 7, 0.05];
const PIXELS = SIDE * SIDE;
/** Three steps an epoch, the last of four images. */
const data = tinySplits(20);
const weights = () => initialWeights(flatNet(), 4);

const open = (device: Device, options: Partial<TrainerOptions> = {}) =>
  openTiny(device, { data, net: flatNet(), seed: SEED, weights: weights(), augment: { mixup: ALPHA }, ...options });

interface Mixed {
  readonly pixels: readonly number[];
  /** The probability of each class. */
  readonly target: readonly number[];
  readonly label: number;
}

/** The images that a step trains on. */
function batchAt({ images, labels, count }: Dataset, step: number): Mixed[] {
  const perEpoch = Math.ceil(count / BATCH);
  const epoch = Math.floor(step / perEpoch);
  const first = (step % perEpoch) * BATCH;
  const live = Math.min(BATCH, count - first);
  const indices = Array.from({ length: live }, (_, n) => permutation(SEED, epoch, count, first + n));
  const quantiles = largerPartQuantiles(ALPHA, 256);
  return indices.map((image, n) => {
    const place = { seed: SEED, stream: MIXUP_STREAM, epoch, image };
    const where = (imageWord(place, 0) >>> 8) / 2 ** 16;
    const [from = NaN, to = NaN] = quantiles.slice(Math.floor(where));
    const own = from + (to - from) * (where % 1);
    const other = indices[(n + 1 + wholeBelow(imageWord(place, 1), live - 1)) % live] ?? NaN;
    const pixel = (of: number, at: number): number => ((images[of * PIXELS + at] ?? NaN) / 255 - 0.1307) / 0.3081;
    const is = (of: number, c: number): number => (labels[of] === c ? 1 : 0);
    return {
      pixels: Array.from({ length: PIXELS }, (_, at) => own * pixel(image, at) + (1 - own) * pixel(other, at)),
      target: Array.from({ length: CLASSES }, (_, c) => own * is(image, c) + (1 - own) * is(other, c)),
      label: labels[image] ?? NaN,
    };
  });
}

/** The loss of a dense layer on mixtures, how many it has right, and its gradients. */
function stepOf(batch: readonly Mixed[], plain: PlainWeights) {
  const [w, b] = [plain.get('fc1.weight')!, plain.get('fc1.bias')!];
  const slopes: PlainWeights = new Map([...plain].map(([name, values]) => [name, new Float64Array(values.length)]));
  let [loss, correct] = [0, 0];
  for (const { pixels, target, label } of batch) {
    const logits = target.map((_, c) => pixels.reduce((sum, x, i) => sum + x * w[c * PIXELS + i]!, b[c]!));
    const log = Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0));
    if (logits.indexOf(Math.max(...logits)) === label) correct++;
    logits.forEach((z, c) => {
      loss -= (target[c]! * (z - log)) / batch.length;
      const slope = (Math.exp(z - log) - target[c]!) / batch.length;
      slopes.get('fc1.bias')![c]! += slope;
      pixels.forEach((x, i) => (slopes.get('fc1.weight')![c * PIXELS + i]! += slope * x));
    });
  }
  return { loss, correct, slopes };
}

export const mixedLaws: readonly GpuLaw[] = [
  {
    title: 'losses, accuracies and weights are those of an f64 loop that mixes images and labels, in short batches too',
    run: async (device) => {
      using trainer = await open(device, { optimizer: sgd({ rate: RATE }) });
      const told = stepsOf(await eventsOf(trainer.fit({ steps: STEPS, epochs: STEPS })));
      const plain = plainWeights(weights());
      const update = plainSgd({ rate: RATE });
      told.forEach(({ loss, accuracy, images }, step) => {
        const batch = batchAt(data.train, step);
        const wanted = stepOf(batch, plain);
        mustBeNearLoss(loss, wanted.loss, `step ${step + 1}`);
        mustEqual([images, Math.round(accuracy * images)], [batch.length, wanted.correct], `step ${step + 1}`);
        update(plain, wanted.slopes, step + 1);
      });
      mustEqual(told.length, STEPS, 'steps');
      mustBeNear(await trainer.weights(), plain, 2e-5, `after ${STEPS} steps`);
    },
  },
  {
    title: 'images are mixed in training alone, and every kernel of it passes the self-test',
    run: async (device) => {
      using plain = await openTiny(device, { data, net: flatNet(), seed: SEED, weights: weights() });
      const heard: string[] = [];
      using mixed = await open(device, { selfTest: 'always', onSelfTest: ({ type }) => heard.push(type) });
      mustEqual(heard, ['passed'], 'self-tests');
      mustEqual((await mixed.evaluate()).loss, (await plain.evaluate()).loss, 'test loss of the same weights');
      const [first] = stepsOf(await eventsOf(mixed.fit({ steps: 1 })));
      const [other] = stepsOf(await eventsOf(plain.fit({ steps: 1 })));
      must(first?.loss !== other?.loss, () => 'the first batch has the loss of images as they are');
    },
  },
  {
    title: 'a scale of the loss that is a power of two leaves the bits of training on mixtures as they are',
    run: async (device) => {
      using plain = await open(device, { optimizer: sgd({ rate: RATE }) });
      const wanted = await weightsAfter(plain, STEPS);
      using scaled = await open(device, { optimizer: sgd({ rate: RATE }), lossScale: { init: 2 ** 10 } });
      mustBeSameBits(await weightsAfter(scaled, STEPS), wanted, 'weights');
    },
  },
  {
    title: 'an α that makes no sense is refused before anything is allocated',
    run: async (device) => {
      const { bytes } = device.counts;
      for (const mixup of [0, -1, NaN, 1000]) await mustReject(open(device, { augment: { mixup } }), 'usage');
      mustEqual(device.counts.bytes, bytes, 'bytes');
    },
  },
];
