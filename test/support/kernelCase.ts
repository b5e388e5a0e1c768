// What a law about kernels computes, and the plans that compute it: free of any GPU.

import { choose, keyOf } from '../../src/compile/choose.js';
import { compile, type CompileOptions } from '../../src/compile/compile.js';
import { cover } from '../../src/compile/cover.js';
import type { Plan } from '../../src/compile/plan.js';
import { rewrite } from '../../src/compile/rewrite.js';
import type { Dialect, Profile } from '../../src/core/profile.js';
import { uniform } from '../../src/core/random.js';
import { sizeOf, type DType, type Shape } from '../../src/core/shape.js';
import type { StateData } from '../../src/engine/store.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { kernels } from '../../src/kernels/index.js';
import type { Kernel } from '../../src/kernels/kernel.js';

export interface KernelOperand {
  readonly shape: Shape;
  readonly dtype?: DType;
  /** Operands of one arena lie in one buffer; absent for one of its own. */
  readonly arena?: string;
  /** Seeded values in (−1, 1) if absent. */
  readonly values?: ArrayLike<number>;
}

export interface KernelCase {
  /** Operands by name: a shape alone means seeded f32 values. */
  readonly inputs: Readonly<Record<string, Shape | KernelOperand>>;
  /** The dialects whose kernels are held; both by default. */
  readonly dialects?: readonly Dialect[];
  readonly build: (operands: Readonly<Record<string, Tensor>>) => Tensor | readonly Tensor[];
  /** Those that are asked first, for variants in sizes that no net would choose. */
  readonly kernels?: readonly Kernel[];
}

/** A case as a graph, with what its states hold and what is looked at. */
export interface BuiltCase {
  readonly graph: Graph;
  readonly values: ReadonlyMap<Tensor, StateData>;
  /** The same states with small whole numbers, on which every op of the case is exact; absent where some op is not. */
  readonly whole?: ReadonlyMap<Tensor, StateData>;
  readonly outputs: readonly Tensor[];
  readonly kernels: readonly Kernel[];
}

/** Ops that make whole numbers of whole numbers. */
const EXACT = new Set(
  (
    'add mul accumulate sum broadcast matmul relu reluGrad reshape argmaxRows countEqual ' +
    'permute slice pad concat matmulBatched embedding embeddingGrad ' +
    'sub neg abs sign square maximum minimum equal amax amin argmax ' +
    'conv2d conv2dGradX conv2dGradW maxPool2d maxPool2dGrad winners'
  ).split(' '),
);
/** So small that sums of some ten thousand products stay below 2²⁴, where f32 has every whole number. */
const LARGEST = 8;

export function graphOf({ inputs, build, kernels: own = [] }: KernelCase): BuiltCase {
  const graph = new Graph();
  const operands: Record<string, Tensor> = {};
  const values = new Map<Tensor, StateData>();
  const whole = new Map<Tensor, StateData>();
  Object.entries(inputs).forEach(([name, given], stream) => {
    const operand: KernelOperand = isShape(given) ? { shape: given } : given;
    const tensor = graph.state(name, operand.shape, {
      dtype: operand.dtype ?? 'f32',
      arena: operand.arena ?? name,
    });
    operands[name] = tensor;
    values.set(tensor, dataOf(operand, stream));
    whole.set(tensor, wholeOf(operand, stream));
  });
  const built = build(operands);
  const outputs = Array.isArray(built) ? (built as readonly Tensor[]) : [built as Tensor];
  const isWhole = [...whole.values()].every((data) => data.every((value) => Number.isInteger(value)));
  const isExact = isWhole && graph.nodes.every(({ op }) => EXACT.has(op));
  return { graph, values, ...(isExact ? { whole } : {}), outputs, kernels: [...own, ...kernels] };
}

/** Free bytes after every piece of scratch, where a write past an end shows. */
export const GUARD_BYTES = 256;

/** The default plan of both dialects, and one plan for every other variant that fits; no two of one text. */
export function everyPlan(
  graph: Graph,
  keep: readonly Tensor[],
  adapter: Profile,
  all: readonly Kernel[],
  dialects: readonly Dialect[] = ['cpu', 'gpu'],
): readonly Plan[] {
  const plans = new Map<string, Plan>();
  const add = (options: CompileOptions): void => {
    const plan = compile(graph, options);
    plans.set(plan.dispatches.map((dispatch) => dispatch.code).join('\n'), plan);
  };
  for (const dialect of dialects) {
    const profile = { ...adapter, dialect };
    const options = { name: `check ${dialect}`, kernels: all, profile, keep, guardBytes: GUARD_BYTES };
    add(options);
    const { graph: rewritten, of } = rewrite(graph, keep);
    const kept = new Set(keep.flatMap((tensor) => of(tensor) ?? []));
    for (const run of cover(rewritten, { kernels: all, profile, kept })) {
      for (const { name } of run.variants) {
        const table = new Map([[keyOf(run), name]]);
        if (choose(run, profile, table, new Set()).name === name) add({ ...options, table });
      }
    }
  }
  return [...plans.values()];
}

const isShape = (given: Shape | KernelOperand): given is Shape => Array.isArray(given);

function dataOf({ shape, dtype = 'f32', values }: KernelOperand, stream: number): StateData {
  const size = sizeOf(shape);
  const given = values ?? Array.from({ length: size }, (_, i) => 2 * uniform(11, stream, i) - 1);
  if (dtype === 'f32') return Float32Array.from(given);
  return dtype === 'u32' ? Uint32Array.from(given) : Uint8Array.from(given);
}

/** Whole numbers instead of the seeded ones; values that a case names stay as they are. */
function wholeOf(operand: KernelOperand, stream: number): StateData {
  if (operand.values !== undefined) return dataOf(operand, stream);
  const size = sizeOf(operand.shape);
  const values = Array.from(
    { length: size },
    (_, i) => Math.floor(uniform(12, stream, i) * (2 * LARGEST + 1)) - LARGEST,
  );
  return dataOf({ ...operand, values }, stream);
}
