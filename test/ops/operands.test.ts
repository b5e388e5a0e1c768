import { describe, expect, it } from 'vitest';
import type { DType, Shape } from '../../src/core/shape.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { add, mul } from '../../src/ops/arithmetic.js';
import { countEqual, countPairs, liveMean } from '../../src/ops/batch.js';
import { advance, firstNonFinite, recordStep } from '../../src/ops/control.js';
import { batchOf, gatherImages, gatherLabels, scatterRows } from '../../src/ops/data.js';
import { matmul } from '../../src/ops/matmul.js';
import { adamUpdate, sgdUpdate } from '../../src/ops/optimizers.js';
import { broadcastTo, sum } from '../../src/ops/reduce.js';
import { relu, reluGrad } from '../../src/ops/relu.js';
import { scale } from '../../src/ops/scale.js';
import { argmaxRows, softmaxOp } from '../../src/ops/softmax.js';

/** A state of a graph that the operands of one call share. */
type Make = (dtype: DType, ...shape: number[]) => Tensor;

function maker(): Make {
  const graph = new Graph();
  return (dtype, ...shape) => graph.state(`s${graph.states.length}`, shape satisfies Shape, { dtype });
}

const sgd = { momentum: 0.9, nesterov: false, weightDecay: 0 };
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const batch = { count: 5, batch: 2, seed: 0, shuffle: true };
const pixels = { mean: 0.1, std: 0.3 };

