import { describe, expect, it } from 'vitest';
import { bindingsOf, entryOf, mustBindAll, mustBindFew } from '../../src/compile/bindings.js';
import { Graph } from '../../src/graph/graph.js';

const code = `
enable f16;
@group(0) @binding(2) var<storage, read_write> y: array<f32, 4>;
@group(0) @binding(0) var<storage, read> x: array<f32, 4>;
@group(0)   @binding(1)
var<storage> w : array<vec4f>;
var<workgroup> tile: array<f32, 4>;
fn notMain() {}
@compute @workgroup_size(4, 1, 1)
fn dense(@builtin(global_invocation_id) id: vec3u) { y[id.x] = x[id.x]; }`;

const refusal = (errorCode: string, sentence: RegExp) =>
  expect.objectContaining({ code: errorCode, message: expect.stringMatching(sentence) });

describe('what a shader declares', () => {
  it('are its storage bindings by number, read unless written, whatever the spaces', () => {
    expect(bindingsOf(code)).toEqual([
      { number: 0, name: 'x', access: 'read' },
      { number: 1, name: 'w', access: 'read' },
      { number: 2, name: 'y', access: 'read_write' },
    ]);
  });

  it('is one entry point', () => {
    expect(entryOf(code)).toBe('dense');
    expect(() => entryOf('fn notMain() {}')).toThrow(refusal('shader', /wanted one function with @compute/));
  });
});

describe('a step', () => {
  const graph = new Graph();
  const [x, w, y] = ['x', 'w', 'y'].map((name) => graph.state(name, [4])) as [never, never, never];
  const step = (bind: object) => ({ code, bind: bind as never, groups: [1, 1, 1] as const, flops: 0 });
  const check = (bind: object) => () => mustBindAll('dense', bindingsOf(code), step(bind));

  it('binds what its shader declares, in any order', () => {
    expect(check({ y, x, w })).not.toThrow();
  });

  it.each([
    ['too little', { x, y }],
    ['too much', { x, y, w, b: w }],
    ['another name', { x, y, weight: w }],
  ])('that binds %s is refused, with both lists', (_, bind) => {
    expect(check(bind)).toThrow(
      refusal('shader', /dense: bindings .*; wanted those that the shader declares: x, w, y/),
    );
  });

  it('that binds more buffers than the adapter has is refused', () => {
    expect(() => mustBindFew('dense', 3, 3)).not.toThrow();
    expect(() => mustBindFew('dense', 3, 2)).toThrow(refusal('limit', /dense: 3 storage buffers; wanted at most 2/));
  });
});
