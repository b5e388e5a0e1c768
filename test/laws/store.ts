import { EngineError } from '../../src/core/errors.js';
import type { Shape } from '../../src/core/shape.js';
import { Session } from '../../src/engine/session.js';
import { Store } from '../../src/engine/store.js';
import type { Device } from '../../src/gpu/device.js';
import { Graph } from '../../src/graph/graph.js';
import { scale } from '../../src/ops/scale.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';

/** x ← factor·x, where x is in an arena after `before` other members. */
function doubling(shape: Shape, { arena = 'x', before = [] as Shape[], name = 'x', factor = 2 } = {}): Graph {
  const graph = new Graph();
  before.forEach((other, i) => graph.state(`before${i}`, other, { arena }));
  const x = graph.state(name, shape, { arena });
  graph.assign(x, scale(x, factor));
  return graph;
}

const open = (store: Store, graph: Graph): Promise<Session> => Session.compile(store, graph, { name: 'double' });

/** Throws unless the call throws an EngineError of this code. */
export function mustThrow(call: () => unknown, code: string): void {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  must(thrown instanceof EngineError && thrown.code === code, () => `threw ${String(thrown)}; wanted code ${code}`);
}

const valuesOf = async (store: Store, name: string): Promise<number[]> =>
  Array.from((await store.read([name])).get(name) ?? []);

const bytesLaw = (count: number): GpuLaw => ({
  title: `${count} bytes come back as they were written, and leave the state after them alone`,
  run: async (device) => {
    const graph = new Graph();
    graph.state('bytes', [count], { dtype: 'u8', arena: 'both' });
    const after = graph.state('after', [3], { arena: 'both' });
    graph.assign(after, scale(after, 1));
    using store = new Store(device);
    using session = await open(store, graph);
    store.write('after', Float32Array.of(1, 2, 3));
    store.write(
      'bytes',
      Uint8Array.from({ length: count }, (_, i) => 255 - i),
    );
    session.run();
    mustEqual(
      await valuesOf(store, 'bytes'),
      Array.from({ length: count }, (_, i) => 255 - i),
      'bytes',
    );
    mustEqual(await valuesOf(store, 'after'), [1, 2, 3], 'the state after them');
  },
});

/** Plans that a Store with x [4] refuses. */
const strangers: readonly (readonly [string, Graph])[] = [
  ['of another shape', doubling([2, 2])],
  ['of another size', doubling([5])],
  ['in another arena', doubling([4], { arena: 'elsewhere' })],
  ['at another place of its arena', doubling([4], { before: [[4]] })],
  ['under another name in the same place', doubling([4], { name: 'y' })],
];

async function readsInOrder(device: Device, staging: number): Promise<void> {
  using store = new Store(device);
  using session = await open(store, doubling([1]));
  using reader = await store.reader(['x'], staging);
  store.write('x', Float32Array.of(1));
  const { buffers } = device.counts;
  const reads = Array.from({ length: 6 }, () => {
    session.run();
    return reader.read();
  });
  const values = (await Promise.all(reads)).map((states) => states.get('x')?.[0] ?? NaN);
  const rising = values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0));
  must(rising && values.at(-1) === 64, () => `six reads through ${staging} staging buffers gave ${values.join(', ')}`);
  if (staging >= 6) mustEqual(values, [2, 4, 8, 16, 32, 64], 'reads between runs');
  mustEqual(device.counts.buffers, buffers, 'buffers made by reading');
}

