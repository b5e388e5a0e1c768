import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { defaultProfile, type Dialect, type Profile } from '../../src/core/profile.js';
import { uniform } from '../../src/core/random.js';
import { bytesOf, sizeOf } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { kernels } from '../../src/kernels/index.js';
import { conv2d, dense, flatten, maxPool2d, relu } from '../../src/nn/layers.js';
import { sequential } from '../../src/nn/net.js';
import { figure, nets, tutorial, wide } from '../../src/nn/nets.js';
import { softmaxCrossEntropy } from '../../src/ops/batch.js';
import { adam } from '../../src/optim/adam.js';
import { sgd } from '../../src/optim/sgd.js';
import { evaluationGraph, predictGraph, trainGraph } from '../../src/train/graphs.js';
import { randomNet } from '../support/randomNet.js';

/** The most dispatches of a training step, of a batch of an evaluation, of a prediction, on any adapter. */
const DISPATCHES: Readonly<Record<string, readonly [train: number, evaluate: number, predict: number]>> = {
  tutorial: [38, 16, 10],
  figure: [39, 16, 10],
  wide: [32, 14, 8],
  lenet5: [49, 20, 14],
  mlp: [27, 11, 6],
  resnet: [126, 47, 42],
  best: [65, 22, 18],
};

const set = { count: 60_000, rows: 28, columns: 28 };
const settings = { batch: 64, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081 };
const profiles: readonly Profile[] = (['cpu', 'gpu'] as const).flatMap((dialect: Dialect) => [
  defaultProfile(dialect),
  { ...defaultProfile(dialect), features: ['subgroups', 'shader-f16', 'timestamp-query'] },
]);

/** A net that no kernel was written for. */
const ownNet = () =>
  sequential(
    'own',
    [1, 28, 28],
    conv2d(5, 5, { padding: 2 }),
    relu(),
    maxPool2d(2),
    flatten(),
    dense(30),
    relu(),
    dense(10),
  );

/** What a discrete graphics card tells of itself. */
const discrete: Profile = {
  dialect: 'gpu',
  limits: {
    ...defaultProfile('gpu').limits,
    maxStorageBufferBindingSize: 2 ** 31 - 4,
    maxBufferSize: 2 ** 38,
    maxStorageBuffersPerShaderStage: 16,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupStorageSize: 49_152,
  },
  features: ['subgroups', 'shader-f16', 'timestamp-query'],
  adapter: { vendor: 'nvidia', architecture: 'ampere', device: '', description: 'a discrete GPU', fallback: false },
};

describe('a training step on a GPU', () => {
  it.each([
    ['tutorial', 17, tutorial],
    ['figure', 17, figure],
    ['wide', 19, wide],
    ['a net of its own', 13, ownNet],
  ] as const)('%s is %i dispatches, on a discrete one and on the least of all', (_, wanted, net) => {
    for (const profile of [discrete, defaultProfile('gpu')]) {
      const graph = trainGraph(net(), set, settings, sgd());
      expect(compile(graph, { name: 'train', kernels, profile }).dispatches).toHaveLength(wanted);
    }
  });
});

describe('a training step on a software adapter with subgroups', () => {
  const profile: Profile = { ...defaultProfile('cpu'), features: ['subgroups'] };

  it.each([
    ['tutorial', 14, tutorial],
    ['figure', 18, figure],
    ['wide', 14, wide],
    ['a net of its own', 12, ownNet],
  ] as const)('%s is %i dispatches, however long the run', (_, wanted, net) => {
    for (const expectedSteps of [1, 1000, 100_000]) {
      const graph = trainGraph(net(), set, settings, sgd());
      const { dispatches } = compile(graph, { name: 'train', kernels, profile, expectedSteps });
      expect(dispatches).toHaveLength(wanted);
    }
  });
});

describe('the work of a training step', () => {
  const all = [discrete, defaultProfile('gpu'), defaultProfile('cpu'), profiles[1]!];

  it.each([
    ['tutorial', 72_115_200, tutorial],
    ['figure', 188_964_864, figure],
    ['wide', 4_580_179_968, wide],
  ] as const)('of %s is that of its products, %i operations, and a twentieth more at most', (_, products, net) => {
    const { macs, layers } = net();
    // Forward, by the weights and by the images, whose own gradient nobody wants.
    expect(2 * settings.batch * (3 * macs - layers[0]!.macs)).toBe(products);
    for (const profile of all) {
      const { dispatches } = compile(trainGraph(net(), set, settings, sgd()), { name: 'train', kernels, profile });
      const work = dispatches.reduce((sum, { flops }) => sum + flops, 0);
      expect(work).toBeGreaterThanOrEqual(products);
      expect(work).toBeLessThan(1.05 * products);
    }
  });
});

