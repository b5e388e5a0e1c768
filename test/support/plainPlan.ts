// Plans run without a GPU: small ops whose kernels are a declaration of bindings, and a reader of plans that does by
// hand what each would do, word by word. What is tested so is the compiler: order, memory and copies.

import { compile } from '../../src/compile/compile.js';
import type { Plan, Range } from '../../src/compile/plan.js';
import { defaultProfile } from '../../src/core/profile.js';
import { sizeOf } from '../../src/core/shape.js';
import type { Graph, Tensor } from '../../src/graph/graph.js';
import { defineOp } from '../../src/graph/op.js';
import { addOp } from '../../src/ops/arithmetic.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { single } from '../../src/kernels/single.js';

/** y = 2x + 1. */
export const twice = defineOp<object>('twice', {
  arity: 1,
  infer: ([x]) => [{ shape: x.shape, dtype: 'f32' }],
  at: ([x], index) => 2 * x.at(...index) + 1,
});

/** target ← 3·target + x, in place. */
export const mix = defineOp<object>('mix', {
  arity: 2,
  infer: ([target]) => [{ shape: target.shape, dtype: 'f32' }],
  at: ([target, x], index) => 3 * target.at(...index) + x.at(...index),
  inPlace: [[0, 0]],
});

/** p ← p − g and v ← v + g, both in place: an update with a state of its own. */
export const update = defineOp<object>('update', {
  arity: 3,
  infer: ([p]) => [
    { shape: p.shape, dtype: 'f32' },
    { shape: p.shape, dtype: 'f32' },
  ],
  at: ([p, g, v], index, _, output) =>
    output === 0 ? p.at(...index) - g.at(...index) : v.at(...index) + g.at(...index),
  inPlace: [
    [0, 0],
    [1, 2],
  ],
});

/** WGSL that declares these bindings and does nothing. */
export const declaring = (entry: string, sizes: Readonly<Record<string, number>>, written: readonly string[]): string =>
  [
    ...Object.entries(sizes).map(([name, size], number) => {
      const access = written.includes(name) ? 'read_write' : 'read';
      return `@group(0) @binding(${number}) var<storage, ${access}> ${name}: array<f32, ${size}>;`;
    }),
    `@compute @workgroup_size(1, 1, 1) fn ${entry}() {}`,
  ].join('\n');

const kernel = (entry: string, bind: Readonly<Record<string, Tensor>>, written: readonly string[]) => [
  {
    code: declaring(
      entry,
      Object.fromEntries(Object.entries(bind).map(([name, t]) => [name, sizeOf(t.shape)])),
      written,
    ),
    bind,
    groups: [1, 1, 1] as const,
    flops: 1,
  },
];

export const plainKernels: readonly Kernel[] = [
  single(twice, ({ inputs: [x], outputs: [y] }) => kernel('twice', { x, y }, ['y'])),
  single(addOp, ({ inputs: [a, b], outputs: [y] }) => kernel('add', { a, b, y }, ['y'])),
  single(mix, ({ inputs: [, x], outputs: [y] }) => kernel('mix', { x, y }, ['y'])),
  single(update, ({ inputs: [, g], outputs: [p, v] }) => kernel('update', { g, p, v }, ['p', 'v'])),
];

type Words = Readonly<Record<string, Float64Array>>;

/** What each kernel does to the words of its bindings. */
const doings: Readonly<Record<string, (words: Words) => void>> = {
  twice: ({ x, y }) => y!.forEach((_, i) => (y![i] = 2 * x![i]! + 1)),
  add: ({ a, b, y }) => y!.forEach((_, i) => (y![i] = a![i]! + b![i]!)),
  mix: ({ x, y }) => y!.forEach((_, i) => (y![i] = 3 * y![i]! + x![i]!)),
  update: ({ g, p, v }) =>
    g!.forEach((slope, i) => {
      p![i] = p![i]! - slope;
      v![i] = v![i]! + slope;
    }),
  copy: ({ x, y }) => y!.set(x!),
};

/** The memory of a plan: arenas and scratch by name. Scratch is full of NaN, as nobody may count on what it holds. */
export class PlainMemory {
  readonly #buffers = new Map<string, Float64Array>();

  constructor(plan: Plan) {
    for (const [name, bytes] of plan.arenas) this.#buffers.set(name, new Float64Array(bytes / 4));
    for (const { name, bytes } of plan.scratch) this.#buffers.set(name, new Float64Array(bytes / 4).fill(NaN));
  }

  words({ buffer, offsetBytes, bytes }: Range): Float64Array {
    const whole = this.#buffers.get(buffer);
    if (whole === undefined || (offsetBytes + bytes) / 4 > whole.length) throw new Error(`no such words in ${buffer}`);
    return whole.subarray(offsetBytes / 4, (offsetBytes + bytes) / 4);
  }

  run(plan: Plan): void {
    for (const { entry, bindings } of plan.dispatches) {
      const words = Object.fromEntries(bindings.map((binding) => [binding.name, this.words(binding)]));
      const doing = doings[entry];
      if (doing === undefined) throw new Error(`nobody knows what ${entry} does`);
      doing(words);
    }
  }
}

/** Compiles for the smallest adapter there may be, with the kernels above. */
export const plainPlan = (graph: Graph, keep: readonly Tensor[] = []): Plan =>
  compile(graph, { name: 'plain', kernels: plainKernels, profile: defaultProfile('gpu'), keep });
