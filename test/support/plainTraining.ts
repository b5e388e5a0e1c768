import type { Dataset } from '../../src/data/dataset.js';
import type { Weights } from '../../src/nn/weights.js';
import {
  plainConv,
  plainCrossEntropy,
  plainDense,
  plainPool,
  plainRelu,
  type PlainBatch,
  type PlainLayer,
  type PlainWeights,
} from './plainNet.js';

// Training by hand, in f64, in the order of the set; the nets here are those of src/nn/nets.ts and tinyData.ts.

export const plainTutorial = (): PlainLayer[] => {
  const convolutions = [
    plainConv('conv1', 6, 3),
    plainRelu(),
    plainPool(),
    plainConv('conv2', 16, 3),
    plainRelu(),
    plainPool(),
  ];
  return [
    ...convolutions,
    plainDense('fc1', 120),
    plainRelu(),
    plainDense('fc2', 84),
    plainRelu(),
    plainDense('fc3', 10),
  ];
};

export const plainTiny = (): PlainLayer[] => [plainConv('conv1', 3, 3), plainRelu(), plainPool(), plainDense('fc1', 4)];

export const plainFlat = (): PlainLayer[] => [plainDense('fc1', 4)];

/** Moves the weights along their gradients, in place. `step` is 1 for the first. */
export type PlainUpdate = (weights: PlainWeights, slopes: PlainWeights, step: number) => void;

/** A number, or one for each step. */
type PlainRate = number | ((step: number) => number);

const rateAt = (rate: PlainRate, step: number): number => (typeof rate === 'number' ? rate : rate(step));

interface PlainSgd {
  readonly rate: PlainRate;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}

interface PlainAdam {
  readonly rate?: PlainRate;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

export function plainSgd({ rate, momentum = 0.9, nesterov = false, weightDecay = 0 }: PlainSgd): PlainUpdate {
  const speeds: PlainWeights = new Map();
  return (weights, slopes, step) => {
    const now = rateAt(rate, step);
    for (const [name, w] of weights) {
      const v = speeds.get(name) ?? new Float64Array(w.length);
      speeds.set(name, v);
      for (let i = 0; i < w.length; i++) {
        const slope = slopes.get(name)![i]! + weightDecay * w[i]!;
        v[i] = momentum * v[i]! + slope;
        w[i]! -= now * (nesterov ? slope + momentum * v[i]! : v[i]!);
      }
    }
  };
}

/** With the moments corrected one by one, as the paper says it: another form than the engine's. */
export function plainAdam({ rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: PlainAdam = {}): PlainUpdate {
  const firsts: PlainWeights = new Map();
  const seconds: PlainWeights = new Map();
  return (weights, slopes, step) => {
    for (const [name, w] of weights) {
      const m = firsts.get(name) ?? new Float64Array(w.length);
      const v = seconds.get(name) ?? new Float64Array(w.length);
      firsts.set(name, m);
      seconds.set(name, v);
      for (let i = 0; i < w.length; i++) {
        const slope = slopes.get(name)![i]!;
        m[i] = beta1 * m[i]! + (1 - beta1) * slope;
        v[i] = beta2 * v[i]! + (1 - beta2) * slope ** 2;
        const [first, second] = [m[i]! / (1 - beta1 ** step), v[i]! / (1 - beta2 ** step)];
        w[i]! -= (rateAt(rate, step) * first) / (Math.sqrt(second) + epsilon);
      }
    }
  };
}

/** Images [first, first + count) of a set as the net wants them. */
function imagesOf({ images, rows, columns }: Dataset, first: number, count: number): PlainBatch {
  const bytes = images.subarray(first * rows * columns, (first + count) * rows * columns);
  return {
    N: count,
    C: 1,
    H: rows,
    W: columns,
    data: Float64Array.from(bytes, (byte) => (byte / 255 - 0.1307) / 0.3081),
  };
}

const forward = (layers: readonly PlainLayer[], x: PlainBatch, weights: PlainWeights): PlainBatch =>
  layers.reduce((value, layer) => layer.forward(value, weights), x);

export const plainWeights = (weights: Weights): PlainWeights =>
  new Map([...weights].map(([name, { data }]) => [name, Float64Array.from(data)]));

export interface PlainRun {
  /** Mean loss, right answers and images of each step. */
  readonly steps: readonly { readonly loss: number; readonly correct: number; readonly images: number }[];
  readonly weights: PlainWeights;
}

/** Trains so many steps on batches in the order of the set; the last batch of an epoch has its own mean. */
export function plainTraining(
  layers: readonly PlainLayer[],
  set: Dataset,
  { from, update, batch, steps }: { from: Weights; update: PlainUpdate; batch: number; steps: number },
): PlainRun {
  const weights = plainWeights(from);
  const perEpoch = Math.ceil(set.count / batch);
  const told = Array.from({ length: steps }, (_, step) => {
    const first = (step % perEpoch) * batch;
    const images = Math.min(batch, set.count - first);
    const labels = Array.from(set.labels.subarray(first, first + images));
    const { losses, answers, dlogits } = plainCrossEntropy(
      forward(layers, imagesOf(set, first, images), weights),
      labels,
    );
    const slopes: PlainWeights = new Map();
    [...layers].reverse().reduce((dy, layer) => layer.backward(dy, weights, slopes), dlogits);
    update(weights, slopes, step + 1);
    const correct = answers.filter((answer, i) => answer === labels[i]).length;
    return { loss: losses.reduce((sum, loss) => sum + loss, 0) / images, correct, images };
  });
  return { steps: told, weights };
}

/** Loss and answer of each image of a set. */
export function plainEvaluation(layers: readonly PlainLayer[], set: Dataset, weights: PlainWeights) {
  const { losses, answers } = plainCrossEntropy(
    forward(layers, imagesOf(set, 0, set.count), weights),
    Array.from(set.labels),
  );
  return { losses, answers };
}
