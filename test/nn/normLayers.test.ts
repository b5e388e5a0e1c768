import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { batchNorm, dense, dropout, flatten, groupNorm, layerNorm, rmsNorm } from '../../src/nn/layers.js';
import { sequential } from '../../src/nn/net.js';
import { initialWeights, mustFitNet, weightNamesOf } from '../../src/nn/weights.js';
import { ALL_FINITE } from '../../src/ops/control.js';

const net = sequential(
  'norms',
  [2, 3],
  batchNorm(),
  groupNorm(2),
  layerNorm({ axes: 2 }),
  rmsNorm(),
  flatten(),
  dense(4),
  batchNorm({ affine: false }),
  dropout(0.5),
);

describe('a net with norms', () => {
  it('has their weights and running statistics by PyTorch’s names', () => {
    expect(net.parameters.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'bn1.weight 2',
      'bn1.bias 2',
      'gn1.weight 2',
      'gn1.bias 2',
      'ln1.weight 2×3',
      'ln1.bias 2×3',
      'rms1.weight 3',
      'fc1.weight 4×6',
      'fc1.bias 4',
    ]);
    expect(net.states.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'bn1.running_mean 2',
      'bn1.running_var 2',
      'bn2.running_mean 4',
      'bn2.running_var 4',
    ]);
  });

  it('begins with weights and variances of 1, biases and means of 0', () => {
    const weights = initialWeights(net, 1);
    expect([...weights.keys()]).toEqual(weightNamesOf(net));
    const constant = (name: string, value: number) =>
      expect(weights.get(name)?.data.every((element) => element === value)).toBe(true);
    for (const name of ['bn1.weight', 'ln1.weight', 'rms1.weight', 'bn2.running_var']) constant(name, 1);
    for (const name of ['bn1.bias', 'gn1.bias', 'bn1.running_mean']) constant(name, 0);
  });

  it('takes PyTorch’s counts of batches for granted, and nothing else', () => {
    const weights = new Map(initialWeights(net, 1));
    weights.set('bn1.num_batches_tracked', { shape: [], data: Float32Array.of(7) });
    expect(() => mustFitNet(net, weights)).not.toThrow();
    weights.delete('bn1.running_mean');
    expect(() => mustFitNet(net, weights)).toThrow(/no bn1.running_mean/);
  });
});

/** A net of one layer on [3, 2], with its states, as a graph and its formulas. */
function withModes(layer: Parameters<typeof sequential>[2]) {
  const one = sequential('one', [2], layer);
  const graph = new Graph();
  const x = graph.state('x', [3, 2]);
  const [step, guard] = ['step', 'guard'].map((name) => graph.state(name, [1], { dtype: 'u32' }));
  const effects: ((word: Tensor) => void)[] = [];
  const trained = one.build(x, { kind: 'train', step: step!, seed: 1, atEnd: (effect) => effects.push(effect) });
  effects.forEach((effect) => effect(guard!));
  const formulas = new Formulas(graph);
  for (const [name, { data }] of initialWeights(one, 1))
    formulas.set(
      graph.states.find((s) => s.name === name)!,
      data,
    );
  formulas.set(x, [1, 10, 2, 20, 6, 60]);
  formulas.set(guard!, [ALL_FINITE]);
  return { one, graph, x, trained, formulas, assigned: graph.assignments.length };
}

describe('in training', () => {
  it('batchNorm takes the batch’s statistics, and assigns its running ones once', () => {
    const { trained, formulas, graph, assigned } = withModes(batchNorm());
    const y = [...formulas.read(trained).data];
    expect((y[0]! + y[2]! + y[4]!) / 3).toBeCloseTo(0, 12);
    expect(assigned).toBe(2);
    formulas.step();
    const read = (name: string) => [...formulas.read(graph.states.find((state) => state.name === name)!).data];
    expect(read('bn1.running_mean').map((value) => value.toFixed(9))).toEqual(['0.300000000', '3.000000000']);
    expect(read('bn1.running_var').map((value) => value.toFixed(9))).toEqual(['1.600000000', '70.900000000']);
  });

  it('dropout drops, by the step', () => {
    const { trained, x } = withModes(dropout(0.5));
    expect(trained.node?.op).toBe('dropout');
    expect(trained.node?.inputs[0]).toBe(x);
  });
});

describe('in evaluation', () => {
  it('batchNorm takes its running statistics and assigns nothing', () => {
    const one = sequential('one', [2], batchNorm());
    const graph = new Graph();
    const y = one.build(graph.state('x', [3, 2]));
    expect(graph.assignments).toEqual([]);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['runningStatistics', 'normalise']);
    expect(y.shape).toEqual([3, 2]);
  });

  it('dropout is not there', () => {
    const one = sequential('one', [2], dropout(0.5));
    const x = new Graph().state('x', [3, 2]);
    expect(one.build(x)).toBe(x);
  });
});

it('two dropouts of a net have masks of their own, and the same in every plan', () => {
  const two = sequential('two', [2], dropout(0.5), dropout(0.5));
  const streams = (): unknown[] => {
    const graph = new Graph();
    const step = graph.state('step', [1], { dtype: 'u32' });
    two.build(graph.state('x', [3, 2]), { kind: 'train', step, seed: 1, atEnd: () => undefined });
    return graph.nodes.map(({ attrs }) => (attrs as { stream: number }).stream);
  };
  expect(new Set(streams()).size).toBe(2);
  expect(streams()).toEqual(streams());
});

it.each([1, -0.5, NaN])('a dropout of %d is refused when it is said', (p) => {
  expect(() => dropout(p)).toThrow(expect.objectContaining({ code: 'usage' }));
});
