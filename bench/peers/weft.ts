// Weft's page: training through the Trainer, inference and products as plans that are replayed.

import { initialWeights, nets, openDevice, sgd, Trainer, type Dataset, type Device } from '../../src/index.js';
import { Graph, matmul, Session, Store } from '../../src/lab.js';
import { BATCHES, CLASSES, MEAN, MOMENTUM, RATE, SIDE, STD, type Peer } from './contract.js';
import { floatBatches, servePeer, timed, waves, type Material } from './page.js';

/** The batches are repeated into an epoch of so many steps, and no timed block goes over an epoch's end. */
const EPOCH_STEPS = 1024;

servePeer(async (material) => {
  const device = await openDevice(navigator.gpu);
  const trainer = await openTrainer(device, material);
  const infer = once(() => openInference(device, material));
  const products = new Map<number, () => Promise<Session>>();
  return {
    about: `${device.profile.adapter.description}, ${device.profile.dialect} kernels`,
    losses: (steps) => lossesOf(trainer, steps),
    train: async (steps) => {
      const left = trainer.stepsPerEpoch - (trainer.steps % trainer.stepsPerEpoch);
      if (steps >= left) await lossesOf(trainer, left);
      return timed(() => lossesOf(trainer, Math.min(steps, trainer.stepsPerEpoch - 1)));
    },
    infer: async (times) => replay(await infer(), times),
    matmul: async (size, times) => {
      if (!products.has(size))
        products.set(
          size,
          once(() => openProduct(device, size)),
        );
      const session = await products.get(size)?.();
      return session === undefined ? NaN : replay(session, times);
    },
  } satisfies Peer;
});

async function openTrainer(device: Device, { task, weights, images, labels }: Material): Promise<Trainer> {
  const net = netOf(task.net);
  const repeats = EPOCH_STEPS / BATCHES;
  const repeated = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    const all = new Uint8Array(bytes.length * repeats);
    for (let i = 0; i < repeats; i++) all.set(bytes, i * bytes.length);
    return all;
  };
  const set = (pixels: Uint8Array<ArrayBuffer>, classes: Uint8Array<ArrayBuffer>): Dataset => ({
    images: pixels,
    labels: classes,
    count: classes.length,
    rows: SIDE,
    columns: SIDE,
    classes: CLASSES,
  });
  const test = set(images.slice(0, SIDE * SIDE), labels.slice(0, 1));
  const data = { name: 'bench', source: 'the harness', train: set(repeated(images), repeated(labels)), test };
  return Trainer.open({
    device,
    net,
    data,
    optimizer: sgd({ rate: RATE, momentum: MOMENTUM }),
    batch: task.batch,
    shuffle: false,
    mean: MEAN,
    std: STD,
    weights,
  });
}

async function lossesOf(trainer: Trainer, steps: number): Promise<readonly number[]> {
  const losses: number[] = [];
  for await (const event of trainer.fit({ steps: trainer.steps + steps })) {
    if (event.type === 'steps') losses.push(...event.steps.map(({ loss }) => loss));
  }
  return losses;
}

async function openInference(device: Device, material: Material): Promise<Session> {
  const { net, inferenceBatch } = material.task;
  const graph = new Graph();
  const x = graph.state('x', [inferenceBatch, 1, SIDE, SIDE]);
  const logits = netOf(net).build(x);
  const store = new Store(device);
  const session = await Session.compile(store, graph, { name: 'infer', keep: [logits] });
  store.write('x', floatBatches(material, inferenceBatch)[0]?.x ?? new Float32Array());
  for (const [name, { data }] of initialWeights(netOf(net), 1)) store.write(name, data);
  return session;
}

async function openProduct(device: Device, size: number): Promise<Session> {
  const graph = new Graph();
  const [a, b] = [graph.state('a', [size, size]), graph.state('b', [size, size])];
  const store = new Store(device);
  const session = await Session.compile(store, graph, { name: 'matmul', keep: [matmul(a, b, 'nn')] });
  for (const [stream, name] of ['a', 'b'].entries()) store.write(name, waves(size * size, stream));
  return session;
}

async function replay(session: Session, times: number): Promise<number> {
  await session.idle();
  return timed(async () => {
    session.run(times);
    await session.idle();
  });
}

function netOf(name: string) {
  const net = nets[name];
  if (net === undefined) throw new Error(`no net ${name}`);
  return net();
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
