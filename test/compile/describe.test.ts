import { describe, expect, it } from 'vitest';
import { columns, describe as textOf, withUnit } from '../../src/compile/describe.js';
import { Graph } from '../../src/graph/graph.js';
import { add } from '../../src/ops/arithmetic.js';
import { plainPlan, twice } from '../support/plainPlan.js';

describe('a plan as text', () => {
  const graph = new Graph();
  const x = graph.state('x', [100]);
  graph.assign(x, add(twice.one([x], {}), x));
  const lines = textOf(plainPlan(graph)).split('\n');

  it('says how many dispatches and how much work', () => {
    expect(lines[0]).toBe('plan plain: 3 dispatches, 2 FLOP a step');
  });

  it('has a line for every dispatch: kernel, variant, ops, workgroups, work, memory, bindings', () => {
    expect(lines[1]).toMatch(/^# {2}kernel {2}variant {2}covers +groups +work +memory +bindings$/);
    expect(lines[2]).toMatch(/^1 {2}twice {3}plain {4}twice {5}1×1×1 {3}1 FLOP {2}800 B {3}x←x\+0 y→scratch0\+0$/);
    expect(lines[3]).toMatch(/^2 {2}add {5}plain {4}add .* 1.2 kB {2}a←scratch0\+0 b←x\+0 y→scratch1\+0$/);
    expect(lines[4]).toMatch(/^3 {2}copy {4}plain {4}assign x .* x←scratch1\+0 y→x\+0$/);
  });

  it('has a line for every buffer', () => {
    expect(lines.slice(5)).toEqual([
      'arenas of the Store',
      '  x  512 B',
      'scratch',
      '  scratch0  512 B',
      '  scratch1  512 B',
    ]);
  });

  it('says so where there is no scratch', () => {
    const bare = new Graph();
    bare.state('x', [1]);
    expect(textOf(plainPlan(bare)).split('\n').at(-1)).toBe('  none');
  });
});

describe('withUnit', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.23 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [12_345_678, '12.3 MB'],
    [1e9, '1 GB'],
    [5e15, '5000 TB'],
  ])('%i is %s', (value, text) => {
    expect(withUnit(value, 'B')).toBe(text);
  });
});

describe('columns', () => {
  it('are as wide as their widest cell, two spaces apart; the last is not filled up', () => {
    expect(
      columns([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'ccc'],
      ]),
    ).toBe('a    bb  c\naaa  b   ccc');
  });
});