/** What a call is given, and the sentence that refuses it. */
const refused: Readonly<Record<string, readonly [(make: Make) => unknown, 'shape' | 'dtype' | 'usage', RegExp]>> = {
  'add of whole numbers': [(t) => add(t('u32', 2), t('f32', 2)), 'dtype', /^add: a u32 \[2\]; wanted a f32$/],
  'mul by bytes': [(t) => mul(t('f32', 4), t('u8', 4)), 'dtype', /^mul: b u8 \[4\]/],
  'relu of whole numbers': [(t) => relu(t('u32', 2)), 'dtype', /^relu: x u32/],
  'reluGrad of other results': [
    (t) => reluGrad.one([t('f32', 2), t('f32', 3)], {}),
    'shape',
    /y f32 \[3\]; wanted y f32 \[2\]/,
  ],
  'scale by infinity': [(t) => scale(t('f32', 2), 1 / 0), 'usage', /^scale: factor Infinity; wanted a finite number/],
  'scale by more than f32 holds': [(t) => scale(t('f32', 2), 1e39), 'usage', /factor 1e\+39/],
  'sum of whole numbers': [(t) => sum(t('u32', 2)), 'dtype', /^sum: x u32/],
  'broadcastTo of bytes': [(t) => broadcastTo(t('u8', 1), [4]), 'dtype', /^broadcastTo: x u8/],
  'matmul of whole numbers': [(t) => matmul(t('f32', 2, 2), t('u32', 2, 2)), 'dtype', /^matmul: b u32/],
  'softmax of one row without its axis': [
    (t) => softmaxOp.one([t('f32', 10)], {}),
    'shape',
    /\[10\]; wanted logits f32 \[N, C\]/,
  ],
  'argmaxRows of whole numbers': [(t) => argmaxRows(t('u32', 2, 2)), 'dtype', /^argmaxRows: logits u32/],
  'liveMean of two live counts': [
    (t) => liveMean(t('f32', 4), t('u32', 2)),
    'shape',
    /live u32 \[2\]; wanted live u32 \[1\]/,
  ],
  'countEqual of unequal lengths': [
    (t) => countEqual(t('u32', 4), t('u32', 5), t('u32', 1)),
    'shape',
    /b u32 \[5\]; wanted b u32 \[4\]/,
  ],
  'countPairs of fewer answers than labels': [
    (t) => countPairs(t('u32', 3, 3), t('u32', 4), t('u32', 5), t('u32', 1)),
    'shape',
    /b u32 \[5\]; wanted b u32 \[4\]/,
  ],
  'countPairs into numbers': [
    (t) => countPairs(t('f32', 3, 3), t('u32', 4), t('u32', 4), t('u32', 1)),
    'dtype',
    /total f32 \[3, 3\]; wanted total u32/,
  ],
  'countPairs into a table that is not square': [
    (t) => countPairs(t('u32', 3, 4), t('u32', 4), t('u32', 4), t('u32', 1)),
    'shape',
    /total u32 \[3, 4\]; wanted total u32 \[3, 3\]/,
  ],
  'firstNonFinite of a mean that was not taken': [
    (t) => firstNonFinite(t('u32', 1), t('f32', 4), t('f32', 8), [0]),
    'shape',
    /loss f32 \[4\]; wanted loss f32 \[\]/,
  ],
  'firstNonFinite whose segments fall': [
    (t) => firstNonFinite(t('u32', 1), t('f32'), t('f32', 8), [0, 4, 2]),
    'usage',
    /starts 0, 4, 2; wanted whole numbers that rise from 0/,
  ],
  'advance by a number': [(t) => advance(t('u32', 1), t('f32', 1)), 'dtype', /guard f32/],
  'recordStep in two columns': [
    (t) => recordStep(t('f32', 9, 2), t('u32', 1), t('f32'), t('u32', 1), t('u32', 1)),
    'shape',
    /ring f32 \[9, 2\]; wanted ring f32 \[rows, 3\]/,
  ],
  'a batch of nothing': [
    (t) => batchOf(t('u32', 1), { ...batch, batch: 0 }),
    'shape',
    /batch 0; wanted a whole number/,
  ],
  'a seed below 0': [(t) => batchOf(t('u32', 1), { ...batch, seed: -1 }), 'usage', /seed -1; wanted .* 0 to 2³² − 1/],
  'a seed of 33 bits': [(t) => batchOf(t('u32', 1), { ...batch, seed: 2 ** 32 }), 'usage', /seed 4294967296/],
  'images that are numbers already': [
    (t) => gatherImages(t('f32', 5, 4, 4), t('u32', 2), pixels),
    'dtype',
    /images f32 \[5, 4, 4\]; wanted images u8 \[count, rows, columns\]/,
  ],
  'images without spread': [
    (t) => gatherImages(t('u8', 5, 4, 4), t('u32', 2), { mean: 0, std: 0 }),
    'usage',
    /1\/std Infinity/,
  ],
  'labels of two axes': [(t) => gatherLabels(t('u8', 5, 1), t('u32', 2)), 'shape', /wanted labels u8 \[count\]/],
  'rows of another type than their target': [
    (t) => scatterRows(t('f32', 5), t('u32', 2), t('u32', 1), t('u32', 1)),
    'dtype',
    /rows u32 \[2\]; wanted rows f32 \[N\]/,
  ],
  'sgd with gradients of another arena': [
    (t) => sgdUpdate.apply([t('f32', 8), t('f32', 4), t('f32', 8), t('f32', 2, 4), t('u32', 1), t('u32', 1)], sgd),
    'shape',
    /^sgd: g f32 \[4\]; wanted g f32 \[8\]/,
  ],
  'adam with rates of three columns': [
    (t) =>
      adamUpdate.apply(
        [t('f32', 8), t('f32', 8), t('f32', 8), t('f32', 8), t('f32', 2, 3), t('u32', 1), t('u32', 1)],
        adam,
      ),
    'shape',
    /^adam: rates f32 \[2, 3\]; wanted rates f32 \[rows, 4\]/,
  ],
};

describe('operands that do not fit are refused where they are given', () => {
  it.each(Object.entries(refused))('%s', (_, [apply, code, sentence]) => {
    expect(() => apply(maker())).toThrow(expect.objectContaining({ code, message: expect.stringMatching(sentence) }));
  });
});
