// How a kernel is held against its formula: `kernelLaw` makes a law; test/laws/*.ts list laws; test/kernels/*.gpu.test.ts run
// them in Node (`lawsInNode`), and the browser tests run the same lists in a page.

import { compile, type CompileOptions } from '../../src/compile/compile.js';
import { choose, keyOf } from '../../src/compile/choose.js';
import { cover } from '../../src/compile/cover.js';
import type { Plan } from '../../src/compile/plan.js';
import { rewrite } from '../../src/compile/rewrite.js';
import { sizeOf, textOf, type DType, type Shape } from '../../src/core/shape.js';
import { uniform } from '../../src/core/random.js';
import { Elements, valuesOf } from '../../src/engine/checkBounds.js';
import { Session } from '../../src/engine/session.js';
import { Store, type StateData } from '../../src/engine/store.js';
import type { Device } from '../../src/gpu/device.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { forEachIndex } from '../../src/graph/values.js';
import { kernels } from '../../src/kernels/index.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { Readback } from '../../src/gpu/readback.js';
import { must, type GpuLaw } from './gpuLaw.js';

export interface KernelOperand {
  readonly shape: Shape;
  readonly dtype?: DType;
  /** Seeded values in (−1, 1) if absent. */
  readonly values?: ArrayLike<number>;
}

export interface KernelCase {
  /** Operands by name: a shape alone means seeded f32 values. */
  readonly inputs: Readonly<Record<string, Shape | KernelOperand>>;
  readonly build: (operands: Readonly<Record<string, Tensor>>) => Tensor | readonly Tensor[];
  /** Instead of the shipped kernels: for planted faults. */
  readonly kernels?: readonly Kernel[];
}

/** A NaN with a payload of its own: what unwritten memory holds in these tests. */
const POISON = 0x7fc0_dead;
const GUARD_BYTES = 256;

/**
 * A law: every variant of the kernels that compute this graph gives the formula's values within the derived bound,
 * writes every element, writes nothing else, and gives the same bits twice.
 */
export const kernelLaw = (title: string, kernelCase: KernelCase): GpuLaw => ({
  title,
  run: (device) => checkKernel(device, kernelCase),
});

export async function checkKernel(device: Device, { inputs, build, kernels: own }: KernelCase): Promise<void> {
  const graph = new Graph();
  const operands: Record<string, Tensor> = {};
  const values = new Map<Tensor, StateData>();
  Object.entries(inputs).forEach(([name, given], stream) => {
    const operand: KernelOperand = isShape(given) ? { shape: given } : given;
    const tensor = graph.state(name, operand.shape, { dtype: operand.dtype ?? 'f32' });
    operands[name] = tensor;
    values.set(tensor, dataOf(operand, stream));
  });
  const built = build(operands);
  const outputs: readonly Tensor[] = Array.isArray(built) ? (built as readonly Tensor[]) : [built as Tensor];

  const elements = new Elements((state) => valuesOf(state.shape, values.get(state) ?? []));
  for (const plan of everyPlan(graph, outputs, device, own ?? kernels)) {
    await checkPlan(device, plan, values, outputs, elements);
  }
}

async function checkPlan(
  device: Device,
  plan: Plan,
  values: ReadonlyMap<Tensor, StateData>,
  outputs: readonly Tensor[],
  elements: Elements,
): Promise<void> {
  using store = new Store(device);
  using session = await Session.open(store, plan);
  const runOnce = async (): Promise<readonly StateData[]> => {
    for (const [name, buffer] of session.scratch) {
      const bytes = plan.scratch.find((other) => other.name === name)?.bytes ?? 0;
      device.upload(buffer, 0, new Uint32Array(bytes / 4).fill(POISON));
    }
    for (const [tensor, data] of values) store.write(tensor.name, data);
    session.run();
    return Promise.all(outputs.map((output) => session.read(output)));
  };
  const first = await runOnce();
  outputs.forEach((output, i) => mustMatchFormula(plan, output, first[i], elements));
  await mustLeaveGuards(device, plan, session);
  const second = await runOnce();
  outputs.forEach((output, i) => {
    const same = bitsOf(first[i]).every((word, at) => word === bitsOf(second[i])[at]);
    must(same, () => `${namesOf(plan)}: ${output.name} has other bits in a second run`);
  });
}

/** The default plan of both dialects, and one plan for every other variant that fits. */
export function everyPlan(
  graph: Graph,
  keep: readonly Tensor[],
  device: Device,
  from: readonly Kernel[],
): readonly Plan[] {
  const plans = new Map<string, Plan>();
  const add = (options: CompileOptions): void => {
    const plan = compile(graph, options);
    plans.set(plan.dispatches.map((dispatch) => dispatch.code).join('\n'), plan);
  };
  for (const dialect of ['cpu', 'gpu'] as const) {
    const profile = { ...device.profile, dialect };
    const options = { name: `check ${dialect}`, kernels: from, profile, keep, guardBytes: GUARD_BYTES };
    add(options);
    const { graph: rewritten, of } = rewrite(graph, keep);
    for (const run of cover(rewritten, from, new Set(keep.flatMap((tensor) => of(tensor) ?? [])))) {
      for (const { name } of run.variants) {
        const table = new Map([[keyOf(run), name]]);
        if (choose(run, profile, table, new Set()).name === name) add({ ...options, table });
      }
    }
  }
  return [...plans.values()];
}

function mustMatchFormula(plan: Plan, output: Tensor, found: StateData | undefined, elements: Elements): void {
  forEachIndex(output.shape, (index, position) => {
    const given = found?.[position] ?? NaN;
    must(elements.ratio(output, index, given) <= 1, () => {
      const unwritten = bitsOf(found)[position] === POISON ? ' (never written)' : '';
      const wanted = `${elements.of(output).flat(position)} ± ${elements.tolerance(output, index)}`;
      return `${namesOf(plan)}: ${output.name}[${index.join(', ')}] of ${textOf(output.shape)} is ${given}${unwritten}; wanted ${wanted}`;
    });
  });
}

async function mustLeaveGuards(device: Device, plan: Plan, session: Session): Promise<void> {
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

const isShape = (given: Shape | KernelOperand): given is Shape => Array.isArray(given);

function dataOf({ shape, dtype = 'f32', values }: KernelOperand, stream: number): StateData {
  const size = sizeOf(shape);
  const given = values ?? Array.from({ length: size }, (_, i) => 2 * uniform(11, stream, i) - 1);
  if (dtype === 'f32') return Float32Array.from(given);
  return dtype === 'u32' ? Uint32Array.from(given) : Uint8Array.from(given);
}
