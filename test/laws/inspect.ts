import { inspectGraph, IMAGE, LABEL } from '../../src/explain/inspectGraph.js';
import { inspectionOf, type Inspection } from '../../src/explain/inspection.js';
import type { Device } from '../../src/gpu/device.js';
import { Formulas } from '../../src/graph/evaluate.js';
import type { Tensor } from '../../src/graph/graph.js';
import { batchNorm, conv2d, dense, dropout, flatten, globalAvgPool, maxPool2d, relu } from '../../src/nn/layers.js';
import { functional, type Net } from '../../src/nn/net.js';
import { weightNamesOf, type Weights } from '../../src/nn/weights.js';
import { add } from '../../src/ops/arithmetic.js';
import { sgd } from '../../src/optim/sgd.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { eventsOf, mustBeSameBits, openTiny, weightsAfter } from '../support/runs.js';
import { CLASSES, SIDE, tinyNet, tinySet, tinySplits } from '../support/tinyData.js';

/** A residual net with batch norms, a pool, and dropout; one branch leads nowhere. */
const branching = (): Net =>
  functional('branching', [1, SIDE, SIDE], (x, apply) => {
    const stem = apply(relu(), apply(batchNorm(), apply(conv2d(4, 3, { padding: 1, bias: false }), x)));
    const inner = apply(batchNorm(), apply(conv2d(4, 3, { padding: 1 }), stem));
    apply(maxPool2d(4), inner);
    const pooled = apply(maxPool2d(2), apply(relu(), add(inner, stem)));
    return apply(dense(CLASSES), apply(dropout(0.5), apply(flatten(), apply(globalAvgPool(), pooled))));
  });

const NORMALISATION = { mean: 0.1307, std: 0.3081 };
const image = tinySet(1, 9).images;

/** The same look by formulas in f64. */
function byFormulas(net: Net, weights: Weights, label?: number): Inspection {
  const graph = inspectGraph(net, NORMALISATION, label !== undefined);
  const formulas = new Formulas(graph.graph);
  for (const state of graph.graph.states) {
    const weight = weights.get(state.name)?.data;
    if (weight !== undefined) formulas.set(state, weight);
    if (state.name === IMAGE) formulas.set(state, image);
    if (state.name === LABEL) formulas.set(state, [label ?? 0]);
  }
  return inspectionOf(
    graph,
    () => true,
    (tensor: Tensor) => Float32Array.from(formulas.read(tensor).data),
  );
}

/** All arrays of a look, by where they stand in it. */
function arraysOf({ input, layers, probabilities, loss }: Inspection): Map<string, readonly number[]> {
  const all = new Map<string, readonly number[]>();
  const put = (name: string, data: ArrayLike<number> | undefined): void => {
    if (data !== undefined) all.set(name, Array.from(data));
  };
  put('input', input.values);
  put('gradients of the input', input.gradients);
  layers.forEach(({ label, shape, values, gradients, weights, weightGradients }, i) => {
    const name = `${i} ${label} [${shape.join(', ')}]`;
    put(`${name}, values`, values);
    put(`${name}, gradients`, gradients);
    for (const [weight, { data }] of weights) put(`${name}, ${weight}`, data);
    for (const [weight, { data }] of weightGradients ?? []) put(`${name}, gradient of ${weight}`, data);
  });
  put('probabilities', probabilities);
  put('loss', loss === undefined ? undefined : [loss]);
  return all;
}

function mustBeSameLook(given: Inspection, wanted: Inspection): void {
  const [left, right] = [arraysOf(given), arraysOf(wanted)];
  mustEqual([...left.keys()], [...right.keys()], 'what a look shows');
  for (const [name, values] of right) {
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    const others = left.get(name) ?? [];
    const at = values.findIndex((value, i) => !(Math.abs(value - (others[i] ?? NaN)) <= 2e-5 * scale));
    must(at < 0 && others.length === values.length, () => `${name}[${at}] is ${others[at]}; wanted ${values[at]}`);
  }
}

const made = ({ counts: { buffers, bindGroups, pipelines, bytes } }: Device) => ({
  buffers,
  bindGroups,
  pipelines,
  bytes,
});

