import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { ARENA_ALIGNMENT, Graph, overlap } from '../../src/graph/graph.js';
import { add } from '../../src/ops/arithmetic.js';
import { maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { poolAttrs } from '../../src/ops/poolWindow.js';
import { scale } from '../../src/ops/scale.js';

const refusal = (code: string, sentence: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(sentence) });

describe('states', () => {
  it('of one arena begin at multiples of 256 bytes and do not overlap', () => {
    const graph = new Graph();
    const sizes = [1, 63, 64, 65, 130];
    const states = sizes.map((size, i) => graph.state(`s${i}`, [size], { arena: 'all' }));
    expect(states.map(({ place }) => place?.offset)).toEqual([0, 64, 128, 192, 320]);
    expect(ARENA_ALIGNMENT * 4).toBe(256);
    for (const a of states) for (const b of states) expect(overlap(a, b)).toBe(a === b);
  });

  it('have an arena of their own unless told otherwise; parameters share one', () => {
    const graph = new Graph();
    expect(graph.state('step', [1]).place).toEqual({ arena: 'step', offset: 0 });
    expect(graph.parameter('w', [3]).place).toEqual({ arena: 'parameters', offset: 0 });
    expect(graph.parameter('b', [3]).place).toEqual({ arena: 'parameters', offset: 64 });
  });

  it('of bytes take a quarter of the words', () => {
    const graph = new Graph();
    graph.state('images', [3, 28, 28], { dtype: 'u8', arena: 'data' });
    expect(graph.state('labels', [3], { dtype: 'u8', arena: 'data' }).place?.offset).toBe(640); // 588 words
  });

  it('are refused under a name that is taken', () => {
    const graph = new Graph();
    graph.state('w', [3]);
    expect(() => graph.parameter('w', [4])).toThrow(refusal('graph', /a second state named w/));
  });

  it.each([[[0]], [[3, 0]], [[2.5]], [[-1]], [[NaN]], [[Infinity]]])('are refused with shape %j', (shape) => {
    expect(() => new Graph().state('w', shape)).toThrow(
      refusal('shape', /state w: shape \[.*\]; wanted whole sizes of at least 1/),
    );
  });

  it('are refused in an arena whose whole is in use', () => {
    const graph = new Graph();
    graph.parameter('w', [3]);
    graph.arena('parameters');
    expect(() => graph.parameter('b', [3])).toThrow(refusal('graph', /state b: arena parameters, whose whole/));
  });
});

describe('an arena as one tensor', () => {
  it('holds all its members, padding included, and is always the same', () => {
    const graph = new Graph();
    const [w, b] = [graph.parameter('w', [70]), graph.parameter('b', [3])];
    const whole = graph.arena('parameters');
    expect(whole.shape).toEqual([192]);
    expect(graph.arena('parameters')).toBe(whole);
    expect(graph.members('parameters')).toEqual([w, b]);
    expect([overlap(whole, w), overlap(whole, b), overlap(w, b)]).toEqual([true, true, false]);
  });

  it('shares its memory with them', () => {
    const graph = new Graph();
    graph.parameter('w', [2]);
    const b = graph.parameter('b', [2]);
    const whole = graph.arena('parameters');
    const formulas = new Formulas(graph);
    formulas.set(b, [7, 8]);
    expect([...formulas.read(whole).data.subarray(62, 67)]).toEqual([0, 0, 7, 8, 0]);
    formulas.set(whole, new Array<number>(128).fill(3));
    expect([...formulas.read(b).data]).toEqual([3, 3]);
  });

  it('is refused where there is none', () => {
    expect(() => new Graph().arena('parameters')).toThrow(refusal('graph', /arena: parameters; wanted an arena with/));
  });
});

describe('assignments', () => {
  it('take effect after every read of the step: two states change places', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [1]), graph.state('b', [1])];
    graph.assign(a, b);
    graph.assign(b, scale(a, 10));
    const formulas = new Formulas(graph);
    formulas.set(a, [1]);
    formulas.set(b, [2]);
    formulas.step();
    expect([formulas.read(a).data[0], formulas.read(b).data[0]]).toEqual([2, 10]);
    formulas.step();
    expect([formulas.read(a).data[0], formulas.read(b).data[0]]).toEqual([10, 20]);
  });

  it('are one a state, its arena included', () => {
    const graph = new Graph();
    const w = graph.parameter('w', [64]);
    const whole = graph.arena('parameters');
    graph.assign(w, scale(w, 2));
    expect(() => graph.assign(w, scale(w, 3))).toThrow(refusal('graph', /a second value for w/));
    expect(() => graph.assign(whole, scale(whole, 2))).toThrow(refusal('graph', /a second value for parameters/));
  });

  it('are refused for what a step makes, for another size, another type and another graph', () => {
    const graph = new Graph();
    const w = graph.state('w', [3]);
    const twice = scale(w, 2);
    expect(() => graph.assign(twice, w)).toThrow(refusal('graph', /scale1, made by a step; wanted a state/));
    expect(() => graph.assign(w, graph.state('v', [4]))).toThrow(refusal('shape', /v f32 \[4\]; wanted w f32 \[3\]/));
    expect(() => graph.assign(w, graph.state('n', [3], { dtype: 'u32' }))).toThrow(refusal('shape', /n u32 \[3\]/));
    expect(() => graph.assign(w, new Graph().state('w', [3]))).toThrow(refusal('graph', /w of another graph/));
  });
});

describe('nodes', () => {
  it('are named after their op and counted', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 2, 2]);
    expect([scale(x, 2).name, scale(x, 2).name, add(x, x).name]).toEqual(['scale1', 'scale2', 'add1']);
    const pooled = maxPool2dOp.apply([x], poolAttrs('maxPool2d', { window: 2 }));
    expect(pooled.map(({ name }) => name)).toEqual(['maxPool2d1.0', 'maxPool2d1.1']);
  });

  it('of two graphs do not mix', () => {
    const [a, b] = [new Graph().state('a', [3]), new Graph().state('b', [3])];
    expect(() => add(a, b)).toThrow(refusal('graph', /add: b of another graph; wanted tensors of one graph/));
  });

  it('have as many operands as their op takes', () => {
    const x = new Graph().state('x', [1, 1, 2, 2]);
    const pool = (inputs: readonly (typeof x)[]) => () =>
      maxPool2dOp.apply(inputs, poolAttrs('maxPool2d', { window: 2 }));
    expect(pool([x, x])).toThrow(refusal('graph', /maxPool2d: 2 operands; wanted 1 tensors?/));
    expect(pool([])).toThrow(refusal('graph', /0 operands/));
  });

  it('know their own attributes, and no other op’s', () => {
    const { node } = scale(new Graph().state('x', [1]), 2);
    expect(maxPool2dOp.attrsOf(node!)).toBeUndefined();
  });
});

describe('withSameStates', () => {
  it('has the same states in the same places and nothing else', () => {
    const graph = new Graph();
    const w = graph.parameter('w', [3]);
    graph.parameter('b', [70]);
    graph.state('images', [5], { dtype: 'u8' });
    graph.assign(w, scale(w, 2));
    graph.arena('parameters');
    const { graph: other, states } = graph.withSameStates();
    const placesOf = (g: Graph) => g.states.map(({ name, shape, dtype, place }) => ({ name, shape, dtype, place }));
    expect(placesOf(other)).toEqual(placesOf(graph));
    expect([other.nodes, other.assignments]).toEqual([[], []]);
    expect(graph.states.map((state) => states.get(state)?.name)).toEqual(graph.states.map(({ name }) => name));
  });
});
