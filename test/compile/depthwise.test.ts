import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { defaultProfile } from '../../src/core/profile.js';
import { Graph } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { kernels } from '../../src/kernels/index.js';
import { conv2d } from '../../src/ops/conv2d.js';

/** The dispatches of a depthwise convolution and of both its gradients, as `conv2d/tiled`. */
function dispatchesOf(dialect: 'cpu' | 'gpu', channels: number, side: number, each: number): readonly string[] {
  const graph = new Graph();
  const [x, w] = [graph.state('x', [8, channels, side, side]), graph.state('w', [channels * each, 1, 3, 3])];
  const y = conv2d(x, w, { groups: channels, padding: 'same' });
  const keep = [y, ...gradients(y, [x, w], graph.state('dy', y.shape))];
  const profile = { ...defaultProfile(dialect), features: ['subgroups'] };
  return compile(graph, { name: 'depthwise', kernels, profile, keep }).dispatches.map(
    ({ entry, variant }) => `${entry}/${variant}`,
  );
}

describe('a group for each channel', () => {
  it.each([
    ['cpu', 'tiled'],
    ['gpu', 'direct'],
  ] as const)('is never left to the plain kernels, on a %s', (dialect, tile) => {
    for (const [channels, side, each] of [
      [32, 14, 1],
      [96, 7, 1],
      [8, 33, 2],
    ] as const) {
      expect(dispatchesOf(dialect, channels, side, each)).toEqual([
        `conv2d/${tile}`,
        `conv2dGradX/${tile}`,
        'conv2dGradW/split',
        'conv2dGradWSum/split',
      ]);
    }
  });
});
