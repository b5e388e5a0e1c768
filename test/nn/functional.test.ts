import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { conv2d, dense, flatten, relu } from '../../src/nn/layers.js';
import { functional, sequential, summaryText } from '../../src/nn/net.js';
import { add } from '../../src/ops/arithmetic.js';
import { sum } from '../../src/ops/reduce.js';

/** x → relu(conv(x)) + x → dense */
const residual = () =>
  functional('residual', [2, 4, 4], (x, apply) => {
    const branch = apply(relu(), apply(conv2d(2, 3, { padding: 1 }), x));
    return apply(dense(3), apply(flatten(), add(branch, x)));
  });

describe('functional', () => {
  it('says what sequential says, if it is one layer after the other', () => {
    const layers = [conv2d(2, 3), relu(), flatten(), dense(3)];
    const one = sequential('net', [1, 5, 5], ...layers);
    const other = functional('net', [1, 5, 5], (x, apply) => layers.reduce((from, layer) => apply(layer, from), x));
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  it('names and counts the parameters of branches in the order of their application', () => {
    const net = residual();
    expect(net.parameters.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'conv1.weight 2×2×3×3',
      'conv1.bias 2',
      'fc1.weight 3×32',
      'fc1.bias 3',
    ]);
    expect(net.macs).toBe(2 * 16 * 2 * 9 + 32 * 3);
    expect(net.bytes).toBe(4 * (38 + 99));
  });

  it('adds a branch to what it came from, in values and in gradients', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 2, 4, 4]);
    const logits = residual().build(x);
    const members = graph.members('parameters');
    const [slope] = gradients(sum(logits), [x]);
    const formulas = new Formulas(graph);
    formulas.set(
      x,
      Float32Array.from({ length: 32 }, (_, i) => i - 8),
    );
    // The convolution gives nothing, so what passes is the residual alone.
    for (const member of members) {
      const isDense = member.name === 'fc1.weight';
      const size = member.shape.reduce((product, length) => product * length, 1);
      formulas.set(member, new Float32Array(size).fill(isDense ? 0.5 : 0));
    }
    const total = Array.from({ length: 32 }, (_, i) => i - 8).reduce((a, b) => a + b, 0);
    expect([...formulas.read(logits).data]).toEqual([total / 2, total / 2, total / 2]);
    expect([...formulas.read(slope!).data]).toEqual(new Array(32).fill(1.5));
  });

  it('is summed up as text: shapes, parameters, bytes, multiply-adds', () => {
    const lines = summaryText(residual()).split('\n');
    expect(lines[0]?.split(/\s{2,}/)).toEqual(['layer', 'output', 'parameters', 'bytes', 'MACs']);
    expect(lines.at(-1)?.split(/\s{2,}/)).toEqual(['total', '[3]', '137', '548', '672']);
  });
});
