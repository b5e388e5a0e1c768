// Weft's page: training through the Trainer, inference and products as plans that are replayed.

import { initialWeights, nets, openDevice, sgd, Trainer, type Device } from '../../src/index.js';
import { Graph, Session, Store } from '../../src/lab.js';
import { openProduct } from '../product.js';
import type { Subject } from '../timing.js';
import { tiledSplits, timeSteps, trainSteps } from '../trainBlocks.js';
import { CLASSES, MEAN, MOMENTUM, RATE, SIDE, STD, type Peer } from './contract.js';
import { floatBatches, servePeer, timed, type Material } from './page.js';

/** The batches are repeated into an epoch of so many steps, more than a block on a software adapter has. */
const EPOCH_STEPS = 1024;

servePeer(async (material) => {
  const device = await openDevice(navigator.gpu);
  const trainer = await openTrainer(device, material);
  const infer = once(() => openInference(device, material));
  const products = new Map<number, () => Promise<Subject>>();
  const { description, vendor, architecture } = device.profile.adapter;
  const names = new Set([description, [vendor, architecture].filter((word) => word !== '').join(' ')]);
  return {
    about: `${[...names].join(', ')} (${device.profile.dialect} kernels)`,
    losses: (steps) => trainSteps(trainer, steps),
    train: (steps) => timeSteps(trainer, steps),
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

function openTrainer(device: Device, { task, weights, images, labels }: Material): Promise<Trainer> {
  const some = { images, labels, count: labels.length, rows: SIDE, columns: SIDE, classes: CLASSES };
  return Trainer.open({
    device,
    net: netOf(task.net),
    data: tiledSplits(EPOCH_STEPS * task.batch, some),
    optimizer: sgd({ rate: RATE, momentum: MOMENTUM }),
    batch: task.batch,
    shuffle: false,
    mean: MEAN,
    std: STD,
    weights,
    ...(task.expectedSteps === undefined ? {} : { expectedSteps: task.expectedSteps }),
  });
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

async function replay(session: Subject, times: number): Promise<number> {
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
