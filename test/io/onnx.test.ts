import { describe, expect, it } from 'vitest';
import { sizeOf, type Shape } from '../../src/core/shape.js';
import { onnxOut } from '../../src/io/onnx/onnxOut.js';
import { dense } from '../../src/nn/layers.js';
import type { Layer } from '../../src/nn/layer.js';
import { functional, sequential, type Net } from '../../src/nn/net.js';
import { figure, nets, tutorial } from '../../src/nn/nets.js';
import { defineOp } from '../../src/graph/op.js';
import type { Tensor } from '../../src/graph/graph.js';
import * as ops from '../../src/ops/index.js';
import { readOnnx, runOnnx, someNumbers, someWeights, worstOf } from '../support/onnx.js';
import { each, IMAGE, ROW, said } from './onnxCases.js';

const single = (input: Shape, own: readonly Layer[]): Net => sequential('one', input, ...own);

describe('ONNX Runtime computes what the formulas do, within the rounding of f32', () => {
  it.each(each)('%s', async (_, input, own) => {
    const { shapes, ratio } = await worstOf(single(input, own), 3);
    expect(shapes[0]).toBe(shapes[1]);
    expect(ratio).toBeLessThanOrEqual(1);
  });

  it.each(said)('%s', async (_, input, say) => {
    const { shapes, ratio } = await worstOf(functional('said', input, say), 3);
    expect(shapes[0]).toBe(shapes[1]);
    expect(ratio).toBeLessThanOrEqual(1);
  });

  it.each(['tutorial', 'figure', 'lenet5', 'mlp'])('the net %s', async (name) => {
    expect((await worstOf(nets[name]!(), 1)).ratio).toBeLessThanOrEqual(1);
  });
});

describe('a model', () => {
  const net = tutorial();
  const weights = someWeights(net);

  it('takes batches of any size, and gives each image the same numbers', async () => {
    const model = onnxOut(net, weights);
    const images = someNumbers(5 * 784);
    const all = await runOnnx(model, images, [5, 1, 28, 28]);
    expect(all.shape).toEqual([5, 10]);
    const last = await runOnnx(model, images.slice(4 * 784), [1, 1, 28, 28]);
    expect(last.data).toEqual(all.data.slice(40));
  });

  it('has the net’s layers as nodes, each bias in its Conv or Gemm, and their labels beside them', () => {
    const { graph } = readOnnx(onnxOut(net, weights));
    expect(graph.node.map(({ name, opType, input }) => `${name} ${opType} ${input.slice(1).join(' ')}`.trim())).toEqual(
      [
        'conv1 Conv conv1.weight conv1.bias',
        'relu1 Relu',
        'maxPool2d1 MaxPool',
        'conv2 Conv conv2.weight conv2.bias',
        'relu2 Relu',
        'maxPool2d2 MaxPool',
        'flatten1 Flatten',
        'fc1 Gemm fc1.weight fc1.bias',
        'relu3 Relu',
        'fc2 Gemm fc2.weight fc2.bias',
        'relu4 Relu',
        'fc3 Gemm fc3.weight fc3.bias',
      ],
    );
    expect(graph.node[0]?.docString).toBe('conv2d 6 3×3 → [N, 6, 26, 26]');
  });

  it('has the weights under PyTorch’s names, to the bit', () => {
    const { graph } = readOnnx(onnxOut(net, weights));
    expect(graph.initializer.map(({ name, dims }) => [name, dims.map(Number)])).toEqual(
      net.parameters.map(({ name, shape }) => [name, shape]),
    );
    for (const { name, rawData } of graph.initializer)
      expect(new Float32Array(rawData.slice().buffer)).toEqual(weights.get(name)?.data);
  });

  it('says the shape of every value, with N for the images of a batch', () => {
    const { graph, sizesOf, model } = readOnnx(onnxOut(net, weights));
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 17n]]);
    expect([...graph.input, ...graph.output].map((value) => `${value.name} ${sizesOf(value)}`)).toEqual([
      'input N, 1, 28, 28',
      'output N, 10',
    ]);
    expect(graph.valueInfo.map((value) => `${value.name} ${sizesOf(value)}`).slice(0, 3)).toEqual([
      'conv1 N, 6, 26, 26',
      'relu1 N, 6, 26, 26',
      'maxPool2d1 N, 6, 13, 13',
    ]);
    expect(graph.valueInfo).toHaveLength(graph.node.length - 1);
    expect(graph.input[0]?.docString).toMatch(/^f32 \[N, 1, 28, 28\]/);
  });

  it('takes the bytes of images if it is to normalise them', async () => {
    const normalisation = { mean: 0.1307, std: 0.3081 };
    const bytes = Uint8Array.from({ length: 784 }, (_, i) => (i * 37) % 256);
    const model = onnxOut(net, weights, { normalisation });
    const { graph, model: whole } = readOnnx(model);
    expect(graph.node.slice(0, 4).map(({ opType }) => opType)).toEqual(['Cast', 'Div', 'Sub', 'Div']);
    expect(graph.input[0]?.docString).toMatch(/^u8 .*\(x\/255 − 0\.1307\)\/0\.3081/);
    expect(Object.fromEntries(whole.metadataProps.map(({ key, value }) => [key, value]))).toEqual({
      'weft.net': 'tutorial',
      'weft.mean': '0.1307',
      'weft.std': '0.3081',
    });
    const f = Math.fround;
    const pixels = Float32Array.from(bytes, (x) => f(f(f(x / 255) - f(0.1307)) / f(0.3081)));
    const [given, wanted] = [
      await runOnnx(model, bytes, [1, 1, 28, 28]),
      await runOnnx(onnxOut(net, weights), pixels, [1, 1, 28, 28]),
    ];
    expect([...given.data]).toEqual([...wanted.data]);
  });

  it('is the same bytes each time', () =>
    expect(Buffer.compare(onnxOut(net, weights), onnxOut(tutorial(), weights))).toBe(0));

  it('is made of every net that comes with the engine', () => {
    for (const make of Object.values(nets)) {
      const own = make();
      const { graph } = readOnnx(onnxOut(own, someWeights(own)));
      const kinds = new Set(own.layers.map(({ label }) => label.split(' ')[0]));
      expect(graph.node.filter(({ opType }) => opType === 'BatchNormalization').length > 0).toBe(
        kinds.has('batchNorm'),
      );
      expect(graph.initializer.map(({ name }) => name).toSorted()).toEqual([...someWeights(own).keys()].toSorted());
    }
  });
});

