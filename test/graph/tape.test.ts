import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { accumulate, fill, gradients } from '../../src/graph/tape.js';
import { add, mul } from '../../src/ops/arithmetic.js';
import { conv2d } from '../../src/ops/conv2d.js';
import { matmul } from '../../src/ops/matmul.js';
import { maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { poolAttrs } from '../../src/ops/poolWindow.js';
import { sum } from '../../src/ops/reduce.js';
import { relu } from '../../src/ops/relu.js';
import { scale } from '../../src/ops/scale.js';
import { checkCalculus } from '../support/calculus.js';

const opsOf = (graph: Graph): string[] => graph.nodes.map(({ op }) => op);

describe('a tensor that is read several times', () => {
  checkCalculus('twice by one op', { inputs: { x: [4] }, build: ({ x }) => add(x!, x!) });
  checkCalculus('by several ops, along paths of several lengths', {
    inputs: { x: [4] },
    build: ({ x }) => add(mul(relu(x!), scale(x!, 3)), mul(mul(x!, x!), x!)),
  });
  checkCalculus('as an input and on the way', {
    inputs: { x: [4], w: [4] },
    build: ({ x, w }) => {
      const y = mul(x!, w!);
      return add(mul(y, y), mul(y, w!));
    },
  });

  it('has one accumulate for each further reader', () => {
    const graph = new Graph();
    const x = graph.state('x', [4]);
    gradients(sum(add(add(x, scale(x, 2)), scale(x, 3))), [x]);
    expect(opsOf(graph).filter((op) => op === 'accumulate')).toHaveLength(2);
  });
});

describe('gradients', () => {
  it('that nobody wants are never made', () => {
    const graph = new Graph();
    const [x, w, frozen] = [
      graph.state('x', [1, 1, 5, 5]),
      graph.state('w', [2, 1, 3, 3]),
      graph.state('frozen', [2, 2, 1, 1]),
    ];
    const y = conv2d(relu(conv2d(x, frozen.shape === w.shape ? w : w)), frozen);
    gradients(sum(y), [w]);
    const made = opsOf(graph);
    // The images of the first layer and the weights of the second want none.
    expect(made.filter((op) => op === 'conv2dGradX')).toHaveLength(1);
    expect(made.filter((op) => op === 'conv2dGradW')).toHaveLength(1);
  });

  it('begin at the loss: what is computed beside it is not differentiated', () => {
    const graph = new Graph();
    const x = graph.state('x', [3, 3]);
    matmul(x, x);
    const loss = sum(scale(x, 2));
    const before = graph.nodes.length;
    gradients(loss, [x]);
    expect(opsOf(graph).slice(before)).not.toContain('matmul');
  });

  it('of what lies between are there as well as those of states', () => {
    const graph = new Graph();
    const x = graph.state('x', [2]);
    const y = mul(x, x);
    const loss = sum(scale(y, 3));
    const [dy, dx, dloss] = gradients(loss, [y, x, loss]);
    const formulas = new Formulas(graph);
    formulas.set(x, [5, -1]);
    const read = (tensor: Tensor | undefined) => [...formulas.read(tensor!).data];
    expect([read(dy), read(dx), read(dloss)]).toEqual([[3, 3], [30, -6], [1]]);
  });

  it('flow through output 0 alone: the winners of a pool have none', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 2, 2]);
    const [y] = maxPool2dOp.apply([x], poolAttrs('maxPool2d', { window: 2 }));
    gradients(sum(y!), [x]);
    expect(opsOf(graph)).toContain('maxPool2dGrad');
  });

  it('of gradients are gradients: the second derivative of x³', () => {
    const graph = new Graph();
    const x = graph.state('x', [2]);
    const [first] = gradients(sum(mul(mul(x, x), x)), [x]);
    const [second] = gradients(sum(first!), [x]);
    const formulas = new Formulas(graph);
    formulas.set(x, [2, -3]);
    expect([...formulas.read(first!).data]).toEqual([12, 27]);
    expect([...formulas.read(second!).data]).toEqual([12, -18]);
  });

  it('start from a seed if there is one', () => {
    const graph = new Graph();
    const [x, seed] = [graph.state('x', [3]), graph.state('seed', [3])];
    const [dx] = gradients(scale(x, 2), [x], seed);
    const formulas = new Formulas(graph);
    formulas.set(seed, [1, 0, -4]);
    expect([...formulas.read(dx!).data]).toEqual([2, 0, -8]);
  });

  it('of a loss of several elements are refused, with the way out', () => {
    const graph = new Graph();
    const x = graph.state('x', [2, 3]);
    expect(() => gradients(scale(x, 2), [x])).toThrow(
      expect.objectContaining({
        code: 'shape',
        message: 'gradients: a loss [2, 3]; wanted a scalar. Take its mean or sum first, or pass a seed of its shape.',
      }),
    );
    expect(() => gradients(scale(graph.state('one', [1, 1]), 2), [])).not.toThrow();
  });

  it('of a tensor that the loss does not depend on are refused by name', () => {
    const graph = new Graph();
    const [x, other] = [graph.state('x', [1]), graph.state('other', [1])];
    const loss = sum(scale(x, 2));
    expect(() => gradients(loss, [x, other])).toThrow(
      expect.objectContaining({ code: 'graph', message: expect.stringMatching(/other, on which .* does not depend/) }),
    );
  });
});

describe('fill and accumulate', () => {
  it('fill never reads its operand', () => {
    const graph = new Graph();
    const x = graph.state('x', [2]);
    const formulas = new Formulas(graph);
    formulas.set(x, [NaN, NaN]);
    expect([...formulas.read(fill.one([x], { value: 3 })).data]).toEqual([3, 3]);
  });

  it('accumulate adds', () => {
    const graph = new Graph();
    const x = graph.state('x', [2]);
    const formulas = new Formulas(graph);
    formulas.set(x, [1, 2]);
    expect([...formulas.read(accumulate.one([x, x], {})).data]).toEqual([2, 4]);
  });
});
