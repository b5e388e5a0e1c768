import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/compile/plan.js';
import { aliasRoot } from '../../src/compile/storage.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { add } from '../../src/ops/arithmetic.js';
import { pack } from '../../src/ops/pack.js';
import { reshape } from '../../src/ops/reshape.js';
import { mix, PlainMemory, plainPlan, twice, update } from '../support/plainPlan.js';

const SIZES = [1, 3, 64, 70];

/** Every binding begins where WebGPU lets one begin, and no dispatch reads and writes one buffer. */
function mustBeBindable(plan: Plan): void {
  for (const { bindings } of plan.dispatches) {
    const written = bindings.filter(({ access }) => access === 'read_write').map(({ buffer }) => buffer);
    for (const { access, buffer, offsetBytes } of bindings) {
      expect(offsetBytes % 256).toBe(0);
      expect(access === 'read' && written.includes(buffer)).toBe(false);
    }
  }
}

/** Runs a plan and the formulas side by side for three steps; states and kept tensors must agree after each. */
function mustRunAsFormulas(graph: Graph, keep: readonly Tensor[] = []): void {
  const plan = plainPlan(graph, keep);
  mustBeBindable(plan);
  const memory = new PlainMemory(plan);
  const formulas = new Formulas(graph);
  graph.states.forEach((state, stream) => {
    const values = Array.from({ length: state.shape.reduce((a, b) => a * b, 1) }, (_, i) => 100 * (stream + 1) + i);
    formulas.set(state, values);
    memory.words(plan.where(state)!).set(values);
  });
  // Between packed operands lie the zeros that a buffer begins with, and nobody may write there.
  for (const { behaviour, outputs } of graph.nodes) {
    const range = behaviour.form === 'pack' ? plan.where(outputs[0]!) : undefined;
    if (range !== undefined) memory.words(range).fill(0);
  }
  for (let step = 0; step < 3; step++) {
    const kept = keep.map((tensor) => ({ tensor, wanted: [...formulas.read(tensor).data] }));
    formulas.step();
    memory.run(plan);
    for (const { tensor, wanted } of kept) {
      expect([...memory.words(plan.where(tensor)!)], `${tensor.name}, step ${step}`).toEqual(wanted);
    }
    for (const state of graph.states) {
      const wanted = [...formulas.read(state).data];
      expect([...memory.words(plan.where(state)!)], `${state.name}, step ${step}`).toEqual(wanted);
    }
  }
}

type Step = { readonly op: string; readonly a: number; readonly b: number; readonly c: number };

/** A graph from random numbers: each op takes any tensors of one size, assignments and kept tensors are chosen at will. */
function randomGraph(
  size: number,
  shared: boolean,
  steps: readonly Step[],
  assigned: readonly (readonly [number, number])[],
  kept: readonly number[],
) {
  const graph = new Graph();
  const tensors: Tensor[] = ['a', 'b', 'c', 'd'].map((name) =>
    graph.state(name, [size], shared && name < 'd' ? { arena: 'abc' } : {}),
  );
  const packed: Tensor[] = [];
  const pick = (i: number): Tensor => tensors[i % tensors.length]!;
  for (const { op, a, b, c } of steps) {
    if (op === 'twice') tensors.push(twice.one([pick(a)], {}));
    if (op === 'add') tensors.push(add(pick(a), pick(b)));
    if (op === 'mix' && pick(a) !== pick(b)) tensors.push(mix.one([pick(a), pick(b)], {}));
    if (op === 'update' && new Set([pick(a), pick(b), pick(c)]).size === 3) {
      tensors.push(...update.apply([pick(a), pick(b), pick(c)], {}));
    }
    if (op === 'pack') packed.push(pack([pick(a), pick(b)], [0, 128], 256));
    if (op === 'reshape') tensors.push(reshape(reshape(pick(a), [1, size, 1]), [size]));
  }
  for (const [state, value] of new Map(assigned)) graph.assign(graph.states[state % 4]!, pick(value));
  packed.forEach((tensor, i) => graph.assign(graph.state(`packed${i}`, [256]), tensor));
  // A state is read as it is after the step, so a kept one is no different from any other.
  return { graph, keep: [...new Set(kept.map(pick))].filter((tensor) => aliasRoot(tensor).node !== undefined) };
}

describe('a plan leaves in states and kept tensors what the formulas leave there', () => {
  it('for random graphs, with states that are read, overwritten in place and exchanged', () => {
    const step = fc.record({
      op: fc.constantFrom('twice', 'add', 'mix', 'update', 'reshape', 'pack'),
      a: fc.nat(20),
      b: fc.nat(20),
      c: fc.nat(20),
    });
    const assigned = fc.array(fc.tuple(fc.nat(3), fc.nat(20)), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom(...SIZES),
        fc.boolean(),
        fc.array(step, { maxLength: 10 }),
        assigned,
        fc.array(fc.nat(20), { maxLength: 3 }),
        (size, shared, steps, states, kept) => {
          const { graph, keep } = randomGraph(size, shared, steps, states, kept);
          mustRunAsFormulas(graph, keep);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  it('where two states change places', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [3]), graph.state('b', [3])];
    graph.assign(a, b);
    graph.assign(b, a);
    mustRunAsFormulas(graph);
  });

  it('where three states change places, one through a reshape', () => {
    const graph = new Graph();
    const [a, b, c] = [graph.state('a', [6]), graph.state('b', [2, 3]), graph.state('c', [6])];
    graph.assign(a, reshape(b, [6]));
    graph.assign(b, reshape(c, [2, 3]));
    graph.assign(c, a);
    mustRunAsFormulas(graph);
  });

  it('where two states are updated in place, each from the other as it was', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [3]), graph.state('b', [3])];
    graph.assign(a, mix.one([a, b], {}));
    graph.assign(b, mix.one([b, a], {}));
    mustRunAsFormulas(graph);
  });

  it('where a state is updated in place while others still read it', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [3]), graph.state('b', [3])];
    const updated = mix.one([a, b], {});
    graph.assign(a, updated);
    graph.assign(b, add(updated, twice.one([a], {})));
    mustRunAsFormulas(graph, [updated]);
  });

  it('where a packed gradient feeds an update in place', () => {
    const graph = new Graph();
    const [w, b] = [graph.parameter('w', [70]), graph.parameter('b', [3])];
    const v = graph.state('v', [192]);
    const parameters = graph.arena('parameters');
    const packed = pack([twice.one([w], {}), twice.one([b], {})], [0, 128], 192);
    const [p, speed] = update.apply([parameters, packed, v], {});
    graph.assign(parameters, p!);
    graph.assign(v, speed!);
    const plan = plainPlan(graph);
    // Packing is placement: two gradients and the update, no copies.
    expect(plan.dispatches.map(({ entry }) => entry)).toEqual(['twice', 'twice', 'update']);
  });
});
