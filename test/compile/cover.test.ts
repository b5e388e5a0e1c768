import { describe, expect, it } from 'vitest';
import { cover } from '../../src/compile/cover.js';
import { defaultProfile } from '../../src/core/profile.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { kernels } from '../../src/kernels/index.js';
import { add } from '../../src/ops/arithmetic.js';
import { conv2d } from '../../src/ops/conv2d.js';
import { dense, matmul } from '../../src/ops/matmul.js';
import { relu } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { scale } from '../../src/ops/scale.js';
import { twice } from '../support/plainPlan.js';

const profile = defaultProfile('gpu');

/** The runs of a graph, as in `dense: matmul add relu`. */
const runsOf = (graph: Graph, kept: readonly Tensor[] = []): string[] =>
  cover(graph, { kernels, profile, kept: new Set(kept) }).map(
    (run) => `${run.kernel}: ${run.nodes.map(({ op }) => op).join(' ')}`,
  );

function denseParts(bias: readonly number[] = [4]) {
  const graph = new Graph();
  const [x, w] = [graph.state('x', [2, 3]), graph.state('w', [4, 3])];
  const product = matmul(x, w, 'nt');
  const sum = add(product, graph.state('b', bias));
  return { graph, product, sum };
}

describe('a dense layer', () => {
  it('is one run, with relu or without', () => {
    const { graph, sum } = denseParts();
    expect(runsOf(graph)).toEqual(['dense: matmul add']);
    relu(sum);
    expect(runsOf(graph)).toEqual(['dense: matmul add relu']);
  });

  it('ends before what someone else reads too', () => {
    const early = denseParts();
    relu(early.sum);
    scale(early.product, 2);
    expect(runsOf(early.graph)).toEqual(['matmul: matmul', 'add: add', 'relu: relu', 'scale: scale']);
    const late = denseParts();
    relu(late.sum);
    scale(late.sum, 2);
    expect(runsOf(late.graph)).toEqual(['dense: matmul add', 'relu: relu', 'scale: scale']);
  });

  it('ends before what is kept, and before what is assigned', () => {
    const kept = denseParts();
    relu(kept.sum);
    expect(runsOf(kept.graph, [kept.sum])).toEqual(['dense: matmul add', 'relu: relu']);
    expect(runsOf(kept.graph, [kept.product])).toEqual(['matmul: matmul', 'add: add', 'relu: relu']);
    const assigned = denseParts();
    relu(assigned.sum);
    assigned.graph.assign(assigned.graph.state('s', [2, 4]), assigned.sum);
    expect(runsOf(assigned.graph)).toEqual(['dense: matmul add', 'relu: relu']);
  });

  it.each([[[2, 4]], [[2, 1]], [[1, 4]], [[]]])('has a bias [N]: %j is an add of its own', (bias) => {
    expect(runsOf(denseParts(bias).graph)).toEqual(['matmul: matmul', 'add: add']);
  });

  it('does not take its own product for a bias', () => {
    const graph = new Graph();
    const product = matmul(graph.state('x', [3, 3]), graph.state('w', [3, 3]));
    add(product, product);
    expect(runsOf(graph)).toEqual(['matmul: matmul', 'add: add']);
  });
});

describe('a convolution', () => {
  const start = () => {
    const graph = new Graph();
    const y = conv2d(graph.state('x', [1, 2, 5, 5]), graph.state('w', [3, 2, 3, 3]));
    return { graph, y, b: graph.state('b', [3]) };
  };

  it('takes in its bias and its relu, each if it is there', () => {
    const { graph, y, b } = start();
    expect(runsOf(graph)).toEqual(['conv2d: conv2d']);
    const sum = add(y, reshape(b, [3, 1, 1]));
    expect(runsOf(graph)).toEqual(['convBiasRelu: conv2d add']);
    relu(sum);
    expect(runsOf(graph)).toEqual(['convBiasRelu: conv2d add relu']);
    const bare = start();
    relu(bare.y);
    expect(runsOf(bare.graph)).toEqual(['convBiasRelu: conv2d relu']);
  });

  it('leaves out a bias that is none: another image, or one of other axes', () => {
    for (const shape of [[1, 3, 3, 3], [3, 1], [3]] as const) {
      const { graph, y } = start();
      add(y, graph.state('other', shape));
      expect(runsOf(graph)).toEqual(['conv2d: conv2d', 'add: add']);
    }
  });

  it('leaves out what is not made before it', () => {
    const { graph, y, b } = start();
    add(y, reshape(scale(b, 2), [3, 1, 1]));
    expect(runsOf(graph)).toEqual(['conv2d: conv2d', 'scale: scale', 'add: add']);
  });
});

describe('cover', () => {
  it('takes every node once, whatever covers it', () => {
    const graph = new Graph();
    const x = graph.state('x', [6, 6]);
    const y = relu(add(matmul(x, x), scale(relu(dense(x, x, graph.state('b', [6]))), 2)));
    const nodes = cover(graph, { kernels, profile, kept: new Set([y]) }).flatMap((run) => run.nodes);
    expect(new Set(nodes).size).toBe(nodes.length);
    expect(nodes).toHaveLength(graph.nodes.length);
  });

  it('asks kernels in their order: the first that matches wins', () => {
    const graph = new Graph();
    relu(add(matmul(graph.state('x', [2, 2]), graph.state('w', [2, 2])), graph.state('b', [2])));
    const reversed = cover(graph, { kernels: [...kernels].reverse(), profile });
    expect(reversed.map(({ kernel }) => kernel)).toEqual(['matmul', 'add', 'relu']);
  });

  it('leaves reshapes to placement', () => {
    const graph = new Graph();
    reshape(graph.state('x', [6]), [2, 3]);
    expect(runsOf(graph)).toEqual([]);
  });

  it('names an op that no kernel covers, and the way out', () => {
    const graph = new Graph();
    twice.one([graph.state('x', [2, 3])], {});
    expect(() => runsOf(graph)).toThrow(
      expect.objectContaining({
        code: 'graph',
        message: 'compile: op twice on [2, 3]; wanted an op that some kernel covers. Pass a kernel for it to compile.',
      }),
    );
  });
});
