import { describe, expect, it } from 'vitest';
import { rewrite } from '../../src/compile/rewrite.js';
import { uniform } from '../../src/core/random.js';
import { sizeOf } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { maxPool2d, maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { poolAttrs } from '../../src/ops/poolWindow.js';
import { sum } from '../../src/ops/reduce.js';
import { relu } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { mul } from '../../src/ops/arithmetic.js';

/** z [2, 3, 6, 5] with numbers on both sides of zero, and whole windows below it. */
function start() {
  const graph = new Graph();
  const z = graph.state('z', [2, 3, 6, 5]);
  const values = Array.from({ length: sizeOf(z.shape) }, (_, i) => uniform(3, 1, i) - 0.7);
  return { graph, z, values };
}

const opsOf = (graph: Graph): string[] => graph.nodes.map(({ op }) => op);

/** The values of a tensor before and after the rewrite. */
function bothWays(graph: Graph, kept: readonly Tensor[], values: ReadonlyMap<Tensor, readonly number[]>) {
  const { graph: smaller, of } = rewrite(graph, kept);
  const [before, after] = [new Formulas(graph), new Formulas(smaller)];
  for (const [state, data] of values) {
    before.set(state, data);
    after.set(of(state)!, data);
  }
  return { smaller, pairs: kept.map((tensor) => [before.read(tensor).data, after.read(of(tensor)!).data] as const) };
}

describe('relu before a max-pool', () => {
  it.each([
    ['that tiles', { window: 2 }],
    ['that overlaps', { window: 3, stride: 1 }],
    ['that is padded', { window: 2, padding: 1 }],
  ])('is relu after one %s, and so is its gradient', (_, options) => {
    const { graph, z, values } = start();
    const y = maxPool2d(relu(z), options);
    const loss = sum(mul(y, y));
    const kept = [y, ...gradients(loss, [z])];
    const { smaller, pairs } = bothWays(graph, kept, new Map([[z, values]]));
    for (const [before, after] of pairs) expect(after).toEqual(before);
    const ops = opsOf(smaller);
    expect(ops.indexOf('maxPool2d')).toBeLessThan(ops.indexOf('relu'));
    expect(ops.indexOf('reluGrad')).toBeLessThan(ops.indexOf('maxPool2dGrad'));
  });

  it('stays where someone else reads what it makes, or the winners', () => {
    const first = start();
    const a = relu(first.z);
    const early = maxPool2d(a, { window: 2 });
    expect(opsOf(rewrite(first.graph, [early, a]).graph)).toEqual(['relu', 'maxPool2d']);
    const second = start();
    const both = maxPool2dOp.apply([relu(second.z)], poolAttrs('pool', { window: 2 }));
    expect(opsOf(rewrite(second.graph, both).graph)).toEqual(['relu', 'maxPool2d']);
    const third = start();
    const b = relu(third.z);
    const shared = [maxPool2d(b, { window: 2 }), sum(b, [0])];
    expect(opsOf(rewrite(third.graph, shared).graph).slice(0, 3)).toEqual(['relu', 'maxPool2d', 'sum']);
  });
});

describe('the gradient of a max-pool', () => {
  it('has the sums over the plane that its slopes have', () => {
    const { graph, z, values } = start();
    const y = maxPool2d(z, { window: 2 });
    const [dz] = gradients(sum(mul(y, y)), [z]);
    const total = sum(dz!, [0, 2, 3]);
    const { smaller, pairs } = bothWays(graph, [total], new Map([[z, values]]));
    for (const [before, after] of pairs) {
      before.forEach((value, i) => expect(Math.abs((after[i] ?? NaN) - value)).toBeLessThan(1e-12));
    }
    expect(opsOf(smaller)).not.toContain('maxPool2dGrad');
  });

  it('is scattered where a sum leaves rows or columns apart', () => {
    const { graph, z } = start();
    const y = maxPool2d(z, { window: 2 });
    const [dz] = gradients(sum(mul(y, y)), [z]);
    expect(opsOf(rewrite(graph, [sum(dz!, [0, 3])]).graph)).toContain('maxPool2dGrad');
  });
});

it('what gates a reshaped tensor gates it before the reshape', () => {
  const { graph, z, values } = start();
  const y = reshape(relu(z), [2, 90]);
  const back = reshape(mul(y, y), [2, 3, 6, 5]);
  const [dz] = gradients(sum(mul(back, back)), [z]);
  const { smaller, pairs } = bothWays(graph, [dz!], new Map([[z, values]]));
  for (const [before, after] of pairs) expect(after).toEqual(before);
  const gate = smaller.nodes.find(({ op }) => op === 'reluGrad');
  expect(gate?.inputs[0]?.node?.op).not.toBe('reshape');
});