for (const [name, net] of Object.entries(nets)) {
  const [train, evaluate, predict] = DISPATCHES[name] ?? [0, 0, 0];
  describe(`the plans of ${name}`, () => {
    const plansOf = (graph: Graph, keep: readonly Tensor[] = []) =>
      profiles.map((profile) => compile(graph, { name, kernels, profile, keep }));
    const trainPlans = [sgd(), adam()].flatMap((optimizer) => plansOf(trainGraph(net(), set, settings, optimizer)));

    it(`train in at most ${train} dispatches, evaluate in ${evaluate}, predict in ${predict}`, () => {
      const { graph, probabilities } = predictGraph(net(), { ...set, count: 64 }, settings);
      const most = (plans: typeof trainPlans) => Math.max(...plans.map(({ dispatches }) => dispatches.length));
      expect(most(trainPlans)).toBeLessThanOrEqual(train);
      expect(most(plansOf(evaluationGraph(net(), set, settings)))).toBeLessThanOrEqual(evaluate);
      expect(most(plansOf(graph, [probabilities]))).toBeLessThanOrEqual(predict);
    });

    // What a norm's gradient by its image reads, the gradients of weight and bias, cannot lie where the update reads it.
    const copies = 2 * net().layers.filter(({ label }) => label === 'batchNorm').length;
    it(`copy ${copies} times: gradients are made where the update reads them, and states change in place`, () => {
      for (const { dispatches } of trainPlans) {
        expect(dispatches.filter(({ entry }) => entry === 'copy')).toHaveLength(copies);
        const writers = (arena: string) =>
          dispatches.filter(({ bindings }) => bindings.some((b) => b.access === 'read_write' && b.buffer === arena));
        for (const arena of ['parameters', 'step', 'guard', 'metrics']) expect(writers(arena)).toHaveLength(1);
      }
    });

    it('bind at most 8 buffers, where bindings may begin, and never one both to read and to write', () => {
      for (const { bindings } of trainPlans.flatMap(({ dispatches }) => dispatches)) {
        expect(bindings.length).toBeLessThanOrEqual(8);
        const written = bindings.filter(({ access }) => access === 'read_write').map(({ buffer }) => buffer);
        for (const { access, buffer, offsetBytes } of bindings) {
          expect(offsetBytes % 256).toBe(0);
          expect(access === 'read' && written.includes(buffer)).toBe(false);
        }
      }
    });

    // What tanh makes and what norms take is kept for their slopes; what relu makes is the image of a pool, and kept once.
    const part = { lenet5: 0.6, best: 0.75 }[name] ?? 0.5;
    it(`need less than ${part} of the memory that the tensors of a step would need`, () => {
      const { nodes } = trainGraph(net(), set, settings, sgd());
      const tensors = nodes.flatMap(({ outputs }) => outputs);
      const bytes = tensors.reduce((total, { shape, dtype }) => total + bytesOf(shape, dtype), 0);
      for (const { scratch } of trainPlans) {
        expect(scratch.reduce((total, buffer) => total + buffer.bytes, 0)).toBeLessThan(part * bytes);
      }
    });

    it('are the same whenever they are made', () => {
      const again = plansOf(trainGraph(net(), set, settings, sgd()))[0];
      expect(JSON.stringify(again)).toBe(JSON.stringify(trainPlans[0]));
    });
  });
}

describe('random nets', () => {
  const BATCH = 2;

  /** Loss and slopes of a random net, its weights moved along a random direction. */
  function lossOf(seed: number) {
    const net = randomNet(seed);
    const graph = new Graph();
    const x = graph.state('x', [BATCH, ...net.input]);
    const labels = graph.state('labels', [BATCH], { dtype: 'u32' });
    const live = graph.state('live', [1], { dtype: 'u32' });
    const loss = softmaxCrossEntropy(net.build(x), labels, live);
    const members = graph.members('parameters');
    const slopes = gradients(loss, members);
    const formulas = new Formulas(graph);
    const number = (stream: number, i: number): number => 2 * uniform(seed, stream, i) - 1;
    const fill = (state: Tensor, make: (i: number) => number) =>
      formulas.set(
        state,
        Array.from({ length: sizeOf(state.shape) }, (_, i) => make(i)),
      );
    fill(x, (i) => number(1, i));
    formulas.set(labels, [2, 0]);
    formulas.set(live, [BATCH]);
    const lossAt = (epsilon: number): number => {
      members.forEach((w, k) => fill(w, (i) => number(10 + k, i) + epsilon * number(40 + k, i)));
      return formulas.read(loss).data[0] ?? NaN;
    };
    const along = (): number =>
      slopes.reduce(
        (sum, slope, k) => formulas.read(slope).data.reduce((part, value, i) => part + value * number(40 + k, i), sum),
        0,
      );
    return { graph, loss, slopes, lossAt, along };
  }

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'compile, and their gradients are derivatives: net %i',
    (seed) => {
      const { graph, loss, slopes, lossAt, along } = lossOf(seed);
      for (const profile of profiles) {
        const plan = compile(graph, { name: 'random', kernels, profile, keep: [loss, ...slopes] });
        expect(slopes.every((slope) => plan.where(slope)?.kept === true)).toBe(true);
      }
      const epsilon = 1e-6;
      const difference = (lossAt(epsilon) - lossAt(-epsilon)) / (2 * epsilon);
      lossAt(0);
      // Cancellation leaves 1e-16/ε of the loss; the truncation is smaller.
      expect(Math.abs(along() - difference)).toBeLessThanOrEqual(1e-8 * (1 + Math.abs(difference)));
    },
  );

  it('are of many kinds', () => {
    const labels = Array.from({ length: 20 }, (_, seed) =>
      randomNet(seed).layers.map(({ label }) => label.split(' ')[0]),
    );
    for (const kind of ['conv2d', 'relu', 'maxPool2d', 'avgPool2d']) {
      expect(labels.filter((net) => net.includes(kind)).length).toBeGreaterThan(5);
    }
    expect(new Set(labels.map((net) => net.join())).size).toBeGreaterThan(8);
  });
});
