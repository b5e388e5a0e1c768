// Kernels that write over the state they are assigned to, as they do in a training step.

import { LINEAR_ROW } from '../../shaders/lib/linear.js';
import { Session } from '../../src/engine/session.js';
import { Store } from '../../src/engine/store.js';
import type { Device } from '../../src/gpu/device.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { advance, ALL_FINITE, firstNonFinite, recordStep } from '../../src/ops/control.js';
import { countPairs } from '../../src/ops/batch.js';
import { scatterRows } from '../../src/ops/data.js';
import { pack } from '../../src/ops/pack.js';
import { scale } from '../../src/ops/scale.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import { must, mustEqual, type GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });

/** Assigns each state its own new value, so that the kernel finds the state where it writes. */
const assigned = (states: readonly Tensor[], values: readonly Tensor[]): readonly Tensor[] => {
  states.forEach((state, i) => state.graph.assign(state, values[i]!));
  return values;
};

const others: readonly GpuLaw[] = [
  kernelLaw('advance writes the step where it is', {
    inputs: { step: u32(2 ** 32 - 2), guard: u32(ALL_FINITE) },
    build: ({ step, guard }) => assigned([step!], [advance(step!, guard!)]),
  }),
  kernelLaw('recordStep writes into the ring where it is', {
    inputs: { ring: [3, 3], step: u32(5), loss: [], correct: u32(7), live: u32(9) },
    build: ({ ring, step, loss, correct, live }) =>
      assigned([ring!], [recordStep(ring!, step!, loss!, correct!, live!)]),
  }),
  kernelLaw('scatterRows writes numbers where they are', {
    inputs: { target: [130], rows: [65], step: u32(1), live: u32(64) },
    build: ({ target, rows, step, live }) => assigned([target!], [scatterRows(target!, rows!, step!, live!)]),
  }),
  kernelLaw('scatterRows writes whole numbers where they are', {
    inputs: { target: u32(1, 2, 3, 4, 5), rows: u32(0xffff_ffff, 0), step: u32(1), live: u32(2) },
    build: ({ target, rows, step, live }) => assigned([target!], [scatterRows(target!, rows!, step!, live!)]),
  }),
  kernelLaw('countPairs counts where the total is', {
    inputs: {
      total: { shape: [2, 2], dtype: 'u32', values: [1, 2, 3, 4] },
      a: u32(...Array.from({ length: 130 }, (_, n) => n % 2)),
      b: u32(...Array.from({ length: 130 }, (_, n) => (n % 3) % 2)),
      live: u32(129),
    },
    build: ({ total, a, b, live }) => assigned([total!], [countPairs(total!, a!, b!, live!)]),
  }),
  kernelLaw('the guard is written where it is', {
    inputs: { guard: u32(ALL_FINITE), loss: [], g: { shape: [70], values: [...new Array<number>(69).fill(1), NaN] } },
    build: ({ guard, loss, g }) => assigned([guard!], [firstNonFinite(guard!, loss!, g!, [0, 64])]),
  }),
];

/** The guard after one step, for several gradients that differ in one element. */
async function checkGuard(device: Device): Promise<void> {
  const starts = [0, 64, 192];
  const size = 257;
  const graph = new Graph();
  const guard = graph.state('guard', [1], { dtype: 'u32' });
  const [loss, slopes] = [graph.state('loss', []), graph.state('slopes', [size])];
  graph.assign(guard, firstNonFinite(guard, loss, slopes, starts));
  using store = new Store(device);
  using session = await Session.compile(store, graph, { name: 'guard' });
  const guardWith = async (at: number, value: number): Promise<number> => {
    const values = new Float32Array(size).fill(-3.4e38);
    values[at] = value;
    store.write('slopes', values);
    store.write('guard', Uint32Array.of(ALL_FINITE));
    session.run();
    return (await session.read(guard))[0] ?? NaN;
  };
  for (const value of [NaN, Infinity, -Infinity]) {
    for (const [segment, start] of starts.entries()) {
      const last = (starts[segment + 1] ?? size) - 1;
      for (const at of [start, last]) {
        mustEqual(await guardWith(at, value), segment + 1, `the guard with ${value} at ${at}`);
      }
    }
  }
  for (const value of [1e-45, -1e-40, 0, -0]) {
    mustEqual(await guardWith(256, value), ALL_FINITE, `the guard with ${value} at the end`);
  }
}

