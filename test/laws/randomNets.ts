// Random nets of small whole numbers: every product and every sum is exact in f32, so that whatever kernels a plan
// fuses, tiles or splits, it must give the formula's numbers to the last bit.

import { compile } from '../../src/compile/compile.js';
import { uniform } from '../../src/core/random.js';
import { sizeOf } from '../../src/core/shape.js';
import { Session } from '../../src/engine/session.js';
import { Store } from '../../src/engine/store.js';
import type { Device } from '../../src/gpu/device.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { kernels } from '../../src/kernels/index.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { mul } from '../../src/ops/arithmetic.js';
import { pack } from '../../src/ops/pack.js';
import { sum } from '../../src/ops/reduce.js';
import { must, type GpuLaw } from '../support/gpuLaw.js';
import { randomNet } from '../support/randomNet.js';
import { backKernels } from './convGradGemm.js';

const BATCH = 3;
/** Whole numbers below this are exact in f32, and so are their sums as long as those stay below it too. */
const EXACT = 2 ** 24;

/** Loss Σ logits² of a random net, and its gradients as the update would read them. */
function netGraph(seed: number) {
  const net = randomNet(seed);
  const graph = new Graph();
  const logits = net.build(graph.state('x', [BATCH, ...net.input]));
  const loss = sum(mul(logits, logits));
  const members = graph.members('parameters');
  const slopes = gradients(loss, members);
  const offsets = members.map(({ place }) => place?.offset ?? 0);
  const packed = pack(slopes, offsets, sizeOf(graph.arena('parameters').shape));
  return { graph, members, outputs: [logits, loss, packed] };
}

/** The kernels of a GPU, whose products on the way back have tiles that a software adapter compiles in a moment. */
const smallTiles: readonly Kernel[] = [
  ...backKernels({ lanes: [4, 4], each: [4, 4], depth: 1, rows: 3, pixels: 8, steps: 4 }),
  ...kernels,
];

/**
 * Throws unless a net gives its formula's numbers. Returns false for a net that shows nothing: its numbers are too large
 * to be exact, or all zero.
 * @param dialect whose plan: the adapter's own by default
 */
export async function checkNet(device: Device, seed: number, dialect = device.profile.dialect): Promise<boolean> {
  const { graph, members, outputs } = netGraph(seed);
  const formulas = new Formulas(graph);
  using store = new Store(device);
  const plan = compile(graph, {
    name: `net ${seed}`,
    keep: outputs,
    expectedSteps: 1,
    kernels: dialect === 'gpu' ? smallTiles : kernels,
    profile: { ...device.profile, dialect },
  });
  using session = await Session.open(store, plan);
  // Zeros and ones of both signs, more zeros in large layers, so that sums stay small.
  [...members, graph.states[0]!].forEach((state, stream) => {
    const size = sizeOf(state.shape);
    const values = Float32Array.from({ length: size }, (_, i) => {
      const value = uniform(seed, stream, i);
      return value < 0.25 ? -1 : value < 0.5 ? 1 : 0;
    });
    formulas.set(state, values);
    store.write(state.name, values);
  });
  session.run();
  for (const output of outputs) {
    const wanted = formulas.read(output).data;
    const found = await session.read(output);
    if (!wanted.every((value) => Math.abs(value) < EXACT) || wanted.every((value) => value === 0)) return false;
    const wrong = found.findIndex((value, i) => value !== wanted[i]);
    must(
      wrong < 0,
      () => `net ${seed}: element ${wrong} of ${output.name} is ${found[wrong]}; wanted ${wanted[wrong]}`,
    );
  }
  return true;
}

export const randomNetLaws: readonly GpuLaw[] = [0, 1, 2, 3, 5, 8].map((seed) => ({
  title: `random net ${seed} of whole numbers gives loss and gradients to the last bit`,
  run: async (device) => must(await checkNet(device, seed), () => `net ${seed} shows nothing`),
}));
