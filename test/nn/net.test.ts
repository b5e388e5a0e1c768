import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import type { Layer } from '../../src/nn/layer.js';
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  dense,
  flatten,
  globalAvgPool,
  globalMaxPool,
  maxPool1d,
  maxPool2d,
  relu,
} from '../../src/nn/layers.js';
import { sequential, summaryText } from '../../src/nn/net.js';
import { scale } from '../../src/ops/scale.js';

describe('sequential', () => {
  const image = [1, 8, 8];
  const misfits: readonly (readonly [string, Shape, readonly Layer[], RegExp])[] = [
    ['a dense layer on images', image, [dense(10)], /dense: x \[1, 1, 8, 8\]; wanted x \[N, C\]/],
    ['a convolution of rows', image, [flatten(), conv2d(4, 3)], /conv2d: x \[1, 64\]; wanted x \[N, C, H, W\]/],
    ['a window past the image', image, [maxPool2d(4), conv2d(4, 3)], /3×3 window .* 2×2 image/],
    ['a pool of nothing', image, [maxPool2d(9)], /9×9 window on a 8×8 image/],
    ['groups that do not divide the channels', [3, 8, 8], [conv2d(4, 3, { groups: 2 })], /\[4, 1.5, 3, 3\]; wanted/],
    ['no units', [8], [dense(0)], /fc1.weight: shape \[0, 8\]; wanted whole sizes of at least 1/],
    ['half a filter', image, [conv2d(2.5, 3)], /conv1.weight: shape \[2.5, 1, 3, 3\]/],
  ];
  it.each(misfits)('refuses %s', (_, input, layers, sentence) => {
    expect(() => sequential('misfit', input, ...layers)).toThrow(
      expect.objectContaining({ code: 'shape', message: expect.stringMatching(sentence) }),
    );
  });

  it('refuses a batch of other images', () => {
    const net = sequential('net', [1, 8, 8], flatten(), dense(2));
    const build = (shape: Shape) => () => net.build(new Graph().state('x', shape));
    for (const shape of [
      [4, 1, 8, 9],
      [4, 64],
      [4, 3, 8, 8],
      [1, 8, 8],
    ]) {
      expect(build(shape)).toThrow(
        expect.objectContaining({
          code: 'shape',
          message: expect.stringMatching(/net net: x .*; wanted a batch of \[1, 8, 8\]/),
        }),
      );
    }
    expect(build([4, 1, 8, 8])).not.toThrow();
  });

  it('counts layers with parameters by kind, and no others', () => {
    const net = sequential(
      'net',
      [1, 8, 8],
      conv2d(2, 3, { bias: false }),
      relu(),
      conv2d(3, [3, 1], { groups: 1 }),
      avgPool2d(2),
      flatten(),
      dense(4, { bias: false }),
      dense(2),
    );
    const names = net.parameters.map(({ name, shape, fanIn }) => `${name} ${shape.join('×')} of ${fanIn}`);
    expect(names).toEqual([
      'conv1.weight 2×1×3×3 of 9',
      'conv2.weight 3×2×3×1 of 6',
      'conv2.bias 3 of 6',
      'fc1.weight 4×18 of 18',
      'fc2.weight 2×4 of 4',
      'fc2.bias 2 of 4',
    ]);
  });

  it('lays out filters as PyTorch does, by what goes in where they are transposed', () => {
    const net = sequential(
      'net',
      [4, 5, 6],
      conv2d(8, 3, { groups: 4, padding: 'same' }), // depthwise: 8 × 5 × 6
      convTranspose2d(6, [2, 3], { stride: 2, groups: 2, outputPadding: [1, 0] }), // 6 × 11 × 13
    );
    const names = net.parameters.map(({ name, shape, fanIn }) => `${name} ${shape.join('×')} of ${fanIn}`);
    expect(names).toEqual([
      'conv1.weight 8×1×3×3 of 9',
      'conv1.bias 8 of 9',
      'convTranspose1.weight 8×3×2×3 of 18',
      'convTranspose1.bias 6 of 18',
    ]);
    expect(net.output).toEqual([6, 11, 13]);
    // Each result takes 9 products; each pixel, times its 3 channels, is in 6.
    expect(net.layers.map(({ macs }) => macs)).toEqual([8 * 5 * 6 * 9, 8 * 5 * 6 * 3 * 6]);
  });

  it('says nets of signals', () => {
    const net = sequential(
      'net',
      [2, 16],
      conv1d(4, 5, { stride: 2, padding: [2, 0], groups: 2 }),
      relu(),
      convTranspose1d(3, 4, { stride: 2, bias: false }),
    );
    const names = net.parameters.map(({ name, shape }) => `${name} ${shape.join('×')}`);
    expect(names).toEqual(['conv1.weight 4×1×5', 'conv1.bias 4', 'convTranspose1.weight 4×3×4']);
    expect(net.layers.map(({ output }) => output)).toEqual([
      [4, 7],
      [4, 7],
      [3, 16],
    ]);
    expect(net.layers.map(({ macs }) => macs)).toEqual([4 * 7 * 5, 0, 4 * 7 * 3 * 4]);
  });

  it('pools by windows, by counts of windows, and whole', () => {
    const net = sequential(
      'net',
      [2, 9, 11],
      maxPool2d(2, { ceilMode: true }),
      avgPool2d(3, { stride: 1, padding: 1, countIncludePad: false }),
      adaptiveMaxPool2d([4, 5]),
      adaptiveAvgPool2d(3),
      globalAvgPool(),
      flatten(),
    );
    expect(net.layers.map(({ label, output }) => `${label}: ${output.join(' ')}`)).toEqual([
      'maxPool2d 2×2: 2 5 6',
      'avgPool2d 3×3: 2 5 6',
      'adaptiveMaxPool2d 4×5: 2 4 5',
      'adaptiveAvgPool2d 3×3: 2 3 3',
      'globalAvgPool: 2 1 1',
      'flatten: 2',
    ]);
    const line = sequential('line', [2, 17], maxPool1d(2), avgPool1d(3), adaptiveMaxPool1d(2), adaptiveAvgPool1d(1));
    expect(line.layers.map(({ output }) => output.join(' '))).toEqual(['2 8', '2 2', '2 2', '2 1']);
    expect(sequential('largest', [3, 4, 5], globalMaxPool()).output).toEqual([3, 1, 1]);
  });

  it('takes a layer of one’s own', () => {
    const gain: Layer = {
      label: 'gain',
      parameters: () => ({ factor: { shape: [1], fanIn: 1 } }),
      apply: (x) => scale(x, 2),
    };
    const net = sequential('own', [3], gain, gain);
    expect(net.parameters.map(({ name }) => name)).toEqual(['layer1.factor', 'layer2.factor']);
    expect(net.output).toEqual([3]);
    const graph = new Graph();
    const x = graph.state('x', [1, 3]);
    const y = net.build(x);
    const formulas = new Formulas(graph);
    formulas.set(x, [1, 2, 3]);
    expect([...formulas.read(y).data]).toEqual([4, 8, 12]);
  });

  it('computes what its layers say, one after the other', () => {
    const net = sequential('net', [1, 2, 2], conv2d(1, 1), relu(), maxPool2d(2), flatten(), dense(2));
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 2, 2]);
    const y = net.build(x);
    const formulas = new Formulas(graph);
    const values: Readonly<Record<string, readonly number[]>> = {
      x: [1, -2, 3, -4],
      'conv1.weight': [-2],
      'conv1.bias': [1],
      'fc1.weight': [10, -1],
      'fc1.bias': [0.5, 0.25],
    };
    for (const state of graph.states) formulas.set(state, values[state.name] ?? []);
    // −2x + 1 = −1, 5, −5, 9; the largest is 9.
    expect([...formulas.read(y).data]).toEqual([90.5, -8.75]);
  });
});

describe('summaryText', () => {
  it('is a table whose last line adds up the others', () => {
    const net = sequential('net', [1, 4, 4], conv2d(2, 3), relu(), flatten(), dense(3));
    expect(summaryText(net).split('\n')).toEqual([
      'layer         output     parameters  bytes  MACs',
      'input         [1, 4, 4]           0      0     0',
      'conv2d 2 3×3  [2, 2, 2]          20     80    72',
      'relu          [2, 2, 2]           0      0     0',
      'flatten       [8]                 0      0     0',
      'dense 3       [3]                27    108    24',
      'total         [3]                47    188    96',
    ]);
  });
});
