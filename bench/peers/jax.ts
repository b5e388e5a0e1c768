// jax-js's page: the whole step, update included, is one jit.

import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { Array as JaxArray, Device } from '@jax-js/jax';
import { CLASSES, MOMENTUM, peerLayers, RATE, SIDE, type Peer, type PeerLayer } from './contract.js';
import { waves } from '../waves.js';
import { floatBatches, timed, type Material } from './page.js';

type Parameters = Record<string, JaxArray>;

/** Results that are under way at once; jax-js recommends to wait now and then in long loops. */
const MOST_AHEAD = 4;

/** Opens jax-js on one of its devices. Arrays have linear types there: `ref` is one more use of an array. */
export async function openJax(device: Device, material: Material): Promise<Peer> {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js has no ${device} here`);
  defaultDevice(device);
  const layers = peerLayers[material.task.net] ?? [];
  const { batch, inferenceBatch } = material.task;
  const batches = floatBatches(material).map(({ x, y }) => ({
    x: np.array(x, { shape: [batch, 1, SIDE, SIDE] }),
    y: np.array(y, { shape: [batch, CLASSES] }),
  }));
  let parameters = parametersOf(material);
  let velocity: Parameters = tree.map((array: JaxArray) => np.zerosLike(array.ref), parameters);

  const lossOf = (p: Parameters, x: JaxArray, y: JaxArray): JaxArray =>
    nn
      .logSoftmax(apply(layers, p, x))
      .mul(y)
      .sum()
      .mul(-1 / batch);
  const step = jit((p: Parameters, v: Parameters, x: JaxArray, y: JaxArray) => {
    const [loss, slopes] = valueAndGrad(lossOf)(tree.ref(p), x, y);
    const next: Parameters = tree.map((m: JaxArray, g: JaxArray) => m.mul(MOMENTUM).add(g), v, slopes);
    const moved: Parameters = tree.map((w: JaxArray, m: JaxArray) => w.sub(m.mul(RATE)), p, tree.ref(next));
    return [loss, moved, next] as [JaxArray, Parameters, Parameters];
  });
  let steps = 0;
  const advance = (): JaxArray => {
    const { x, y } = batches[steps++ % batches.length] ?? { x: np.zeros([0]), y: np.zeros([0]) };
    const [loss, moved, next] = step(parameters, velocity, x.ref, y.ref);
    [parameters, velocity] = [moved, next];
    return loss;
  };

  const predict = jit((p: Parameters, x: JaxArray) => apply(layers, p, x));
  const images = np.array(floatBatches(material, inferenceBatch)[0]?.x ?? new Float32Array(), {
    shape: [inferenceBatch, 1, SIDE, SIDE],
  });
  const multiply = jit((a: JaxArray, b: JaxArray) => np.matmul(a, b));
  const matrices = new Map<number, readonly [JaxArray, JaxArray]>();

  const lossesOf = async (count: number): Promise<number[]> => {
    const losses: number[] = [];
    for (let i = 0; i < count; i++) losses.push((await advance().jsAsync()) as number);
    return losses;
  };
  /**
   * Every result is waited for: work that nobody waits for is left undone here. Not one by one, so that the device has
   * the next while the page prepares another.
   */
  const repeat = (count: number, make: () => JaxArray): Promise<number> =>
    timed(async () => {
      const ahead: Promise<void>[] = [];
      for (let i = 0; i < count; i++) {
        ahead.push(blockUntilReady(make()).then((made) => made.dispose()));
        if (ahead.length >= MOST_AHEAD) await ahead.shift();
      }
      await Promise.all(ahead);
      await blockUntilReady(parameters);
    });
  return {
    about: `0.1.25 ${device}, the whole step as one jit`,
    losses: lossesOf,
    train: (count) => repeat(count, advance),
    infer: (count) => repeat(count, () => predict(tree.ref(parameters), images.ref)),
    matmul: (size, count) => {
      const [a, b] = matrices.get(size) ?? [0, 1].map((s) => np.array(waves(size * size, s), { shape: [size, size] }));
      if (a === undefined || b === undefined) return Promise.resolve(NaN);
      matrices.set(size, [a, b]);
      return repeat(count, () => multiply(a.ref, b.ref));
    },
  };
}

/** Dense weights as [in, out], biases of convolutions as [K, 1, 1]: turned once, here. */
function parametersOf({ weights }: Material): Parameters {
  const made: Parameters = {};
  for (const [name, { shape, data }] of weights) {
    const array = np.array(data, { shape: [...shape] });
    if (/^fc.*weight$/.test(name)) made[name] = np.transpose(array);
    else if (/^conv.*bias$/.test(name)) made[name] = array.reshape([shape[0] ?? 0, 1, 1]);
    else made[name] = array;
  }
  return made;
}

/** x [N, 1, 28, 28] → logits [N, 10]. */
function apply(layers: readonly PeerLayer[], p: Parameters, input: JaxArray): JaxArray {
  const use = (name: string): JaxArray => {
    const array = p[name];
    if (array === undefined) throw new Error(`no parameter ${name}`);
    return array;
  };
  return layers.reduce((x, layer) => {
    if (layer.kind === 'conv') {
      const edge: [number, number] = [layer.padding, layer.padding];
      const y = lax.convGeneralDilated(x, use(`${layer.name}.weight`), [1, 1], [edge, edge]);
      return y.add(use(`${layer.name}.bias`));
    }
    if (layer.kind === 'dense') return np.dot(x, use(`${layer.name}.weight`)).add(use(`${layer.name}.bias`));
    if (layer.kind === 'pool') return lax.reduceWindow(x, np.max, [2, 2], [2, 2]);
    return layer.kind === 'relu' ? nn.relu(x) : x.reshape([x.shape[0] ?? 0, -1]);
  }, input);
}
