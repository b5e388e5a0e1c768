import { describe, expect, it } from 'vitest';
import { rewrite } from '../../src/compile/rewrite.js';
import { Graph } from '../../src/graph/graph.js';
import { defineOp } from '../../src/graph/op.js';
import { add, mul } from '../../src/ops/arithmetic.js';
import { maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { poolAttrs } from '../../src/ops/poolWindow.js';
import { flatten, reshape } from '../../src/ops/reshape.js';
import { scale } from '../../src/ops/scale.js';

const opsOf = (graph: Graph): string[] => graph.nodes.map(({ op }) => op);

describe('equal ops on equal operands', () => {
  it('are one node, and what reads them reads that one', () => {
    const graph = new Graph();
    const x = graph.state('x', [3]);
    const y = mul(add(scale(x, 2), x), add(scale(x, 2), x));
    const { graph: smaller, of } = rewrite(graph, [y]);
    expect(opsOf(smaller)).toEqual(['scale', 'add', 'mul']);
    expect(of(y)?.node?.inputs[0]).toBe(of(y)?.node?.inputs[1]);
  });

  it('are two where attributes or operands differ, or stand the other way round', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [3]), graph.state('b', [3])];
    const all = [scale(a, 2), scale(a, 3), scale(b, 2), add(a, b), add(b, a), mul(a, b)];
    expect(rewrite(graph, all).graph.nodes).toHaveLength(6);
  });

  it.each([
    [NaN, Infinity],
    [Infinity, -Infinity],
    [0, -0],
  ])('are two where they differ in a number that JSON does not know: %d and %d', (one, other) => {
    const raised = defineOp<{ floor: number }>('raised', {
      arity: 1,
      infer: ([x]) => [{ shape: x.shape, dtype: 'f32' }],
      at: ([x], index, { floor }) => Math.max(x.at(...index), floor),
    });
    const graph = new Graph();
    const x = graph.state('x', [3]);
    const all = [one, other, one].map((floor) => raised.one([x], { floor }));
    expect(rewrite(graph, all).graph.nodes).toHaveLength(2);
  });

  it('share all of their outputs', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 4, 4]);
    const attrs = poolAttrs('maxPool2d', { window: 2 });
    const [[, index], [y]] = [maxPool2dOp.apply([x], attrs), maxPool2dOp.apply([x], attrs)];
    const { graph: smaller, of } = rewrite(graph, [index!, y!]);
    expect(smaller.nodes).toHaveLength(1);
    expect([of(y!)?.output, of(index!)?.output]).toEqual([0, 1]);
  });
});

describe('reshapes', () => {
  const graph = new Graph();
  const x = graph.state('x', [2, 3, 4]);

  it('of reshapes are one reshape of what was there at first', () => {
    const y = flatten(reshape(reshape(x, [24]), [4, 3, 2]));
    const { graph: smaller, of } = rewrite(graph, [y]);
    expect(opsOf(smaller)).toEqual(['reshape']);
    expect(of(y)).toMatchObject({ shape: [4, 6], node: { inputs: [{ name: 'x' }] } });
  });

  it('to the same shape, or back to it, are nothing', () => {
    const same = reshape(x, [2, 3, 4]);
    const back = reshape(reshape(x, [24]), [2, 3, 4]);
    const y = add(same, back);
    const { graph: smaller, of } = rewrite(graph, [y]);
    expect(opsOf(smaller)).toEqual(['add']);
    expect(of(same)).toBe(of(x));
    expect(of(y)?.node?.inputs.map(({ name }) => name)).toEqual(['x', 'x']);
  });
});

describe('what nobody needs', () => {
  it('is left out, and has no place in the new graph', () => {
    const graph = new Graph();
    const x = graph.state('x', [3]);
    const [needed, dead] = [scale(x, 2), scale(scale(x, 3), 4)];
    graph.assign(x, add(needed, x));
    const { graph: smaller, of } = rewrite(graph, []);
    expect(opsOf(smaller)).toEqual(['scale', 'add']);
    expect(of(dead)).toBeUndefined();
  });

  it('is nothing that is kept or assigned, nor any state', () => {
    const graph = new Graph();
    const [x, unread] = [graph.state('x', [3]), graph.state('unread', [5])];
    const kept = scale(x, 2);
    graph.assign(x, scale(x, 3));
    const { graph: smaller, of } = rewrite(graph, [kept]);
    expect(smaller.nodes).toHaveLength(2);
    expect(smaller.assignments).toHaveLength(1);
    expect(of(unread)?.place).toEqual(unread.place);
  });
});

it('rewriting twice is rewriting once', () => {
  const graph = new Graph();
  const x = graph.state('x', [2, 3]);
  const y = add(reshape(reshape(x, [6]), [3, 2]), reshape(x, [3, 2]));
  graph.assign(x, reshape(mul(y, y), [2, 3]));
  const once = rewrite(graph, []).graph;
  const again = rewrite(once, []).graph;
  expect(opsOf(again)).toEqual(opsOf(once));
});