export const inspectLaws: readonly GpuLaw[] = [
  ...[tinyNet(), branching()].map((net): GpuLaw => ({
    title: `values, weights and gradients of every layer of a trained ${net.name} net are those of the formulas`,
    run: async (device) => {
      using trainer = await openTiny(device, { net });
      const weights = await weightsAfter(trainer, 5);
      mustBeSameLook(await trainer.inspect(image, { label: 2 }), byFormulas(net, weights, 2));
      mustBeSameLook(await trainer.inspect(image), byFormulas(net, weights));
    },
  })),
  {
    title: 'layers come as in the summary, weights by PyTorch’s names, and what the loss does not feel has no gradient',
    run: async (device) => {
      const net = branching();
      using trainer = await openTiny(device, { net });
      const { input, layers, loss, probabilities } = await trainer.inspect(image, { label: 1 });
      const summary = net.layers.map(({ label, output }) => ({ label, shape: output }));
      mustEqual(
        layers.map(({ label, shape }) => ({ label, shape })),
        summary,
        'layers',
      );
      mustEqual(input.shape, [1, SIDE, SIDE], 'shape of the input');
      const names = layers.flatMap(({ weights }) => [...weights.keys()]);
      mustEqual([...names].sort(), [...weightNamesOf(net)].sort(), 'weights');
      const lost = layers.filter(({ gradients }) => gradients === undefined).map(({ label }) => label);
      mustEqual(lost, ['maxPool2d 4×4'], 'layers without a gradient');
      const slopes = layers.flatMap(({ weightGradients = new Map() as Weights }) => [...weightGradients.keys()]);
      mustEqual(slopes.sort(), net.parameters.map(({ name }) => name).sort(), 'weights with gradients');
      must(Math.abs((loss ?? NaN) + Math.log(probabilities[1] ?? 0)) < 1e-5, () => `loss ${loss}`);
      const plain = await trainer.inspect(image);
      must(plain.loss === undefined && plain.input.gradients === undefined, () => 'gradients without a label');
      const predicted = await trainer.predict(image);
      must(
        predicted.every((p, k) => Math.abs(p - (plain.probabilities[k] ?? NaN)) < 1e-6),
        () => `probabilities ${plain.probabilities.join(', ')}; predicted ${predicted.join(', ')}`,
      );
    },
  },
  {
    title: 'a step of training on one image moves the weights along the gradients that a look at it shows',
    run: async (device) => {
      const data = tinySplits(1);
      using trainer = await openTiny(device, { data, batch: 1, optimizer: sgd({ rate: 0.5, momentum: 0 }) });
      const { layers } = await trainer.inspect(data.train.images, { label: data.train.labels[0] ?? 0 });
      const after = await weightsAfter(trainer, 1);
      for (const { weights, weightGradients } of layers) {
        for (const [name, { data: before }] of weights) {
          const wanted = before.map((w, i) => w - 0.5 * (weightGradients?.get(name)?.data[i] ?? NaN));
          const at = wanted.findIndex((w, i) => !(Math.abs(w - (after.get(name)?.data[i] ?? NaN)) < 1e-6));
          must(at < 0, () => `${name}[${at}] is ${after.get(name)?.data[at]}; wanted ${wanted[at]}`);
        }
      }
    },
  },
  {
    title: 'after the first of its kind a look makes nothing, and is one submit and one mapped read',
    run: async (device) => {
      using trainer = await openTiny(device);
      await trainer.inspect(image, { label: 0 });
      await trainer.inspect(image);
      const before = { ...made(device) };
      const { submits, mappedReads } = device.counts;
      for (const options of [{ label: 3 }, {}, { label: 1 }]) await trainer.inspect(image, options);
      mustEqual(made(device), before, 'made by three looks');
      mustEqual([device.counts.submits - submits, device.counts.mappedReads - mappedReads], [3, 3], 'submits, reads');
    },
  },
  {
    title: 'looks while a fit runs change no bit of it, and looks at once are those of one after the other',
    run: async (device) => {
      using plain = await openTiny(device);
      const wanted = await weightsAfter(plain, 12);
      using trainer = await openTiny(device, { pace: { mostSteps: 1 } });
      const fit = eventsOf(trainer.fit({ steps: 12, epochs: 12 }));
      await Promise.all([trainer.inspect(image), trainer.inspect(image, { label: 1 }), trainer.inspect(image)]);
      await fit;
      mustBeSameBits(await trainer.weights(), wanted, 'after looks');
      const other = tinySet(1, 5).images;
      const [first, second] = await Promise.all([
        trainer.inspect(image, { label: 0 }),
        trainer.inspect(other, { label: 1 }),
      ]);
      mustBeSameLook(first, await trainer.inspect(image, { label: 0 }));
      mustBeSameLook(second, await trainer.inspect(other, { label: 1 }));
    },
  },
  {
    title: 'only the weights that are asked for are read; wrong images, labels and names are refused',
    run: async (device) => {
      using trainer = await openTiny(device);
      const all = await trainer.inspect(image, { label: 0 });
      const some = await trainer.inspect(image, { label: 0, weights: ['conv1.weight'] });
      const names = some.layers.flatMap(({ weights, weightGradients }) => [
        ...weights.keys(),
        ...(weightGradients?.keys() ?? []),
      ]);
      mustEqual(names, ['conv1.weight', 'conv1.weight'], 'weights and gradients');
      mustEqual([...(some.layers[0]?.values ?? [])], [...(all.layers[0]?.values ?? [])], 'values');
      await mustReject(trainer.inspect(new Uint8Array(2 * SIDE ** 2)), 'data');
      for (const label of [-1, 0.5, CLASSES]) await mustReject(trainer.inspect(image, { label }), 'usage');
      await mustReject(trainer.inspect(image, { weights: ['conv9.weight'] }), 'usage');
    },
  },
  {
    title: 'a disposed trainer has freed the memory of its looks',
    run: async (device) => {
      const { bytes } = device.counts;
      const trainer = await openTiny(device);
      await trainer.inspect(image, { label: 0 });
      const late = Promise.allSettled([trainer.inspect(image)]);
      trainer[Symbol.dispose]();
      await late;
      mustEqual(device.counts.bytes, bytes, 'bytes left');
      await mustReject(trainer.inspect(image), 'usage');
    },
  },
];
