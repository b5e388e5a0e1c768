import { describe, expect, it } from 'vitest';
import { choose, keyOf, type Covered } from '../../src/compile/choose.js';
import { compile } from '../../src/compile/compile.js';
import { defaultProfile, type Profile } from '../../src/core/profile.js';
import { Graph } from '../../src/graph/graph.js';
import type { Kernel, Variant } from '../../src/kernels/kernel.js';
import { declaring, twice } from '../support/plainPlan.js';

const variant = (name: string, rest: Partial<Variant> = {}): Variant => ({
  name,
  dialect: 'any',
  steps: () => [],
  ...rest,
});

/** A run of one node with these variants. */
function runOf(variants: readonly Variant[], shape: readonly number[] = [3]): Covered {
  const { node } = twice.one([new Graph().state('x', shape)], {});
  return { kernel: 'twice', nodes: [node!], variants };
}

const chosen = (
  variants: readonly Variant[],
  { profile = defaultProfile('cpu'), table = {}, refused = [] as readonly string[] } = {},
): string => {
  const run = runOf(variants);
  const key = keyOf(run);
  const names = Object.entries(table).map(([, name]) => [key, String(name)] as const);
  return choose(run, profile, new Map(names), new Set(refused.map((name) => `${key} ${name}`))).name;
};

describe('the variant of a run', () => {
  const large: Profile = { ...defaultProfile('gpu'), features: ['shader-f16'] };
  const all = [
    variant('half', { fits: ({ features }) => features.includes('shader-f16') }),
    variant('tiles', { dialect: 'gpu' }),
    variant('registers', { dialect: 'cpu' }),
    variant('plain'),
  ];

  it('is the first that is made for the adapter and fits it', () => {
    expect(chosen(all)).toBe('registers');
    expect(chosen(all, { profile: defaultProfile('gpu') })).toBe('tiles');
    expect(chosen(all, { profile: large })).toBe('half');
  });

  it('is the table’s, if that fits', () => {
    expect(chosen(all, { table: { key: 'plain' } })).toBe('plain');
    expect(chosen(all, { table: { key: 'tiles' } })).toBe('registers');
    expect(chosen(all, { table: { key: 'of another release' } })).toBe('registers');
  });

  it('is none that was refused, whatever the table says', () => {
    expect(chosen(all, { refused: ['registers'] })).toBe('plain');
    expect(chosen(all, { refused: ['registers'], table: { key: 'registers' } })).toBe('plain');
  });

  it('must exist: an adapter that none fits is told so, with the names', () => {
    expect(() => chosen(all, { refused: ['registers', 'plain'] })).toThrow(
      expect.objectContaining({
        code: 'limit',
        message: expect.stringMatching(
          /kernel twice: no variant of half, tiles, registers, plain on default cpu profile/,
        ),
      }),
    );
  });
});

describe('the key of a run', () => {
  it('says kernel, ops, shapes and attributes, and nothing of the run’s place', () => {
    expect(keyOf(runOf([], [2, 3]))).toBe('twice twice(2×3){}');
    expect(keyOf(runOf([], [2, 3]))).toBe(keyOf(runOf([variant('plain')], [2, 3])));
    expect(keyOf(runOf([], [3, 2]))).not.toBe(keyOf(runOf([], [2, 3])));
  });
});

it('refusing a variant is compiling again: another plan, the same states', () => {
  const graph = new Graph();
  const x = graph.state('x', [3]);
  const y = twice.one([x], {});
  const steps = (entry: string) => (): ReturnType<Variant['steps']> => [
    { code: declaring(entry, { x: 3, y: 3 }, ['y']), bind: { x: y.node!.inputs[0]!, y }, groups: [1, 1, 1], flops: 3 },
  ];
  const kernel: Kernel = {
    name: 'twice',
    match: (node) => ({
      nodes: [node],
      variants: ['fast', 'plain'].map((name) =>
        variant(name, {
          steps: () => steps(name)().map((step) => ({ ...step, bind: { x: node.inputs[0]!, y: node.outputs[0]! } })),
        }),
      ),
    }),
  };
  const options = { name: 'test', kernels: [kernel], profile: defaultProfile('cpu'), keep: [y] };
  const fast = compile(graph, options);
  expect(fast.dispatches.map(({ entry, variant: name }) => [entry, name])).toEqual([['fast', 'fast']]);
  const plain = compile(graph, { ...options, refused: new Set(['twice twice(3){} fast']) });
  expect(plain.dispatches.map(({ entry }) => entry)).toEqual(['plain']);
  expect(plain.states).toEqual(fast.states);
});
