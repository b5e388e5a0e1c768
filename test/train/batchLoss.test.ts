import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.js';
import { mul } from '../../src/ops/arithmetic.js';
import { square } from '../../src/ops/elementwise.js';
import { mean } from '../../src/ops/reduce.js';
import { crossEntropyRows, logSoftmax, softmax } from '../../src/ops/softmax.js';
import { batchLoss } from '../../src/train/batchLoss.js';
import { crossEntropy, nll, type Loss } from '../../src/train/losses.js';
import { ownLoss, remakeLoss } from '../../src/train/remakeLoss.js';
import { recipeOf } from '../../src/core/recipe.js';
import { valuesOf, type Given } from '../support/formulaValues.js';

const x: Given = { shape: [4, 3], values: [1, -2, 0.5, 0.3, 0.1, 2, -1, 3, 0, 0.2, 0.4, -0.6] };
const labels: Given = { shape: [4], values: [2, 0, 1, 1], dtype: 'u32' };
const others: Given = { shape: [4], values: [1, 0, 2, 1], dtype: 'u32' };
const own: Given = { shape: [4], values: [0.75, 0.5, 1, 0.5] };
const live = (count: number): Given => ({ shape: [1], values: [count], dtype: 'u32' });

const classWeights = [0.5, 2, 1.5];
/** Rows of torch.nn.functional.cross_entropy with these weights, a smoothing of 0.1 and label 0 ignored (PyTorch 1.13, f64). */
const all = { labelSmoothing: 0.1, classWeights, ignoreIndex: 0 };
const rows = [1.648485405141, 0, 0.344042213931, 1.565881477097] as const;

const of = (loss: Loss | undefined, count: number) =>
  valuesOf((t, y, n) => batchLoss(loss, t, y, n), x, labels, live(count))[0];

describe('the loss of a batch', () => {
  it('is PyTorch’s of the rows that are images: the mean by the weights of their labels', () => {
    expect(of(crossEntropy(all), 4)).toBeCloseTo((rows[0] + rows[2] + rows[3]) / (1.5 + 2 + 2), 9);
    expect(of(crossEntropy(all), 3)).toBeCloseTo((rows[0] + rows[2]) / (1.5 + 2), 9);
    expect(of(crossEntropy({ ignoreIndex: 1 }), 4)).toBeCloseTo(1.49573387665, 9);
    expect(of(crossEntropy({ ignoreIndex: 2 }), 1)).toBeNaN();
  });

  it('of log probabilities is the cross-entropy of their logits', () => {
    for (const options of [{}, { classWeights }, { classWeights, ignoreIndex: 0 }, { ignoreIndex: 1 }]) {
      const found = valuesOf((t, y, n) => batchLoss(nll(options), logSoftmax(t), y, n), x, labels, live(3))[0];
      expect(found).toBeCloseTo(of(crossEntropy(options), 3) ?? NaN, 12);
    }
  });

  it('of one’s own function is the mean of its rows', () => {
    const brier: Loss = (output, y) => square(mul(crossEntropyRows(output, y), crossEntropyRows(output, y)));
    expect(of(brier, 2)).toBeCloseTo((1.004596902342 ** 4 + 1.986870850957 ** 4) / 2, 8);
  });

  it('of images that are mixed is that of both labels, by their parts', () => {
    const mixed = (loss: Loss | undefined) =>
      valuesOf(
        (t, y, z, part, n) => batchLoss(loss, t, y, n, { labels: z, own: part }),
        x,
        labels,
        others,
        own,
        live(4),
      )[0];
    const same: Loss = (output, y) => crossEntropyRows(output, y);
    expect(mixed(same)).toBeCloseTo(mixed(undefined) ?? NaN, 12);
    // The weights of the two labels are mixed as well.
    const weighted = mixed(crossEntropy({ classWeights })) ?? NaN;
    const each = (y: Given) => valuesOf((t, l) => crossEntropyRows(t, l), x, y);
    const [first, second] = [each(labels), each(others)];
    const parts = own.values;
    const sum = (f: (n: number) => number) => [0, 1, 2, 3].reduce((total, n) => total + f(n), 0);
    const part = (n: number, a: number, b: number) => (parts[n] ?? 0) * a + (1 - (parts[n] ?? 0)) * b;
    const w = (y: Given, n: number) => classWeights[y.values[n] ?? 0] ?? 0;
    const top = sum((n) => part(n, w(labels, n) * (first[n] ?? 0), w(others, n) * (second[n] ?? 0)));
    expect(weighted).toBeCloseTo(top / sum((n) => part(n, w(labels, n), w(others, n))), 9);
  });
});

describe('a loss that is none', () => {
  const graph = new Graph();
  const [output, y, n] = [
    graph.state('output', [4, 3]),
    graph.state('labels', [4], { dtype: 'u32' }),
    graph.state('live', [1], { dtype: 'u32' }),
  ];

  it.each<[string, Loss, string, RegExp]>([
    [
      'a mean',
      (t, l) => mean(crossEntropyRows(t, l)),
      'shape',
      /loss: rows f32 \[\]; wanted f32 \[4\].*Leave the mean/,
    ],
    ['a number a class', (t) => softmax(t), 'shape', /rows f32 \[4, 3\]/],
    ['labels', (_, l) => l, 'dtype', /rows u32 \[4\]/],
    ['weights of other classes', crossEntropy({ classWeights: [1, 2] }), 'shape', /weight f32 \[2\]/],
  ])('%s is refused', (_, loss, code, message) => {
    const build = () => batchLoss(loss, output, y, n);
    expect(build).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  it.each([
    [() => crossEntropy({ labelSmoothing: 1.5 }), 'crossEntropy: labelSmoothing 1.5; wanted a number from 0 to 1'],
    [() => nll({ classWeights: [1, -1] }), 'nll: a class weight of -1'],
    [() => nll({ ignoreIndex: 256 }), 'nll: ignoreIndex 256; wanted a label'],
  ])('settings out of range are refused', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the recipe of a loss', () => {
  it('makes it again, and tells the plain cross-entropy from others', () => {
    for (const loss of [crossEntropy(), crossEntropy(all), nll(), nll({ classWeights, ignoreIndex: 3 })]) {
      expect(recipeOf(remakeLoss(recipeOf(loss)))).toEqual(recipeOf(loss));
    }
    expect(ownLoss(crossEntropy({}))).toBeUndefined();
    const smooth = crossEntropy({ labelSmoothing: 0.1 });
    expect(ownLoss(smooth)).toBe(smooth);
    const mine: Loss = (t, l) => crossEntropyRows(t, l);
    expect(ownLoss(mine)).toBe(mine);
    expect(() => remakeLoss(recipeOf(mine))).toThrow(/Give `loss` again/);
  });
});
