import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { advance, ALL_FINITE, firstNonFinite, recordStep } from '../../src/ops/control.js';

const word = (graph: Graph, name: string): Tensor => graph.state(name, [1], { dtype: 'u32' });

/** The guard after a step with these numbers; segments begin at 0, 2 and 5 of 6 gradients. */
function guardAfter(previous: number, loss: number, slopes: readonly number[]): number | undefined {
  const graph = new Graph();
  const [guard, l, g] = [word(graph, 'guard'), graph.state('loss', []), graph.state('slopes', [6])];
  const next = firstNonFinite(guard, l, g, [0, 2, 5]);
  const formulas = new Formulas(graph);
  formulas.set(guard, [previous]);
  formulas.set(l, [loss]);
  formulas.set(g, slopes);
  return formulas.read(next).data[0];
}

const well = [1, -2, 1e-45, 3.4e38, 0, -0];
const wellBut = (at: number, value: number): number[] => well.map((slope, i) => (i === at ? value : slope));

describe('firstNonFinite', () => {
  it('says nothing of finite numbers, however small or large', () => {
    expect(guardAfter(ALL_FINITE, 0, well)).toBe(ALL_FINITE);
  });

  it.each([NaN, Infinity, -Infinity, 1e39])('finds %d, which is no finite f32, and says whose it is', (value) => {
    expect(guardAfter(ALL_FINITE, value, well)).toBe(0);
    expect([0, 1, 2, 4, 5].map((at) => guardAfter(ALL_FINITE, 1, wellBut(at, value)))).toEqual([1, 1, 2, 2, 3]);
  });

  it('names the loss before any gradient, and the first gradient before later ones', () => {
    expect(guardAfter(ALL_FINITE, NaN, wellBut(0, NaN))).toBe(0);
    expect(guardAfter(ALL_FINITE, 0, wellBut(5, NaN).with(3, NaN))).toBe(2);
  });

  it('keeps an earlier word if that is smaller', () => {
    expect(guardAfter(1, 0, wellBut(5, NaN))).toBe(1);
    expect(guardAfter(2, 0, well)).toBe(2);
  });
});

describe('advance', () => {
  it.each([
    [4, ALL_FINITE, 5],
    [4, 0, 4],
    [4, 3, 4],
  ])('takes step %i under guard %i to %i', (step, guard, wanted) => {
    const graph = new Graph();
    const [s, g] = [word(graph, 'step'), word(graph, 'guard')];
    const formulas = new Formulas(graph);
    formulas.set(s, [step]);
    formulas.set(g, [guard]);
    expect(formulas.read(advance(s, g)).data[0]).toBe(wanted);
  });
});

describe('recordStep', () => {
  it('writes one row of the ring, and goes round', () => {
    const graph = new Graph();
    const ring = graph.state('ring', [2, 3]);
    const loss = graph.state('loss', []);
    const [step, correct, live] = ['step', 'correct', 'live'].map((name) => word(graph, name));
    graph.assign(ring, recordStep(ring, step!, loss, correct!, live!));
    const formulas = new Formulas(graph);
    for (const [at, values] of [
      [6, [0.5, 7, 8]],
      [7, [0.25, 3, 4]],
      [8, [0.125, 1, 2]],
    ] as const) {
      formulas.set(step!, [at]);
      formulas.set(loss, [values[0]]);
      formulas.set(correct!, [values[1]]);
      formulas.set(live!, [values[2]]);
      formulas.step();
    }
    expect([...formulas.read(ring).data]).toEqual([0.125, 1, 2, 0.25, 3, 4]);
  });
});
