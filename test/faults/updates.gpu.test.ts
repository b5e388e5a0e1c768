import { clipFactor } from '../../src/ops/clipFactor.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import { lionUpdate, rmspropUpdate, sgdUpdate } from '../../src/ops/optimizers.js';
import { addTurn, turnOf } from '../../src/ops/turns.js';
import { checkFaults } from '../support/plantFault.js';

const u32 = (...values: number[]) => ({ shape: [values.length], dtype: 'u32', values }) as const;
const SIZE = 200;
const update = {
  p: [SIZE],
  g: [SIZE],
  rates: { shape: [2, 4], values: [9, 9, 9, 9, 0.25, 0.5, 0.75, 0] },
  step: u32(3),
  guard: u32(ALL_FINITE),
};

checkFaults(
  'groups and bounds',
  {
    inputs: { ...update, v: [SIZE], factor: { shape: [], values: [0.5] } },
    build: ({ p, g, v, rates, step, guard, factor }) =>
      sgdUpdate.apply([p!, g!, v!, rates!, step!, guard!, factor!], {
        momentum: 0.5,
        nesterov: false,
        weightDecay: 0,
        most: 0.25,
        segments: [
          { start: 0, rateFactor: 2, weightDecay: 0, trained: true },
          { start: 64, rateFactor: 1, weightDecay: 0.5, trained: true },
          { start: 128, rateFactor: 1, weightDecay: 0.5, trained: false },
        ],
      }),
  },
  {
    'a segment begins an element late': { at: 'sgd/plain', find: /i < 64u/, by: 'i < 65u' },
    'a frozen segment begins an element late': { at: 'sgd/plain', find: /i < 128u/, by: 'i < 129u' },
    'what is frozen is trained': { at: 'sgd/plain', find: /if \(isTrained\(i\)\)/, by: 'if (true)' },
    'the factor of a rate is forgotten': { at: 'sgd/plain', find: /rate \* factorAt\(i\)/, by: 'rate' },
    'gradients are bounded before they are scaled': {
      at: 'sgd/plain',
      find: /clamp\(value, f32\(-0\.25\), f32\(0\.25\)\)/,
      by: 'clamp(g[i], f32(-0.25), f32(0.25)) * scale',
    },
    'the decay is bounded too': {
      at: 'sgd/plain',
      find: /return gradientAt\(i\) \+ decayAt\(i\) \* p\[i\];/,
      by: 'return clamp(gradientAt(i) + decayAt(i) * p[i], -0.25, 0.25);',
    },
  },
);

checkFaults(
  'rmsprop',
  {
    inputs: {
      ...update,
      s: { shape: [SIZE], values: Array.from({ length: SIZE }, (_, i) => 1 + (i % 7) / 7) },
      b: [SIZE],
      a: [SIZE],
    },
    build: ({ p, g, s, b, a, rates, step, guard }) =>
      rmspropUpdate.apply([p!, g!, s!, b!, a!, rates!, step!, guard!], {
        alpha: 0.5,
        epsilon: 0.125,
        momentum: 0.5,
        centered: true,
        weightDecay: 0,
      }),
  },
  {
    'the mean is not squared': { at: 'rmsprop/plain', find: /mean \* mean/, by: 'mean' },
    'epsilon is under the root': {
      at: 'rmsprop/plain',
      find: /sqrt\(variance\) \+ f32\(0\.125\)/,
      by: 'sqrt(variance + f32(0.125))',
    },
  },
);

checkFaults(
  'lion',
  {
    inputs: { ...update, m: [SIZE] },
    build: ({ p, g, m, rates, step, guard }) =>
      lionUpdate.apply([p!, g!, m!, rates!, step!, guard!], { beta1: 0.75, beta2: 0.5, weightDecay: 0.25 }),
  },
  {
    'the sign is that of the gradient': {
      at: 'lion/plain',
      find: /sign\([^)]*\)[^;]*;/,
      by: 'sign(slope);',
    },
    'the decay is forgotten': { at: 'lion/plain', find: /\(way \+ decayAt\(i\) \* p\[i\]\)/, by: 'way' },
  },
);

checkFaults(
  'the norm of gradients',
  {
    inputs: { g: { shape: [300], values: Array.from({ length: 300 }, (_, i) => (i === 299 ? 1e25 : 1)) } },
    build: ({ g }) => clipFactor(g!, 1),
  },
  {
    'large slopes are squared as they are': { at: 'clipParts', find: /slope <= f32\(\d+\)/, by: 'true' },
    'the last slopes are left out': { at: 'clipParts', find: /i < 300u/, by: 'i < 299u' },
    'of a workgroup too': { at: 'clipPartsLanes', find: /i < 300u/, by: 'i < 299u' },
    'half of the lanes are left out': { at: 'clipFactor', find: /half = 32u/, by: 'half = 16u' },
  },
);

checkFaults(
  'turns of batches',
  {
    inputs: { batch: u32(9), total: [70], value: [70] },
    build: ({ batch, total, value }) => {
      const turn = turnOf(batch!, { perEpoch: 10, length: 4 });
      return [turn, addTurn(total!, value!, turn)];
    },
  },
  {
    'the last turn of an epoch is as long as the others': { at: 'turnOf', find: /min\(4u, [^;]*\)/, by: '4u' },
    'the total is forgotten at each batch': { at: 'addTurn', find: /select\(total\[i\], 0\.0, isFirst\)/, by: '0.0' },
    'batches are not divided by their number': { at: 'addTurn', find: /value\[i\] \/ batches/, by: 'value[i]' },
  },
);
