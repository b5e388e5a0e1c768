// How a kernel is held against its formula: `kernelLaw` makes a law; test/laws/*.ts list laws; test/kernels/*.gpu.test.ts run
// them in Node (`lawsInNode`), and the browser tests run the same lists in a page.

import type { Plan } from '../../src/compile/plan.js';
import { textOf } from '../../src/core/shape.js';
import { Elements, indexAt, valuesOf } from '../../src/engine/checkBounds.js';
import { Session } from '../../src/engine/session.js';
import { Store, type StateData } from '../../src/engine/store.js';
import type { Device } from '../../src/gpu/device.js';
import { Readback } from '../../src/gpu/readback.js';
import { Formulas } from '../../src/graph/evaluate.js';
import type { Graph, Tensor } from '../../src/graph/graph.js';
import { forEachIndex } from '../../src/graph/values.js';
import { must, type GpuLaw } from './gpuLaw.js';
import { everyPlan, graphOf, type KernelCase } from './kernelCase.js';

export type { KernelCase, KernelOperand } from './kernelCase.js';

/** A NaN with a payload of its own: what unwritten memory holds in these tests. */
const POISON = 0x7fc0_dead;

export interface KernelLaw extends GpuLaw {
  readonly kernelCase: KernelCase;
}

/**
 * A law: every variant of the kernels that compute this graph gives the formula's values within the derived bound,
 * writes every element, writes nothing else, and gives the same bits twice. Sums of products are exact on small whole
 * numbers, so there it gives the very values: the bound of a long sum is wider than any of its terms.
 */
export const kernelLaw = (title: string, kernelCase: KernelCase): KernelLaw => ({
  title,
  kernelCase,
  run: (device) => checkKernel(device, kernelCase),
});

/** @param change plans to check instead of those that are compiled: for planted faults */
export async function checkKernel(
  device: Device,
  kernelCase: KernelCase,
  change = (plan: Plan): readonly Plan[] => [plan],
): Promise<void> {
  const { graph, values, whole, outputs, kernels } = graphOf(kernelCase);
  const elements = new Elements((state) => valuesOf(state.shape, values.get(state) ?? []));
  const exact = whole && exactOutputs(graph, whole, outputs);
  const plans = everyPlan(graph, outputs, device.profile, kernels, kernelCase.dialects).flatMap(change);
  // Opened together, so that shaders compile on all cores: they take most of a law's time.
  const opened = await Promise.all(plans.map((plan) => openPlan(device, plan)));
  try {
    for (const each of opened) {
      const first = await runOnce(each, values, outputs);
      outputs.forEach((output, i) => mustMatchFormula(each.plan, output, first[i], elements));
      await mustLeaveGuards(device, each);
      const second = await runOnce(each, values, outputs);
      outputs.forEach((output, i) => mustHaveSameBits(each.plan, output, first[i], second[i]));
      if (whole === undefined) continue;
      const wholeRun = await runOnce(each, whole, outputs);
      outputs.forEach((output, i) => mustEqualFormula(each.plan, output, wholeRun[i], exact?.[i]));
    }
  } finally {
    for (const { session, store } of opened) {
      session[Symbol.dispose]();
      store[Symbol.dispose]();
    }
  }
}

interface Opened {
  readonly plan: Plan;
  readonly session: Session;
  readonly store: Store;
}

async function openPlan(device: Device, plan: Plan): Promise<Opened> {
  const store = new Store(device);
  return { plan, store, session: await Session.open(store, plan) };
}

async function runOnce(
  { plan, session, store }: Opened,
  values: ReadonlyMap<Tensor, StateData>,
  outputs: readonly Tensor[],
): Promise<readonly StateData[]> {
  for (const [name, buffer] of session.scratch) {
    const bytes = plan.scratch.find((other) => other.name === name)?.bytes ?? 0;
    store.device.upload(buffer, 0, new Uint32Array(bytes / 4).fill(POISON));
  }
  for (const [tensor, data] of values) store.write(tensor.name, data);
  session.run();
  return Promise.all(outputs.map((output) => session.read(output)));
}

function exactOutputs(
  graph: Graph,
  values: ReadonlyMap<Tensor, StateData>,
  outputs: readonly Tensor[],
): readonly Float64Array[] {
  const formulas = new Formulas(graph);
  for (const [state, data] of values) formulas.set(state, data);
  return outputs.map((output) => formulas.read(output).data);
}

function mustMatchFormula(plan: Plan, output: Tensor, found: StateData | undefined, elements: Elements): void {
  forEachIndex(output.shape, (index, position) => {
    const given = found?.[position] ?? NaN;
    must(elements.ratio(output, index, given) <= 1, () => {
      const wanted = `${elements.of(output).flat(position)} ± ${elements.tolerance(output, index)}`;
      return sentence(plan, output, found, position, wanted);
    });
  });
}

function mustEqualFormula(
  plan: Plan,
  output: Tensor,
  found: StateData | undefined,
  wanted: Float64Array | undefined,
): void {
  const isSame = (a: number | undefined, b: number): boolean => a === b || Object.is(a, b);
  const wrong = wanted?.findIndex((value, position) => !isSame(found?.[position], value)) ?? 0;
  must(wrong < 0, () => sentence(plan, output, found, wrong, `${wanted?.[wrong]}, of whole numbers`));
}

function mustHaveSameBits(
  plan: Plan,
  output: Tensor,
  first: StateData | undefined,
  second: StateData | undefined,
): void {
  const same = bitsOf(first).every((word, at) => word === bitsOf(second)[at]);
  must(same, () => `${namesOf(plan)}: ${output.name} has other bits in a second run`);
}

function sentence(plan: Plan, output: Tensor, found: StateData | undefined, position: number, wanted: string): string {
  const unwritten = bitsOf(found)[position] === POISON ? ' (never written)' : '';
  const at = `${output.name}[${indexAt(output.shape, position).join(', ')}] of ${textOf(output.shape)}`;
  return `${namesOf(plan)}: ${at} is ${found?.[position]}${unwritten}; wanted ${wanted}`;
}

async function mustLeaveGuards(device: Device, { plan, session }: Opened): Promise<void> {
  for (const [name, buffer] of session.scratch) {
    using readback = await Readback.open(device, 'guards', buffer.size);
    const [bytes] = await readback.read([{ buffer, offsetBytes: 0, bytes: buffer.size }]);
    const words = new Uint32Array(bytes ?? new ArrayBuffer(0));
    const owned = plan.occupied.filter((range) => range.buffer === name);
    const trespass = words.findIndex(
      (word, at) =>
        word !== POISON &&
        !owned.some((range) => at * 4 >= range.offsetBytes && at * 4 < range.offsetBytes + range.bytes),
    );
    must(trespass < 0, () => `${namesOf(plan)}: wrote word ${trespass} of ${name}, which belongs to nobody`);
  }
}

const namesOf = (plan: Plan): string => plan.dispatches.map(({ entry, variant }) => `${entry}/${variant}`).join(' ');

const bitsOf = (data: StateData | undefined): Uint32Array =>
  data === undefined
    ? new Uint32Array(0)
    : new Uint32Array(data.buffer, data.byteOffset, Math.floor(data.byteLength / 4));
