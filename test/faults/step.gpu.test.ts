import { gradients } from '../../src/graph/tape.js';
import { softmaxCrossEntropy } from '../../src/ops/batch.js';
import { ALL_FINITE, firstNonFinite } from '../../src/ops/control.js';
import { batchOf, gatherImages, scatterRows } from '../../src/ops/data.js';
import { adamUpdate, sgdUpdate } from '../../src/ops/optimizers.js';
import { crossEntropyRowsGrad, softmax } from '../../src/ops/softmax.js';
import type { KernelOperand } from '../support/checkOp.js';
import { checkFaults } from '../support/plantFault.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });

checkFaults(
  'softmax of large logits',
  {
    inputs: { x: { shape: [2, 3], values: [200, 100, 0, -1, 0, 1] } },
    build: ({ x }) => softmax(x!),
  },
  {
    'the largest logit is not subtracted': { at: 'softmax/plain', find: / - most\)/, by: ')' },
    'the sum leaves out the first class': {
      at: 'softmax/plain',
      find: /c = 0u; c < 3u; c\+\+\) \{ total/,
      by: 'c = 1u; c < 3u; c++) { total',
    },
  },
);

checkFaults(
  'crossEntropyRowsGrad',
  {
    inputs: { dy: [3], x: [3, 4], labels: u32(0, 3, 1) },
    build: ({ dy, x, labels }) => crossEntropyRowsGrad.one([dy!, x!, labels!], {}),
  },
  {
    'the class after the label is taken': {
      at: 'crossEntropyRowsGrad/plain',
      find: /c == label/,
      by: 'c == label + 1u',
    },
    'all rows have the slope of the first': { at: 'crossEntropyRowsGrad/plain', find: /dy\[n\]/, by: 'dy[0]' },
  },
);

checkFaults(
  'the loss of a short batch and its gradient',
  {
    inputs: { x: [5, 4], labels: u32(0, 3, 1, 2, 2), live: u32(3) },
    build: ({ x, labels, live }) => {
      const loss = softmaxCrossEntropy(x!, labels!, live);
      return [loss, ...gradients(loss, [x!])];
    },
  },
  {
    'the mean is over all rows': { at: 'liveMean/plain', find: /\/ f32\(live\[0\]\)/, by: '/ 5.0' },
    'a row that is not live has a slope': { at: 'liveMeanGrad/plain', find: /n < live\[0\]/, by: 'n <= live[0]' },
  },
);

const weights = 65;
const update = {
  p: [weights],
  g: [weights],
  rates: { shape: [2, 4], values: [9, 9, 9, 9, 0.25, 0.5, 0.75, 0] },
  step: u32(3),
  guard: u32(ALL_FINITE),
};

checkFaults(
  'sgd',
  {
    inputs: { ...update, v: [weights] },
    build: ({ p, g, v, rates, step, guard }) =>
      sgdUpdate.apply([p!, g!, v!, rates!, step!, guard!], { momentum: 0.5, nesterov: true, weightDecay: 0.25 }),
  },
  {
    'the velocity is left as it was': { at: 'sgd/plain', find: /v\[i\] = speed;/, by: 'v[i] = v[i];' },
    'the rate is that of another step': { at: 'sgd/plain', find: /step\[0\] % 2u/, by: '(step[0] + 1u) % 2u' },
    'weights climb': { at: 'sgd/plain', find: /p\[i\] -=/, by: 'p[i] +=' },
    'Nesterov is forgotten': { at: 'sgd/plain', find: /slope \+ f32\(0\.5\) \* speed/, by: 'speed' },
  },
);

checkFaults(
  'adam',
  {
    inputs: {
      ...update,
      m: [weights],
      v: { shape: [weights], values: Array.from({ length: weights }, (_, i) => (i % 7) / 7) },
    },
    build: ({ p, g, m, v, rates, step, guard }) =>
      adamUpdate.apply([p!, g!, m!, v!, rates!, step!, guard!], {
        beta1: 0.5,
        beta2: 0.75,
        epsilon: 0.125,
        weightDecay: 0,
      }),
  },
  {
    'the second moment is not corrected': { at: 'adam/plain', find: /sqrt\(second\) \/ row2/, by: 'sqrt(second)' },
    'epsilon is under the root': {
      at: 'adam/plain',
      find: /sqrt\(second\) \/ row2 \+ f32\(0\.125\)/,
      by: 'sqrt(second + f32(0.125)) / row2',
    },
    'the slope is not squared': { at: 'adam/plain', find: /slope \* slope/, by: 'slope' },
  },
);

checkFaults(
  'batches and images',
  {
    inputs: {
      step: u32(2),
      images: { shape: [7, 1, 3], dtype: 'u8', values: Array.from({ length: 21 }, (_, i) => 11 * i) },
    },
    build: ({ step, images }) => {
      const { indices, live } = batchOf(step!, { count: 7, batch: 3, seed: 5, shuffle: true });
      return [indices, live, gatherImages(images!, indices, { mean: 0.5, std: 0.25 })];
    },
  },
  {
    'a step too early': { at: 'batchOf/plain', find: /step\[0\] % 3u/, by: '(step[0] + 1u) % 3u' },
    'a full batch where a row is left': { at: 'batchOf/plain', find: /min\(3u, 7u - first\)/, by: '3u' },
    'a round of the permutation too few': { at: 'batchOf/plain', find: /round < 6u/, by: 'round < 5u' },
  },
);

checkFaults(
  'rows of an evaluation',
  {
    inputs: { target: [10], rows: [4], step: u32(1), live: u32(2) },
    build: ({ target, rows, step, live }) => scatterRows(target!, rows!, step!, live!),
  },
  {
    'a row that is not live is written': { at: 'scatterRows/plain', find: /b >= live\[0\]/, by: 'b > live[0]' },
    'rows lie beside their place': {
      at: 'scatterRows/plain',
      find: /step\[0\] \* 4u \+ b/,
      by: 'step[0] * 4u + b + 1u',
    },
  },
);

checkFaults(
  'the guard',
  {
    inputs: { guard: u32(ALL_FINITE), loss: [], g: { shape: [130], values: [...new Array<number>(129).fill(1), NaN] } },
    build: ({ guard, loss, g }) => firstNonFinite(guard!, loss!, g!, [0, 64, 128]),
  },
  {
    'infinities are no fault, nor is NaN': { at: 'firstNonFinite/plain', find: /!= 0x7f800000u/, by: '!= 0x7fc00000u' },
    'it names the tensor before': { at: 'firstNonFinite/plain', find: /1u \+ tensorAt/, by: 'tensorAt' },
  },
);
