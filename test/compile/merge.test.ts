import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { fitTogether, mergeSteps } from '../../src/compile/mergeCode.js';
import { defaultProfile, type Profile } from '../../src/core/profile.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { kernels } from '../../src/kernels/index.js';
import { temporary, type Step } from '../../src/kernels/kernel.js';
import { gradients } from '../../src/graph/tape.js';
import { dense } from '../../src/ops/matmul.js';
import { relu } from '../../src/ops/relu.js';
import { tintErrors } from '../support/tint.js';

const adding = (x: Tensor, y: Tensor, groups: Step['groups']): Step => ({
  code: `@group(0) @binding(0) var<storage, read> x: array<f32, 4>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, 4>;

const ONE = 1.0;
struct Pair { x: f32, one: f32 }
fn both(pair: Pair) -> f32 { return pair.x + pair.one; }

@compute @workgroup_size(4, 1, 1)
fn addOne(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
  y[id.x] = both(Pair(x[id.x + group.y], ONE));
}`,
  bind: { x, y },
  groups,
  flops: 4,
  merge: 'ones',
});

const graph = new Graph();
const [x, y, z] = ['x', 'y', 'z'].map((name) => graph.state(name, [4])) as [Tensor, Tensor, Tensor];

describe('steps that become one', () => {
  it('do the work of each, told apart by their workgroups, and bind what they share once', async () => {
    const step = mergeSteps([adding(x, y, [2, 3, 1]), adding(x, z, [5, 1, 1])]);
    expect(step.groups).toEqual([11, 1, 1]);
    expect(step.flops).toBe(8);
    expect(Object.values(step.bind)).toEqual([x, y, z]);
    expect(step.code).toMatch(/group >= 6u && group < 11u/);
    expect(await tintErrors(step.code)).toEqual([]);
  });

  it('keep temporaries of one name apart', () => {
    const parts = [temporary('parts', [4]), temporary('parts', [4])] as const;
    const bind = (part: (typeof parts)[number], to: Tensor) => ({
      ...adding(x, to, [1, 1, 1]),
      bind: { x: part, y: to },
    });
    expect(Object.values(mergeSteps([bind(parts[0], y), bind(parts[1], z)]).bind)).toHaveLength(4);
  });

  /** x + 1 by way of two arrays of workgroup memory. */
  const staging = (first: string, second: string): Step => ({
    ...adding(x, y, [1, 1, 1]),
    code: `@group(0) @binding(0) var<storage, read> x: array<f32, 4>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, 4>;
var<workgroup> left: ${first};
var<workgroup> right: ${second};

@compute @workgroup_size(4, 1, 1)
fn addOne(@builtin(local_invocation_index) lane: u32) {
  left[lane] = x[lane];
  right[lane] = 1.0;
  workgroupBarrier();
  y[lane] = left[3u - lane] + right[lane];
}`,
  });

  it('share arrays of workgroup memory, as a workgroup does the work of one of them alone', async () => {
    const [small, large] = ['array<f32, 4>', 'array<f32, 8>'];
    const roles = [staging(small, large), staging(large, small), staging(large, large)];
    const { code } = mergeSteps(roles);
    const arrays = [...code.matchAll(/^var<workgroup> (\w+): (.*);$/gm)].map(([, name, type]) => [name, type]);
    expect(arrays).toEqual([
      ['left', small],
      ['right', large],
      ['right_2', large],
    ]);
    // Each role stores x in its first array and the ones in its second.
    const stored = [...code.matchAll(/(\w+)\[lane\] = 1\.0/g)].map(([, name]) => name);
    expect(stored).toEqual(['right', 'left', 'right_2']);
    expect([...code.matchAll(/(\w+)\[lane\] = x/g)].map(([, name]) => name)).toEqual(['left', 'right', 'right']);
    expect(await tintErrors(code)).toEqual([]);
  });

  it('fit together while they need no more workgroup memory than every adapter has', () => {
    const half = 'array<vec4f, 512>';
    expect(fitTogether([staging(half, half).code, staging(half, half).code])).toBe(true);
    expect(fitTogether([staging(half, half).code, staging(half, 'array<f32, 1>').code])).toBe(false);
    expect(fitTogether([staging('array<Pair, 1>', half).code])).toBe(false);
  });
});

describe('the gradients of two dense layers', () => {
  const plan = (profile: Profile = { ...defaultProfile('cpu'), features: ['subgroups'] }) => {
    const net = new Graph();
    const parameters = [
      ['w0', [8, 6]],
      ['b0', [8]],
      ['w1', [5, 8]],
      ['b1', [5]],
    ] as const;
    const [w0, b0, w1, b1] = parameters.map(([name, shape]) => net.parameter(name, shape)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const top = dense(relu(dense(net.state('data', [16, 6]), w0, b0)), w1, b1);
    const slopes = gradients(top, [w0, b0, w1, b1], top);
    return compile(net, { name: 'two layers', kernels, profile, keep: slopes });
  };

  it('are made in one dispatch, after the last slope that they need', () => {
    const { dispatches } = plan();
    const weights = dispatches.filter(({ covers }) => covers.includes('sum → matmul'));
    expect(weights).toHaveLength(1);
    expect(dispatches.at(-1)).toBe(weights[0]);
  });

  it('are made in one dispatch on GPUs too, with the workgroup memory of one', async () => {
    const { dispatches } = plan(defaultProfile('gpu'));
    const weights = dispatches.filter(({ covers }) => covers.includes('sum → matmul'));
    expect(weights).toHaveLength(1);
    expect(weights[0]!.code.match(/var<workgroup>/g)).toHaveLength(2);
    expect(await tintErrors(weights[0]!.code)).toEqual([]);
  });

  it('bind at most 8 buffers', () => {
    for (const { bindings } of [...plan().dispatches, ...plan(defaultProfile('gpu')).dispatches])
      expect(bindings.length).toBeLessThanOrEqual(8);
  });
});
