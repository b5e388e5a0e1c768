import { Session } from '../../src/engine/session.js';
import { Store } from '../../src/engine/store.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { relu } from '../../src/ops/relu.js';
import { scale, scaleOp } from '../../src/ops/scale.js';
import { single } from '../../src/kernels/single.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import type { Device } from '../../src/gpu/device.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { mustThrow } from './store.js';

/** y ← 3·relu(2·x), with every tensor at hand. */
function chain(): { graph: Graph; x: Tensor; doubled: Tensor; positive: Tensor; tripled: Tensor; y: Tensor } {
  const graph = new Graph();
  const x = graph.state('x', [4]);
  const y = graph.state('y', [4]);
  const doubled = scale(x, 2);
  const positive = relu(doubled);
  const tripled = scale(positive, 3);
  graph.assign(y, tripled);
  return { graph, x, doubled, positive, tripled, y };
}

const X = Float32Array.of(-1, 0.5, 2, 3);

/** A kernel for `scale` with this body, over bindings x and y. */
const planted = (code: string, names = ['x', 'y']): Kernel =>
  single(scaleOp, ({ inputs: [x], outputs: [y] }) => [
    { code, bind: { [names[0] ?? '']: x, [names[1] ?? '']: y }, groups: [1, 1, 1], flops: 0 },
  ]);

const shader = (body: string, workgroup = 4): string => `
@group(0) @binding(0) var<storage, read> x: array<f32, 4>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, 4>;

@compute @workgroup_size(${workgroup}, 1, 1)
fn planted(@builtin(local_invocation_index) i: u32) {
  ${body}
}`;

const faults: readonly { title: string; kernel: Kernel; code: string; says: readonly string[] }[] = [
  {
    title: 'a shader that does not compile is `shader`, with its line, the lines around it and a caret',
    kernel: planted(shader('let wrong = 1.0;\n  y[i] = x[i] + missing;\n  y[i] += wrong;')),
    code: 'shader',
    says: ['planted', 'line 8', 'let wrong = 1.0;', 'y[i] = x[i] + missing;', '^', 'y[i] += wrong;'],
  },
  {
    title: 'a binding that the shader does not declare is `shader`, with both lists',
    kernel: planted(shader('y[i] = x[i];'), ['x', 'z']),
    code: 'shader',
    says: ['planted', 'x, z', 'x, y'],
  },
  {
    title: 'a shader without an entry point is `shader`',
    kernel: planted('fn helper() {}'),
    code: 'shader',
    says: ['@compute'],
  },
  {
    title: 'a pipeline that the GPU refuses is `gpu`, with the entry point',
    kernel: planted(shader('y[i] = x[i];', 4096)),
    code: 'gpu',
    says: ['planted'],
  },
];

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no rejection',
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
}

export const sessionLaws: readonly GpuLaw[] = [
  {
    title: 'states and kept tensors can be read; what shares its memory cannot, and the error says the way out',
    run: async (device: Device) => {
      const { graph, x, doubled, positive, y } = chain();
      using store = new Store(device);
      using session = await Session.compile(store, graph, { name: 'chain', keep: [doubled] });
      store.write('x', X);
      session.run();
      mustEqual(Array.from(await session.read(x)), Array.from(X), 'x');
      mustEqual(Array.from(await session.read(doubled)), [-2, 1, 4, 6], 'what was kept');
      mustEqual(Array.from(await session.read(y)), [0, 3, 12, 18], 'y');
      await mustReject(session.read(positive), 'plan');
      const message = await messageOf(session.read(positive));
      must(message.includes(positive.name) && message.includes('keep'), () => message);
    },
  },
  {
    title: 'what the plan never computes cannot be read, and the error says so',
    run: async (device: Device) => {
      const { graph, x } = chain();
      const unwanted = scale(x, 7);
      using store = new Store(device);
      using session = await Session.compile(store, graph, { name: 'chain' });
      await mustReject(session.read(unwanted), 'plan');
      await mustReject(session.read(chain().positive), 'plan');
    },
  },
  {
    title: 'a run of many steps is as many runs, in one submit, and makes nothing',
    run: async (device: Device) => {
      const graph = new Graph();
      const x = graph.state('x', [1]);
      graph.assign(x, scale(x, 2));
      using store = new Store(device);
      using session = await Session.compile(store, graph, { name: 'double' });
      store.write('x', Float32Array.of(1));
      const before = { ...device.counts };
      session.run(20);
      const dispatches = before.dispatches + 20 * session.plan.dispatches.length;
      mustEqual(device.counts, { ...before, submits: before.submits + 1, dispatches }, 'counts');
      for (let i = 0; i < 4; i++) session.run();
      mustEqual((await store.read(['x'])).get('x')?.[0], 2 ** 24, 'x');
    },
  },
  {
    title: 'a tensor can be read again and again through one staging buffer',
    run: async (device: Device) => {
      const { graph, doubled } = chain();
      using store = new Store(device);
      using session = await Session.compile(store, graph, { name: 'chain', keep: [doubled] });
      using reader = await session.reader(doubled);
      const { buffers } = device.counts;
      for (const value of [1, 2, 3]) {
        store.write('x', new Float32Array(4).fill(value));
        session.run();
        mustEqual(Array.from(await reader.read()), new Array(4).fill(2 * value), 'what was kept');
      }
      mustEqual(device.counts.buffers, buffers, 'buffers');
    },
  },
  ...faults.map(({ title, kernel, code, says }) => ({
    title: `${title}; nothing stays allocated`,
    run: async (device: Device) => {
      const { bytes } = device.counts;
      const graph = new Graph();
      const x = graph.state('x', [4]);
      const kept = scale(x, 2);
      {
        using store = new Store(device);
        const opened = Session.compile(store, graph, { name: 'planted', kernels: [kernel], keep: [kept] });
        await mustReject(opened, code);
        const states = device.counts.bytes - bytes;
        must(states === 0 || states === 256, () => `${states} bytes are left; wanted those of the states at most`);
        const message = await messageOf(
          Session.compile(store, graph, { name: 'planted', kernels: [kernel], keep: [kept] }),
        );
        for (const words of says) must(message.includes(words), () => `${message}\nsays nothing of ${words}`);
      }
      mustEqual(device.counts.bytes, bytes, 'bytes');
      await device.idle();
    },
  })),
  {
    title: 'the caret of a shader error stands under what the compiler did not understand',
    run: async (device: Device) => {
      const graph = new Graph();
      const kept = scale(graph.state('x', [4]), 2);
      using store = new Store(device);
      const kernel = planted(shader('y[i] = x[i] * missing;'));
      const message = await messageOf(
        Session.compile(store, graph, { name: 'planted', kernels: [kernel], keep: [kept] }),
      );
      const lines = message.split('\n');
      const at = lines.findIndex((line) => line.includes('missing;'));
      mustEqual(lines[at + 1]?.indexOf('^'), lines[at]?.indexOf('missing'), 'column of the caret');
    },
  },
  {
    title: 'a disposed session refuses to run and to read, and the device stays well',
    run: async (device: Device) => {
      const { graph, doubled, y } = chain();
      using store = new Store(device);
      const session = await Session.compile(store, graph, { name: 'chain', keep: [doubled] });
      const reader = await session.reader(doubled);
      session[Symbol.dispose]();
      reader[Symbol.dispose]();
      mustThrow(() => session.run(), 'usage');
      await mustReject(session.read(doubled), 'usage');
      await mustReject(session.read(y), 'usage');
      await mustReject(reader.read(), 'usage');
      await device.idle();
    },
  },
];
