import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../src/core/shape.js';
import { figure, nets, tutorial, wide } from '../../src/nn/nets.js';
import { Graph } from '../../src/graph/graph.js';

const shapesOf = (net: ReturnType<typeof tutorial>) => net.parameters.map(({ name, shape }) => [name, shape]);

describe('the nets have the parameters that PyTorch gives them', () => {
  it('tutorial', () => {
    expect(shapesOf(tutorial())).toEqual([
      ['conv1.weight', [6, 1, 3, 3]],
      ['conv1.bias', [6]],
      ['conv2.weight', [16, 6, 3, 3]],
      ['conv2.bias', [16]],
      ['fc1.weight', [120, 400]],
      ['fc1.bias', [120]],
      ['fc2.weight', [84, 120]],
      ['fc2.bias', [84]],
      ['fc3.weight', [10, 84]],
      ['fc3.bias', [10]],
    ]);
  });

  it('figure', () => {
    expect(shapesOf(figure())).toEqual([
      ['conv1.weight', [8, 1, 3, 3]],
      ['conv1.bias', [8]],
      ['conv2.weight', [16, 8, 3, 3]],
      ['conv2.bias', [16]],
      ['conv3.weight', [32, 16, 3, 3]],
      ['conv3.bias', [32]],
      ['fc1.weight', [10, 288]],
      ['fc1.bias', [10]],
    ]);
  });

  it('wide', () => {
    expect(shapesOf(wide())).toEqual([
      ['conv1.weight', [32, 1, 3, 3]],
      ['conv1.bias', [32]],
      ['conv2.weight', [64, 32, 3, 3]],
      ['conv2.bias', [64]],
      ['fc1.weight', [128, 9216]],
      ['fc1.bias', [128]],
      ['fc2.weight', [10, 128]],
      ['fc2.bias', [10]],
    ]);
  });
});

describe('the nets have the sizes that are known of them', () => {
  // PyTorch: sum(p.numel() for p in model.parameters()); multiply-adds by hand, window × channels × outputs.
  it.each([
    ['tutorial', 60_074, 26 * 26 * 6 * 9 + 11 * 11 * 16 * 54 + 400 * 120 + 120 * 84 + 84 * 10],
    ['figure', 8_778, 28 * 28 * 8 * 9 + 14 * 14 * 16 * 72 + 7 * 7 * 32 * 144 + 288 * 10],
    ['wide', 1_199_882, 26 * 26 * 32 * 9 + 24 * 24 * 64 * 288 + 9216 * 128 + 128 * 10],
    ['lenet5', 61_706, 28 * 28 * 6 * 25 + 10 * 10 * 16 * 150 + 400 * 120 + 120 * 84 + 84 * 10],
    ['mlp', 235_146, 784 * 256 + 256 * 128 + 128 * 10],
    ['resnet', 77_754, 9_345_920],
    ['best', 59_570, 2_063_200],
  ])('%s: %i parameters and %i multiply-adds', (name, parameters, macs) => {
    const net = nets[name]?.();
    expect(net?.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(parameters);
    expect(net?.bytes).toBe(4 * parameters);
    expect(net?.macs).toBe(macs);
  });

  it('tutorial needs 199,968 multiply-adds', () => {
    expect(tutorial().macs).toBe(199_968);
  });

  it('each makes ten logits of an image, under the name it is listed by', () => {
    for (const [name, net] of Object.entries(nets)) {
      expect(net().name).toBe(name);
      expect(net().output).toEqual([10]);
      const graph = new Graph();
      expect(net().build(graph.state('x', [3, 1, 28, 28])).shape).toEqual([3, 10]);
      expect(graph.members('parameters').map((state) => state.name)).toEqual(net().parameters.map((own) => own.name));
    }
  });

  it('each tells as many classes apart as it is made for, and has all else in common', () => {
    for (const make of Object.values(nets)) {
      const [ten, three] = [make(), make(3)];
      expect(three.output).toEqual([3]);
      expect(shapesOf(three).slice(0, -2)).toEqual(shapesOf(ten).slice(0, -2));
    }
  });
});
