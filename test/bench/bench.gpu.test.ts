import { expect, it } from 'vitest';
import { runBench } from '../../bench/command.js';
import { benchKernels } from '../../bench/kernels.js';
import { Graph, type Node } from '../../src/graph/graph.js';
import { kernels } from '../../src/kernels/index.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { relu, reluOp } from '../../src/ops/relu.js';
import { nodeDevice } from '../support/node.js';

interface Row {
  readonly type: string;
  readonly kernel: string;
  readonly passed: boolean;
  readonly error: number;
  readonly where: string;
  readonly flops: number;
  readonly bytes: number;
  readonly time: { readonly wall: { readonly min: number } };
}

async function bench(...words: readonly string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const code = await runBench(words, { line: (text) => lines.push(text), error: (text) => errors.push(text) });
  return { code, lines, errors };
}

it('every kernel of the tutorial net’s training step is right at batch 64, and its row is whole', async () => {
  const words = ['kernels', '--net', 'tutorial', '--repeat', '1', '--block', '1', '--json'];
  const { code, lines, errors } = await bench(...words);
  expect(errors).toEqual([]);
  expect(code).toBe(0);
  const rows = lines.map((line) => JSON.parse(line) as Row);
  const timed = rows.filter(({ type }) => type === 'kernel');
  expect(timed.length).toBeGreaterThan(12);
  for (const { kernel, error, where, bytes, time } of timed) {
    expect(error, `${kernel}: ${where}`).toBeLessThanOrEqual(1);
    expect(bytes).toBeGreaterThan(0);
    expect(time.wall.min).toBeGreaterThan(0);
  }
  for (const { flops } of timed.filter(({ kernel }) => /^(conv|matmul|dense)/.test(kernel))) {
    expect(flops).toBeGreaterThan(0);
  }
  expect(rows.map(({ type }) => type)).toEqual(['machine', ...timed.map(() => 'kernel'), 'step']);
}, 120_000);

it('what is timed is the plan for the length of the run', async () => {
  const right = planted('');
  const ways: Kernel = {
    name: 'relu',
    match: (node, uses) => {
      const match = right.match(node, uses);
      const costs = { quick: { compileSeconds: 0, seconds: 1 }, slow: { compileSeconds: 60, seconds: 0 } };
      const variants = Object.entries(costs).flatMap(([name, cost]) =>
        (match?.variants ?? []).map((variant) => ({ ...variant, name, cost })),
      );
      return match && { ...match, variants };
    },
  };
  expect(await rowOf(ways, 1)).toMatchObject({ variant: 'quick', passed: true });
  expect(await rowOf(ways, 20_000)).toMatchObject({ variant: 'slow', passed: true });
});

it('a plan of the curve is measured from the start of its process: first step, speed, encoding', async () => {
  const words = ['curve', '--in', 'here', '--steps', '1', '--batch', '4', '--repeat', '1', '--block', '1', '--json'];
  const { code, lines } = await bench(...words);
  expect(code).toBe(0);
  const rows = lines.map((line) => JSON.parse(line) as object);
  expect(rows).toMatchObject([
    { type: 'plan', net: 'tutorial', batch: 4, expectedSteps: 1, dialect: 'cpu' },
    { type: 'curve', points: [{ expectedSteps: 1 }] },
    { type: 'machine', adapter: expect.any(String), commit: expect.any(String), host: expect.stringContaining('Node') },
  ]);
  const [{ firstStepS, rate }] = rows as [
    { firstStepS: number; rate: { encodeMs: { min: number }; firstStepMs: number } },
  ];
  expect(firstStepS).toBeGreaterThan(rate.firstStepMs / 1000);
  expect(rate.encodeMs.min).toBeGreaterThan(0);
}, 120_000);

it('words that it does not know end the bench with 2', async () => {
  for (const words of [[], ['steps'], ['kernels', '--net', 'other'], ['kernels', '--batch', '0'], ['kernels', '-x']]) {
    expect((await bench(...words)).code).toBe(2);
  }
});

/** A relu of 32-lane workgroups whose last words are as `last` says; nothing there leaves them unwritten. */
const planted = (last: string): Kernel => ({
  name: 'relu',
  match: (node: Node) => {
    const [x] = node.inputs;
    const [y] = node.outputs;
    if (reluOp.attrsOf(node) === undefined || x === undefined || y === undefined) return undefined;
    const size = x.shape.reduce((product, length) => product * length, 1);
    const code = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(32)
fn relu(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${size}u) { return; }
  if (id.x == ${size - 1}u) { ${last} }
  y[id.x] = max(x[id.x], 0.0);
}`;
    const groups = [Math.ceil(size / 32), 1, 1] as const;
    const steps = () => [{ code, bind: { x, y }, groups, flops: size }];
    return { nodes: [node], variants: [{ name: 'planted', dialect: 'any', steps }] };
  },
});

async function rowOf(kernel: Kernel, expectedSteps?: number) {
  const graph = new Graph();
  const x = graph.state('x', [3, 50, 70]);
  const prepare = (store: { write(name: string, data: Float32Array<ArrayBuffer>): void }): void =>
    store.write(
      'x',
      Float32Array.from({ length: 10_500 }, (_, i) => Math.cos(i)),
    );
  const options = { keep: [relu(x)], warmUp: 0, prepare, kernels: [kernel, ...kernels], expectedSteps };
  const { rows } = await benchKernels(await nodeDevice(), graph, options, { blockMs: 1, rounds: 1, fromSubmit: false });
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

it('a kernel that is right is timed', async () => {
  const row = await rowOf(planted(''));
  expect(row).toMatchObject({ variant: 'planted', covers: 'relu', shape: '3×50×70', passed: true, error: 0 });
  expect(row).toMatchObject({ flops: 10_500, bytes: 84_000 });
  expect(row.time?.wall.min).toBeGreaterThan(0);
});

it('a kernel that is wrong in its last word alone is named and not timed', async () => {
  const row = await rowOf(planted('y[id.x] = 7.0; return;'));
  expect(row.passed).toBe(false);
  expect(row.where).toContain('[2, 49, 69] of [3, 50, 70] is 7, wanted');
  expect(row.time).toBeUndefined();
});

it('a kernel that leaves its last word unwritten is named', async () => {
  const row = await rowOf(planted('return;'));
  expect(row.passed).toBe(false);
  expect(row.where).toContain('[2, 49, 69] of [3, 50, 70] is NaN, wanted');
});