export const storeLaws: readonly GpuLaw[] = [
  {
    title: 'plans share a state by its name',
    run: async (device) => {
      using store = new Store(device);
      using twice = await open(store, doubling([4]));
      using thrice = await open(store, doubling([4], { factor: 3 }));
      store.write('x', Float32Array.of(1, 2, 3, 4));
      twice.run(2);
      thrice.run();
      mustEqual(await valuesOf(store, 'x'), [12, 24, 36, 48], 'x');
    },
  },
  ...strangers.map(([title, graph]) => ({
    title: `a state ${title} is refused, and nothing is made for it`,
    run: async (device: Device) => {
      using store = new Store(device);
      using session = await open(store, doubling([4]));
      store.write('x', Float32Array.of(1, 2, 3, 4));
      const { bytes } = device.counts;
      await mustReject(open(store, graph), 'plan');
      mustEqual(device.counts.bytes, bytes, 'bytes');
      session.run();
      mustEqual(await valuesOf(store, 'x'), [2, 4, 6, 8], 'x');
    },
  })),
  {
    title: 'two plans that come at once share one arena, made once',
    run: async (device) => {
      const { bytes } = device.counts;
      const store = new Store(device);
      const both = await Promise.all([open(store, doubling([4])), open(store, doubling([4]))]);
      store.write('x', Float32Array.of(1, 2, 3, 4));
      for (const session of both) session.run();
      mustEqual(await valuesOf(store, 'x'), [4, 8, 12, 16], 'x');
      for (const made of [...both, store]) made[Symbol.dispose]();
      mustEqual(device.counts.bytes, bytes, 'bytes');
    },
  },
  {
    title: 'a write of another type, another size or another name is refused',
    run: async (device) => {
      using store = new Store(device);
      using _ = await open(store, doubling([4]));
      store.write('x', Float32Array.of(1, 2, 3, 4));
      const { uploads } = device.counts;
      mustThrow(() => store.write('x', Uint32Array.of(1, 2, 3, 4)), 'shape');
      mustThrow(() => store.write('x', Uint8Array.of(1, 2, 3, 4)), 'shape');
      mustThrow(() => store.write('x', Float32Array.of(1, 2, 3)), 'shape');
      mustThrow(() => store.write('x', Float32Array.of(1, 2, 3, 4, 5)), 'shape');
      mustThrow(() => store.write('z', Float32Array.of(1)), 'plan');
      mustEqual(device.counts.uploads, uploads, 'uploads');
      mustEqual(await valuesOf(store, 'x'), [1, 2, 3, 4], 'x');
    },
  },
  {
    title: 'a part is written where it belongs, and refused where it does not fit',
    run: async (device) => {
      const graph = doubling([4]);
      graph.state('bytes', [8], { dtype: 'u8' });
      using store = new Store(device);
      using _ = await open(store, graph);
      store.writePart('x', 1, Float32Array.of(7, 8));
      mustEqual(await valuesOf(store, 'x'), [0, 7, 8, 0], 'x');
      mustThrow(() => store.writePart('x', 3, Float32Array.of(1, 2)), 'shape');
      mustThrow(() => store.writePart('x', -1, Float32Array.of(1)), 'shape');
      mustThrow(() => store.writePart('x', 0.5, Float32Array.of(1)), 'shape');
      mustThrow(() => store.writePart('x', 0, Uint32Array.of(1)), 'shape');
      mustThrow(() => store.writePart('bytes', 0, Uint32Array.of(1)), 'shape');
    },
  },
  ...[1, 2, 3, 5, 8].map(bytesLaw),
  ...[1, 2, 6].map((staging) => ({
    title: `six reads at once through ${staging} staging buffers all come, in order`,
    run: (device: Device) => readsInOrder(device, staging),
  })),
  {
    title: 'a reader that is disposed refuses the reads that wait for their turn, and the device stays well',
    run: async (device) => {
      using store = new Store(device);
      using _ = await open(store, doubling([4]));
      const reader = await store.reader(['x']);
      const reads = Promise.allSettled([reader.read(), reader.read(), reader.read()]);
      reader[Symbol.dispose]();
      for (const outcome of await reads) {
        const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
        must(reason instanceof EngineError && reason.code === 'usage', () => `ended with ${String(reason)}`);
      }
      await device.idle();
    },
  },
  {
    title: 'a disposed Store has freed its memory, once, and refuses what comes later',
    run: async (device) => {
      const { bytes } = device.counts;
      const store = new Store(device);
      const session = await open(store, doubling([4]));
      const reader = await store.reader(['x']);
      store[Symbol.dispose]();
      store[Symbol.dispose]();
      mustThrow(() => session.run(), 'usage');
      await mustReject(reader.read(), 'usage');
      for (const made of [session, session, reader, reader]) made[Symbol.dispose]();
      mustEqual(device.counts.bytes, bytes, 'bytes');
      mustThrow(() => store.write('x', new Float32Array(4)), 'usage');
      mustThrow(() => session.run(), 'usage');
      await mustReject(open(store, doubling([4])), 'usage');
      mustEqual(device.counts.bytes, bytes, 'bytes after a late plan');
      await device.idle();
    },
  },
];
