import * as runs from '../../shaders/normRuns.wgsl.js';
import * as plain from '../../shaders/norms.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import type { Groups } from '../ops/groups.js';
import { normaliseGrad, normaliseOp, type NormPart } from '../ops/normalise.js';
import { reluOp } from '../ops/relu.js';
import type { Kernel, Slot, Step, Variant } from './kernel.js';
import { operandsOf } from './single.js';
import { lanesFor } from './tiling.js';

/** An invocation's run is worth its loads of statistics from so many elements on. */
const LEAST_RUN = 8;
/** Below so many invocations a software adapter's cores would be left without work. */
const LEAST_INVOCATIONS = 64;

/** The runs of elements that have one group, and one channel where there are weights; undefined where they are too short. */
function runOf(size: number, groups: Groups, channels: Groups | undefined): runs.RunParams | undefined {
  const run = Math.min(groups.run, channels?.run ?? Infinity);
  const isShared = groups.run % run === 0 && (channels === undefined || channels.run % run === 0);
  if (!isShared || run < LEAST_RUN || size / run < LEAST_INVOCATIONS) return undefined;
  return { run, lanes: lanesFor(size / run) };
}

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

/** y = x̂·weight + bias, and relu if it follows. */
export const normaliseKernel: Kernel = {
  name: 'normalise',
  match: (node, uses) => {
    const operands = operandsOf(normaliseOp, node);
    if (operands === undefined) return undefined;
    const { inputs, outputs, attrs } = operands;
    const [x, statistics, ...rest] = inputs;
    const next = uses.soleReader(outputs[0]);
    const relu = next && operandsOf(reluOp, next);
    const { groups, channels, parts } = attrs;
    const size = sizeOf(x.shape);
    const [weight, bias] = [parts.includes('weight'), parts.includes('bias')];
    const params = { size, groups, channels, weight, bias, relu: relu !== undefined };
    const y = relu === undefined ? outputs[0] : relu.outputs[0];
    const bind = { x, statistics, y, ...bound(parts, rest, ['weight', 'bias']) };
    const run = runOf(size, groups, weight || bias ? channels : undefined);
    const step = { bind, flops: 4 * size };
    return {
      nodes: next === undefined || relu === undefined ? [node] : [node, next],
      variants: [
        ...inRuns(run, (own) => ({
          ...step,
          code: runs.normaliseRuns({ ...params, ...own }),
          groups: runs.runGroups(size, own),
        })),
        plainly({ ...step, code: plain.normalise(params), groups: spreadGroups(size) }),
      ],
    };
  },
};

export const normaliseGradKernel: Kernel = {
  name: 'normaliseGrad',
  match: (node) => {
    const operands = operandsOf(normaliseGrad, node);
    if (operands === undefined) return undefined;
    const { inputs, outputs, attrs } = operands;
    const [dy, x, statistics, s0, s1, ...rest] = inputs;
    const { groups, channels, parts, centred, inside } = attrs;
    const size = sizeOf(x.shape);
    const [weight, live] = [parts.includes('weight'), parts.includes('live')];
    const params = { size, groups, channels, weight, live, centred, inside };
    const sums = { s1, ...(centred ? { s0 } : {}) };
    const bind = { dy, x, statistics, ...sums, dx: outputs[0], ...bound(parts, rest, ['weight', 'live']) };
    const step = { bind, flops: 8 * size };
    return {
      nodes: [node],
      variants: [
        ...inRuns(runOf(size, groups, weight ? channels : undefined), (own) => ({
          ...step,
          code: runs.normaliseGradRuns({ ...params, ...own }),
          groups: runs.runGroups(size, own),
        })),
        plainly({ ...step, code: plain.normaliseGrad(params), groups: spreadGroups(size) }),
      ],
    };
  },
};

const plainly = (step: Step): Variant => ({
  name: 'plain',
  dialect: 'any',
  steps: () => [step],
});

const inRuns = (run: runs.RunParams | undefined, step: (run: runs.RunParams) => Step): readonly Variant[] =>
  run === undefined ? [] : [{ name: 'runs', dialect: 'cpu', steps: () => [step(run)] }];
