import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { defaultProfile, type ProfileLimits } from '../../src/core/profile.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { kernels } from '../../src/kernels/index.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { scale } from '../../src/ops/scale.js';
import { declaring, plainPlan, twice } from '../support/plainPlan.js';

const withLimits = (limits: Partial<ProfileLimits>) => {
  const profile = defaultProfile('gpu');
  return { ...profile, limits: { ...profile.limits, ...limits } };
};

function twiceOf(size: number): { graph: Graph; y: Tensor } {
  const graph = new Graph();
  return { graph, y: scale(graph.state('x', [size]), 2) };
}

const refusal = (sentence: RegExp) =>
  expect.objectContaining({ code: 'limit', message: expect.stringMatching(sentence) });

describe('a plan that the adapter cannot hold is refused before any GPU is asked', () => {
  const compileWith =
    (limits: Partial<ProfileLimits>, size = 1024) =>
    () => {
      const { graph, y } = twiceOf(size);
      return compile(graph, { name: 'test', kernels, profile: withLimits(limits), keep: [y] });
    };

  it('an arena or scratch beyond the largest buffer or binding, with the way out', () => {
    for (const limit of ['maxBufferSize', 'maxStorageBufferBindingSize'] as const) {
      expect(compileWith({ [limit]: 4096 })).not.toThrow();
      expect(compileWith({ [limit]: 4095 })).toThrow(
        refusal(/plan test: x of 4096 bytes; wanted at most 4095\. Use a smaller batch or fewer images\./),
      );
    }
  });

  it('more buffers in a dispatch than a shader may have', () => {
    expect(compileWith({ maxStorageBuffersPerShaderStage: 1 })).toThrow(
      refusal(/scale: 2 storage buffers; wanted at most 1/),
    );
  });

  it('more workgroups along an axis than may be', () => {
    expect(compileWith({ maxComputeWorkgroupsPerDimension: 1 })).toThrow(
      refusal(/scale: \d+ × 1 × 1 workgroups; wanted 1 to 1 /),
    );
  });

  it('no workgroups at all', () => {
    const { graph } = twiceOf(3);
    const y = twice.one([graph.states[0]!], {});
    const empty: Kernel = {
      name: 'twice',
      match: (node) => ({
        nodes: [node],
        variants: [
          {
            name: 'plain',
            dialect: 'any',
            steps: () => [
              {
                code: declaring('twice', { x: 3, y: 3 }, ['y']),
                bind: { x: node.inputs[0]!, y: node.outputs[0]! },
                groups: [1, 0, 1],
                flops: 0,
              },
            ],
          },
        ],
      }),
    };
    const compileEmpty = () => compile(graph, { name: 'test', kernels: [empty], profile: withLimits({}), keep: [y] });
    expect(compileEmpty).toThrow(refusal(/twice: 1 × 0 × 1 workgroups/));
  });
});

describe('a plan', () => {
  it('is frozen, and knows where states and kept tensors are', () => {
    const graph = new Graph();
    const x = graph.state('x', [3]);
    const passing = twice.one([x], {});
    const kept = twice.one([passing], {});
    const plan = plainPlan(graph, [kept]);
    expect(Object.isFrozen(plan)).toBe(true);
    expect(plan.where(x)).toEqual({ buffer: 'x', offsetBytes: 0, bytes: 12, shape: [3], dtype: 'f32', kept: true });
    expect(plan.where(kept)).toMatchObject({ bytes: 12, kept: true });
    // It may lose its memory within the step.
    expect(plan.where(passing)).toMatchObject({ bytes: 12, kept: false });
    expect(plan.where(twice.one([kept], {}))).toBeUndefined();
  });

  it('names its states and the bytes of their arenas, those too that nothing reads', () => {
    const graph = new Graph();
    graph.parameter('w', [70]);
    graph.parameter('b', [3]);
    graph.state('images', [5], { dtype: 'u8' });
    const plan = plainPlan(graph);
    expect(plan.states.map(({ name, arena, offsetBytes, bytes }) => [name, arena, offsetBytes, bytes])).toEqual([
      ['w', 'parameters', 0, 280],
      ['b', 'parameters', 512, 12],
      ['images', 'images', 0, 8],
    ]);
    expect(plan.arenas).toEqual(
      new Map([
        ['parameters', 768],
        ['images', 256],
      ]),
    );
    expect(plan.dispatches).toEqual([]);
  });

  it('refuses states that are called like its own memory', () => {
    const graph = new Graph();
    graph.state('w', [3], { arena: 'scratch0' });
    expect(() => plainPlan(graph)).toThrow(
      expect.objectContaining({
        code: 'graph',
        message: expect.stringMatching(/an arena named scratch0; wanted another name/),
      }),
    );
    const other = new Graph();
    other.state('scratchpad', [3]);
    expect(() => plainPlan(other)).not.toThrow();
  });
});
