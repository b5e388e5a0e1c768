import { afterAll, describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.js';
import { Store } from '../../src/engine/store.js';
import { Graph } from '../../src/graph/graph.js';
import { digits } from '../../src/data/digits.js';
import { onnxOut } from '../../src/io/onnx/onnxOut.js';
import { pretrained } from '../../src/io/pretrained.js';
import type { Net } from '../../src/nn/net.js';
import { best, figure, resnet, tutorial } from '../../src/nn/nets.js';
import type { Weights } from '../../src/nn/weights.js';
import { readBytes } from '../../src/node/files.js';
import { gatherImages } from '../../src/ops/data.js';
import { byFormulas, runOnnx, someWeights } from '../support/onnx.js';
import { nodeDevice } from '../support/node.js';

const BATCH = 1;
const NORMALISATION = { mean: 0.1307, std: 0.3081 };
const images = digits({ train: BATCH, test: 1 }).train.images;

/** The net's input as it trains on it, and its logits: by the kernels of the GPU. */
async function onGpu(net: Net, weights: Weights) {
  const graph = new Graph();
  const set = graph.state('images', [BATCH, 28, 28], { dtype: 'u8' });
  const indices = graph.state('indices', [BATCH], { dtype: 'u32' });
  const x = gatherImages(set, indices, NORMALISATION);
  const logits = net.build(x);
  using store = new Store(await nodeDevice());
  using session = await Session.compile(store, graph, { name: 'onnx', keep: [x, logits] });
  for (const [name, { data }] of weights) store.write(name, data);
  store.write('images', new Uint8Array(images));
  store.write(
    'indices',
    Uint32Array.from({ length: BATCH }, (_, i) => i),
  );
  session.run();
  return {
    x: (await session.read(x)) as Float32Array<ArrayBuffer>,
    logits: (await session.read(logits)) as Float32Array<ArrayBuffer>,
  };
}

describe('ONNX Runtime gives the engine’s own logits, as far as two ways of rounding f32 may lie apart', () => {
  const trained = async (): Promise<Weights> => pretrained({ read: readBytes });
  it.each([
    ['tutorial with the weights that ship', tutorial(), trained],
    ['figure', figure(), async () => someWeights(figure())],
    ['best, with batch norms', best(), async () => someWeights(best())],
    ['resnet, with branches', resnet(), async () => someWeights(resnet())],
  ] as const)('%s', async (_, net, weightsOf) => {
    const weights = await weightsOf();
    const { x, logits } = await onGpu(net, weights);
    const given = await runOnnx(onnxOut(net, weights), x, [BATCH, ...net.input]);
    const { tolerances } = byFormulas(net, weights, BATCH, x);
    expect(given.shape).toEqual([BATCH, 10]);
    logits.forEach((logit, i) => expect(Math.abs(logit - given.data[i]!)).toBeLessThanOrEqual(2 * tolerances[i]!));
    expect(new Set(logits).size).toBe(logits.length);
    // And of bytes the same, but for the normalisation's own rounding.
    const model = onnxOut(net, weights, { normalisation: NORMALISATION });
    const ofBytes = await runOnnx(model, new Uint8Array(images), [BATCH, ...net.input]);
    const nearest = Math.max(...given.data.map((logit, i) => Math.abs(logit - ofBytes.data[i]!)));
    expect(nearest).toBeLessThan(1e-3);
  });

  afterAll(async () => (await nodeDevice()).idle());
});
