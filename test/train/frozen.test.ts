import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { defaultProfile, type Dialect } from '../../src/core/profile.js';
import { kernels } from '../../src/kernels/index.js';
import { tutorial } from '../../src/nn/nets.js';
import type { ParameterGroup } from '../../src/optim/groups.js';
import { adam } from '../../src/optim/adam.js';
import { trainGraph } from '../../src/train/graphs.js';

const set = { count: 60_000, rows: 28, columns: 28 };
const settings = { batch: 64, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081 };
/** Of a step: all trained; the first convolution frozen; both; all but the last dense layer. */
const cases = [[], ['conv1.*'], ['conv*'], ['conv*', 'fc1.*', 'fc2.*']];
const dispatches: Readonly<Record<Dialect, readonly number[]>> = {
  // The end of the net is one kernel only where all of it is trained.
  cpu: [14, 12, 10, 11],
  gpu: [17, 16, 13, 11],
};

const graphOf = (frozen: readonly string[]) => {
  const groups = frozen.map((match): ParameterGroup => ({ match, frozen: true }));
  return trainGraph(tutorial(), set, settings, adam(), { groups });
};
const planOf = (dialect: Dialect, frozen: readonly string[]) =>
  compile(graphOf(frozen), {
    name: 'train',
    kernels,
    profile: { ...defaultProfile(dialect), features: ['subgroups'] },
  });

describe('a training step with frozen layers', () => {
  it.each(['cpu', 'gpu'] as const)(
    'has fewer dispatches with each convolution frozen, and less work with each layer: %s',
    (dialect) => {
      const plans = cases.map((frozen) => planOf(dialect, frozen));
      expect(plans.map((plan) => plan.dispatches.length)).toEqual(dispatches[dialect]);
      const work = plans.map((plan) => plan.dispatches.reduce((sum, { flops }) => sum + flops, 0));
      expect([...work].sort((a, b) => b - a)).toEqual(work);
      expect(new Set(work).size).toBe(cases.length);
    },
  );

  // What a dispatch computes again as it loads is among what it covers.
  it.each(['cpu', 'gpu'] as const)(
    'computes nothing backward of what lies below the lowest that is trained: %s',
    (dialect) => {
      const backward = cases.map((frozen) => [
        ...new Set(
          planOf(dialect, frozen).dispatches.flatMap(({ covers }) =>
            [...covers.matchAll(/conv2dGrad[WX]|maxPool2dGrad|reluGrad/g)].map(([op]) => op),
          ),
        ),
      ]);
      expect(backward.map((ops) => ops.sort())).toEqual([
        ['conv2dGradW', 'conv2dGradX', 'maxPool2dGrad', 'reluGrad'],
        ['conv2dGradW', 'maxPool2dGrad', 'reluGrad'],
        ['reluGrad'],
        [],
      ]);
    },
  );

  it('has one product backward for its weights and one for its input in each dense layer above, and none below', () => {
    const products = cases.map((frozen) => graphOf(frozen).nodes.filter(({ op }) => op === 'matmul').length);
    // Three forward.
    expect(products).toEqual([3 + 6, 3 + 6, 3 + 5, 3 + 1]);
  });
});
