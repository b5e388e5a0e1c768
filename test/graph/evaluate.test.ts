import { describe, expect, it } from 'vitest';
import { Formulas, positionOf } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { DenseValues, forEachIndex } from '../../src/graph/values.js';
import { add } from '../../src/ops/arithmetic.js';
import { scale } from '../../src/ops/scale.js';

describe('Formulas', () => {
  it('begins with zeros and forgets what it computed when a state changes', () => {
    const graph = new Graph();
    const x = graph.state('x', [2]);
    const y = scale(x, 3);
    const formulas = new Formulas(graph);
    expect([...formulas.read(y).data]).toEqual([0, 0]);
    formulas.set(x, [1, 2]);
    expect([...formulas.read(y).data]).toEqual([3, 6]);
    formulas.set(x, [-1, 2]);
    expect([...formulas.read(y).data]).toEqual([-3, 6]);
  });

  it('computes a step from the states of before, then assigns all of them', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [1]), graph.state('b', [1])];
    const both = add(a, b);
    graph.assign(a, both);
    graph.assign(b, a);
    const formulas = new Formulas(graph);
    formulas.set(a, [1]);
    formulas.set(b, [1]);
    const fibonacci = Array.from({ length: 6 }, () => {
      formulas.step();
      return formulas.read(a).data[0];
    });
    expect(fibonacci).toEqual([2, 3, 5, 8, 13, 21]);
    expect(formulas.read(both).data[0]).toBe(34);
  });

  it('keeps to f64', () => {
    const graph = new Graph();
    const x = graph.state('x', [1]);
    const formulas = new Formulas(graph);
    formulas.set(x, [0.1]);
    expect(formulas.read(scale(x, 3)).data[0]).toBe(0.1 * 3);
  });

  it('refuses values that do not fill a state, and states that are none', () => {
    const graph = new Graph();
    const x = graph.state('x', [2]);
    const formulas = new Formulas(graph);
    expect(() => formulas.set(x, [1])).toThrow(
      expect.objectContaining({ code: 'shape', message: 'state x: 1 values; wanted 2 for [2]' }),
    );
    expect(() => formulas.set(scale(x, 2), [1, 2])).toThrow(expect.objectContaining({ code: 'graph' }));
  });
});

describe('row-major order', () => {
  it('visits every index once, the last axis fastest', () => {
    const seen: string[] = [];
    forEachIndex([2, 1, 3], (index, position) => seen.push(`${index.join('')}@${position}`));
    expect(seen).toEqual(['000@0', '001@1', '002@2', '100@3', '101@4', '102@5']);
  });

  it('visits a scalar once', () => {
    let times = 0;
    forEachIndex([], (index) => (times += index.length === 0 ? 1 : 99));
    expect(times).toBe(1);
  });

  it('is how values are found by index and by position', () => {
    const values = new DenseValues([2, 3], Float64Array.of(1, 2, 3, 4, 5, 6));
    expect([values.at(1, 0), values.flat(3), values.at(0, 2)]).toEqual([4, 4, 3]);
    expect(positionOf([2, 3], [1, 2])).toBe(5);
    expect(values.flat(6)).toBeNaN();
  });
});
