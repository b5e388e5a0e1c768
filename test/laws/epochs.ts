// The order of images on the GPU, step by step, against the same permutation in TypeScript.

import { permutation } from '../../src/core/permutation.js';
import { Session } from '../../src/engine/session.js';
import { Store } from '../../src/engine/store.js';
import type { Device } from '../../src/gpu/device.js';
import { Graph } from '../../src/graph/graph.js';
import { advance, ALL_FINITE } from '../../src/ops/control.js';
import { batchOf, gatherLabels } from '../../src/ops/data.js';
import { must, mustEqual, type GpuLaw } from '../support/gpuLaw.js';

/** Images, rows of a batch, seed, and the epoch that the run begins with. */
const sets = [
  [1, 4, 0, 0],
  [5, 2, 1, 0],
  [64, 64, 7, 3],
  [65, 64, 2 ** 32 - 1, 1],
  [1000, 255, 42, 2 ** 20],
] as const;

async function checkOrder(device: Device, count: number, batch: number, seed: number, from: number): Promise<void> {
  const graph = new Graph();
  const [step, guard] = ['step', 'guard'].map((name) => graph.state(name, [1], { dtype: 'u32' }));
  const { indices, live } = batchOf(step!, { count, batch, seed, shuffle: true });
  graph.assign(step!, advance(step!, guard!));
  using store = new Store(device);
  using session = await Session.compile(store, graph, { name: 'order', keep: [indices, live] });
  const perEpoch = Math.ceil(count / batch);
  store.write('step', Uint32Array.of(from * perEpoch));
  store.write('guard', Uint32Array.of(ALL_FINITE));
  for (const epoch of [from, from + 1]) {
    const seen: number[] = [];
    for (let at = 0; at < perEpoch; at++) {
      session.run();
      const rows = (await session.read(live))[0] ?? 0;
      seen.push(...(await session.read(indices)).subarray(0, rows));
    }
    const wanted = Array.from({ length: count }, (_, i) => permutation(seed, epoch, count, i));
    mustEqual(seen, wanted, `the order of epoch ${epoch}`);
    must(new Set(seen).size === count, () => `${new Set(seen).size} different images of ${count}`);
  }
}

/** A label lies in a byte of a word: counts that four does not divide end in the midst of one. */
async function checkLabels(device: Device): Promise<void> {
  for (const count of [1, 3, 5]) {
    const graph = new Graph();
    const labels = graph.state('labels', [count], { dtype: 'u8' });
    const indices = graph.state('indices', [count], { dtype: 'u32' });
    const y = gatherLabels(labels, indices);
    using store = new Store(device);
    using session = await Session.compile(store, graph, { name: 'labels', keep: [y] });
    const bytes = Uint8Array.from({ length: count }, (_, i) => 255 - i);
    store.write('labels', bytes);
    store.write(
      'indices',
      Uint32Array.from({ length: count }, (_, i) => count - 1 - i),
    );
    session.run();
    mustEqual([...(await session.read(y))], [...bytes].reverse(), `${count} labels`);
  }
}

export const epochLaws: readonly GpuLaw[] = [
  ...sets.map(([count, batch, seed, from]) => ({
    title: `${count} images by ${batch}, seed ${seed}: two epochs have the orders that TypeScript computes`,
    run: (device: Device) => checkOrder(device, count, batch, seed, from),
  })),
  { title: 'labels come from the right bytes of their words', run: checkLabels },
];
