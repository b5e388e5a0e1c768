import * as shaders from '../../shaders/norms.wgsl.js';
import * as running from '../../shaders/runningStatistics.wgsl.js';
import { linearGroups, spreadGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import { blocksOf, maybe } from '../ops/groups.js';
import { momentsOp, runningStatisticsOp, trackStatisticsOp } from '../ops/moments.js';
import { normaliseGrad, normaliseOp, normSums, type NormPart } from '../ops/normalise.js';
import type { Kernel, Slot, Step, Variant } from './kernel.js';
import { operandsOf, single } from './single.js';
import { lanesFor } from './tiling.js';

/** From so many terms on, a GPU's workgroup shares a group, and a larger one from many on. */
const SHARED_TERMS = 32;
const MANY_TERMS = 1024;
/** Below so many groups a software adapter's cores would be left without work, were each group one invocation's. */
const ENOUGH_GROUPS = 64;

/**
 * The ways to walk groups of so many terms: alone, or with lanes that share a group.
 * @param neighbours whether walks alone read words beside each other, which workgroups on one group would not
 */
function walks(
  count: number,
  terms: number,
  neighbours: boolean,
  step: (walk: shaders.Walk) => Step,
): readonly Variant[] {
  const alone: Variant = {
    name: 'plain',
    dialect: 'any',
    steps: () => [step({ lanes: 1, size: lanesFor(count) })],
  };
  const shared = (name: string, dialect: Variant['dialect'], lanes: number): Variant => ({
    name,
    dialect,
    steps: () => [step({ lanes, size: lanes })],
  });
  const lanes = shared('lanes', 'gpu', terms >= MANY_TERMS ? 256 : 64);
  const four = shared('four', 'cpu', 4);
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
    const variants = walks(groups.count, size / groups.count, groups.run === 1, (walk) => ({
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
    const variants = walks(by.count, blocksOf(by, x) * by.run, by.run === 1, (walk) => ({
      code: shaders.normSums({ size, groups, by, channels }, walk),
      bind,
      groups: shaders.walkGroups(by.count, walk),
      flops: 5 * size,
    }));
    return { nodes: [node], variants };
  },
};

/** The bindings of the parts that a text declares. */
const bound = (
  names: readonly NormPart[],
  tensors: readonly Slot[],
  wanted: readonly NormPart[],
): Readonly<Record<string, Slot>> =>
  Object.fromEntries(
    names.flatMap((name, i) => {
      const tensor = tensors[i];
      return tensor === undefined || !wanted.includes(name) ? [] : [[name, tensor] as const];
    }),
  );

export const normaliseKernel = single(normaliseOp, ({ inputs, outputs: [y], attrs }) => {
  const [x, statistics, ...rest] = inputs;
  const { groups, channels, parts } = attrs;
  const size = sizeOf(x.shape);
  const [weight, bias] = [parts.includes('weight'), parts.includes('bias')];
  const code = shaders.normalise({ size, groups, channels, weight, bias });
  const bind = { x, statistics, y, ...bound(parts, rest, ['weight', 'bias']) };
  return [{ code, bind, groups: spreadGroups(size), flops: 4 * size }];
});

export const normaliseGradKernel = single(normaliseGrad, ({ inputs, outputs: [dx], attrs }) => {
  const [dy, x, statistics, s0, s1, ...rest] = inputs;
  const { groups, channels, parts, centred, inside } = attrs;
  const size = sizeOf(x.shape);
  const [weight, live] = [parts.includes('weight'), parts.includes('live')];
  const code = shaders.normaliseGrad({ size, groups, channels, weight, live, centred, inside });
  const bind = { dy, x, statistics, s1, dx, ...(centred ? { s0 } : {}), ...bound(parts, rest, ['weight', 'live']) };
  return [{ code, bind, groups: spreadGroups(size), flops: 8 * size }];
});

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
