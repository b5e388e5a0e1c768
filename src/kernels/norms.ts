import * as shaders from '../../shaders/norms.wgsl.js';
import * as running from '../../shaders/runningStatistics.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import { blocksOf, maybe } from '../ops/groups.js';
import { momentsOp, runningStatisticsOp, trackStatisticsOp } from '../ops/moments.js';
import { normSums } from '../ops/normalise.js';
import type { Kernel, Step, Variant } from './kernel.js';
import { operandsOf, single } from './single.js';
import { lanesFor } from './tiling.js';

/** From so many terms on, a GPU's workgroup shares a group, and a larger one from many on. */
const SHARED_TERMS = 32;
const MANY_TERMS = 1024;
/** Below so many groups a software adapter's cores would be left without work, were each group one invocation's. */
const ENOUGH_GROUPS = 64;

/**
 * The ways to walk groups of so many terms in so many blocks: alone, or with lanes that share a group.
 * @param neighbours whether walks alone read words beside each other, which workgroups on one group would not
 */
function walks(
  count: number,
  terms: number,
  blocks: number,
  neighbours: boolean,
  step: (walk: shaders.Walk) => Step,
): readonly Variant[] {
  const alone: Variant = {
    name: 'plain',
    dialect: 'any',
    steps: () => [step({ lanes: 1, size: lanesFor(count) })],
  };
  const shared = (name: string, dialect: Variant['dialect'], lanes: number, each: 'element' | 'block'): Variant => ({
    name,
    dialect,
    steps: () => [step({ lanes, size: lanes, each })],
  });
  const lanes = shared('lanes', 'gpu', terms >= MANY_TERMS ? 256 : 64, 'element');
  const four = shared('four', 'cpu', 4, blocks < 4 ? 'element' : 'block');
  const onGpu = terms < SHARED_TERMS ? [] : [lanes];
  const onCpu = count < ENOUGH_GROUPS && terms >= SHARED_TERMS ? [four] : [];
  return neighbours && count >= MANY_TERMS ? [alone, ...onGpu] : [...onGpu, ...onCpu, alone];
}

export const momentsKernel: Kernel = {
  name: 'moments',
  match: (node) => {
    const operands = operandsOf(momentsOp, node);
    if (operands === undefined) return undefined;
    const [x] = operands.inputs;
    const [statistics, variance] = operands.outputs;
    const live = maybe(operands.inputs, 1);
    const { groups, epsilon, centred } = operands.attrs;
    const size = sizeOf(x.shape);
    const params = { size, groups, epsilon, centred, live: live !== undefined };
    const bind = { x, statistics, variance, ...(live === undefined ? {} : { live }) };
    const variants = walks(groups.count, size / groups.count, blocksOf(groups, x), groups.run === 1, (walk) => ({
      code: shaders.moments(params, walk),
      bind,
      groups: shaders.walkGroups(groups.count, walk),
      flops: (centred ? 4 : 2) * size,
    }));
    return { nodes: [node], variants };
  },
};

export const normSumsKernel: Kernel = {
  name: 'normSums',
  match: (node) => {
    const operands = operandsOf(normSums, node);
    if (operands === undefined) return undefined;
    const [dy, x, statistics] = operands.inputs;
    const [s0, s1] = operands.outputs;
    const { groups, by, channels } = operands.attrs;
    const weight = maybe(operands.inputs, 3);
    const size = sizeOf(x.shape);
    const bind = { dy, x, statistics, s0, s1, ...(weight === undefined ? {} : { weight }) };
    const variants = walks(by.count, blocksOf(by, x) * by.run, blocksOf(by, x), by.run === 1, (walk) => ({
      code: shaders.normSums({ size, groups, by, channels }, walk),
      bind,
      groups: shaders.walkGroups(by.count, walk),
      flops: 5 * size,
    }));
    return { nodes: [node], variants };
  },
};

export const runningStatisticsKernel = single(
  runningStatisticsOp,
  ({ inputs: [mean, variance], outputs: [y], attrs: { epsilon } }) => {
    const C = sizeOf(mean.shape);
    const code = running.runningStatistics({ C, epsilon });
    return [{ code, bind: { mean, variance, y }, groups: linearGroups(C), flops: 2 * C }];
  },
);

export const trackStatisticsKernel = single(trackStatisticsOp, ({ inputs, outputs: [mean, variance], attrs }) => {
  const [, , statistics, batch, guard] = inputs;
  const live = maybe(inputs, 5);
  const C = sizeOf(mean.shape);
  const code = running.trackStatistics({ C, ...attrs, live: live !== undefined });
  const bind = { statistics, batch, guard, mean, variance, ...(live === undefined ? {} : { live }) };
  return [{ code, bind, groups: linearGroups(C), flops: 8 * C }];
});