describe('what has no form in ONNX is refused with its layer and a way out', () => {
  const swish = defineOp('swish', { arity: 1, infer: ([x]) => [x], at: ([x], index) => x.at(...index) });
  const relu6 = defineOp('relu', { arity: 1, infer: ([x]) => [x], at: ([x], index) => Math.min(x.at(...index), 6) });
  const own = (op: typeof swish): Layer => ({ label: 'my own', apply: (x) => op.one([x], {}) });
  const batchMean = (x: Tensor): Tensor => ops.sub(x, ops.mean(x, [0], { keepDims: true }));
  const wrong: readonly (readonly [string, Net, RegExp])[] = [
    [
      'an op of one’s own',
      single(ROW, [dense(3), own(swish)]),
      /onnxOut: swish1 of the layer my own; wanted ops .*opset 17.*weightsOut/,
    ],
    ['an op by the name of another', single(ROW, [own(relu6)]), /relu1 of the layer my own/],
    ['a mean of the batch', functional('n', ROW, batchMean), /scale1, whose settings depend on the batch/],
    ['a part of the batch', functional('n', ROW, (x) => ops.slice(x, [{ end: 1 }])), /slice1: a part of the batch/],
    [
      'places of a max-pool',
      functional(
        'n',
        IMAGE,
        (x) => ops.maxPool2dOp.apply([x], { window: [2, 2], stride: [2, 2], padding: [0, 0] })[1]!,
      ),
      /maxPool2d1\.1/,
    ],
    [
      'other ops for other batches',
      functional('n', ROW, (x) => ((x.shape[0] ?? 1) > 2 ? ops.relu(x) : ops.abs(x))),
      /net n, which says other ops for 3 images than for 2/,
    ],
    [
      'a state of one’s own',
      functional('n', ROW, (x) => ops.add(x, x.graph.state('offset', [6]))),
      /offset, a state that is no weight/,
    ],
  ];
  it.each(wrong)('%s', (_, net, sentence) => {
    expect(() => onnxOut(net, someWeights(net))).toThrow(
      expect.objectContaining({ code: 'graph', message: expect.stringMatching(sentence) }),
    );
  });

  it('weights of another net are too', () => {
    expect(() => onnxOut(figure(), someWeights(tutorial()))).toThrow(expect.objectContaining({ code: 'weights' }));
    expect(sizeOf(figure().input)).toBe(784);
  });
});