/** A pack whose operands are made in their places, and one of operands that someone else reads too. */
async function checkPack(device: Device): Promise<void> {
  const graph = new Graph();
  const [a, b] = [graph.state('a', [70]), graph.state('b', [3])];
  const shared = scale(b, 3);
  const packed = [pack([scale(a, 2), scale(b, 2)], [0, 128], 192), pack([shared, scale(a, 4)], [0, 64], 192)];
  using store = new Store(device);
  using session = await Session.compile(store, graph, { name: 'pack', keep: [...packed, shared] });
  const copies = session.plan.dispatches.filter(({ entry }) => entry === 'copy').length;
  must(copies === 1, () => `${copies} copies; wanted one, of what is kept besides`);
  store.write(
    'a',
    Float32Array.from({ length: 70 }, (_, i) => i + 1),
  );
  store.write('b', Float32Array.of(-1, -2, -3));
  session.run(2);
  const ofA = (factor: number) => Array.from({ length: 70 }, (_, i) => factor * (i + 1));
  const zeros = (count: number) => new Array<number>(count).fill(0);
  const [first, second] = await Promise.all(packed.map((tensor) => session.read(tensor)));
  mustEqual([...first!], [...ofA(2), ...zeros(58), -2, -4, -6, ...zeros(61)], 'operands at 0 and 128');
  mustEqual([...second!], [-3, -6, -9, ...zeros(61), ...ofA(4), ...zeros(58)], 'operands at 0 and 64');
  mustEqual([...(await session.read(shared))], [-3, -6, -9], 'what is kept besides');
}

/** Two states that change places, three times. */
async function checkSwap(device: Device): Promise<void> {
  const graph = new Graph();
  const [a, b] = [graph.state('a', [3]), graph.state('b', [3])];
  graph.assign(a, b);
  graph.assign(b, a);
  using store = new Store(device);
  using session = await Session.compile(store, graph, { name: 'swap' });
  store.write('a', Float32Array.of(1, 2, 3));
  store.write('b', Float32Array.of(4, 5, 6));
  session.run(3);
  mustEqual([...(await session.read(a)), ...(await session.read(b))], [4, 5, 6, 1, 2, 3], 'a and b');
}

/** More words than one row of workgroups has invocations, so that a second row must know where it begins. */
const MANY = LINEAR_ROW + 70;

async function checkManyWords(device: Device): Promise<void> {
  const graph = new Graph();
  const [a, b] = ['a', 'b'].map((name) => graph.state(name, [MANY], { dtype: 'u32' }));
  graph.assign(a!, b!);
  using store = new Store(device);
  using session = await Session.compile(store, graph, { name: 'many' });
  store.write(
    'b',
    Uint32Array.from({ length: MANY }, (_, i) => i),
  );
  session.run();
  const found = await session.read(a!);
  const wrong = found.findIndex((word, i) => word !== i);
  must(wrong < 0, () => `word ${wrong} of ${MANY} is ${found[wrong]}`);
}

export const inPlaceLaws: readonly GpuLaw[] = [
  ...others,
  { title: 'the guard finds the first and the last of each tensor, and no denormal', run: checkGuard },
  { title: 'a pack has its operands in their places, and zeros between', run: checkPack },
  { title: 'two states change places', run: checkSwap },
  { title: 'a state of more words than a row of workgroups is copied whole', run: checkManyWords },
];
