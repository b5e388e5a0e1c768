import { laneGroups, outputsOf, termsOf, type ReduceParams } from '../../shaders/lib/axes.js';
import { sum, sumLanes } from '../../shaders/sum.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { sumOp } from '../ops/reduce.js';
import { temporary, type Kernel, type Slot, type Step, type Variant } from './kernel.js';
import { operandsOf } from './single.js';

/** Makes the dispatch of a sum; `flops` 0 where it puts together what an earlier dispatch has counted. */
export type SumStep = (x: Slot, y: Slot, params: ReduceParams, flops?: number) => Step;

/** Every output walks its terms alone. */
export const sumStep: SumStep = (x, y, params, flops = sizeOf(params.shape)) => ({
  code: sum(params),
  bind: { x, y },
  groups: linearGroups(outputsOf(params)),
  flops,
});

/**
 * Where slices of a sum write their parts, and how those are put together: in the result itself where there is one
 * slice, else in planes, whose sum may wait until others of its kind have their parts too.
 */
export function planesOf(
  name: string,
  y: Tensor,
  slices: number,
): { readonly to: Slot; readonly steps: readonly Step[] } {
  if (slices === 1) return { to: y, steps: [] };
  const to = temporary(`${name}.planes`, [slices, sizeOf(y.shape)]);
  return { to, steps: [{ ...sumStep(to, y, { shape: to.shape, axes: [0] }, 0), merge: 'sums' }] };
}

/** A workgroup walks the terms of an output together. */
const lanesStep: SumStep = (x, y, params, flops = sizeOf(params.shape)) => ({
  code: sumLanes(params),
  bind: { x, y },
  groups: laneGroups(params),
  flops,
});

/** Outputs, or parts of them, that leave no core without work. */
const ENOUGH_OUTPUTS = 256;
/** From so many terms on, a second dispatch is cheaper than one long walk. */
const MANY_TERMS = 256;
/** From so many terms on, a GPU's workgroup shares an output. */
export const SHARED_TERMS = 32;

/** The order of every sum is fixed, whichever variant computes it. */
export const sumKernel: Kernel = {
  name: 'sum',
  match: (node) => {
    const operands = operandsOf(sumOp, node);
    if (operands === undefined) return undefined;
    const {
      inputs: [x],
      outputs: [y],
      attrs: { axes },
    } = operands;
    const whole: ReduceParams = { shape: x.shape, axes };
    const parts = partsOf(whole);
    /** In one dispatch; or where outputs are few and terms many, parts of the sums and then their sum. */
    const stepsBy = (step: SumStep): readonly Step[] => {
      if (parts === undefined) return [step(x, y, whole)];
      const partial = temporary('sum.partial', parts.between);
      return [step(x, partial, parts.first), step(partial, y, { shape: parts.between, axes: parts.second }, 0)];
    };
    const lanes: Variant = { name: 'lanes', dialect: 'gpu', steps: () => stepsBy(lanesStep) };
    const split: Variant = { name: 'split', dialect: 'any', steps: () => stepsBy(sumStep) };
    const plain: Variant = { name: 'plain', dialect: 'any', steps: () => [sumStep(x, y, whole)] };
    return {
      nodes: [node],
      variants: [...(termsOf(whole) >= SHARED_TERMS ? [lanes] : []), ...(parts === undefined ? [] : [split]), plain],
    };
  },
};

interface Parts {
  /** The operand under a shape whose first reduced axis is two, summed over all reduced axes but the first. */
  readonly first: ReduceParams;
  readonly between: readonly number[];
  /** The one axis that is left. */
  readonly second: readonly number[];
}

/** A sum in two steps, if that is worth it: its first reduced axis is cut into enough parts, or into single entries. */
function partsOf({ shape, axes }: ReduceParams): Parts | undefined {
  const params = { shape, axes };
  const terms = termsOf(params);
  const outputs = outputsOf(params);
  const cut = axes.find((axis) => (shape[axis] ?? 1) > 1);
  if (cut === undefined || terms < MANY_TERMS || outputs >= ENOUGH_OUTPUTS) return undefined;
  const size = shape[cut] ?? 1;
  let parts = Math.min(size, Math.ceil(ENOUGH_OUTPUTS / outputs));
  while (size % parts !== 0) parts++;
  if (parts === terms) return undefined;

  const viewed = [...shape.slice(0, cut), parts, size / parts, ...shape.slice(cut + 1)];
  const inner = [cut + 1, ...axes.filter((axis) => axis > cut).map((axis) => axis + 1)];
  return {
    first: { shape: viewed, axes: inner },
    between: viewed.map((length, axis) => (inner.includes(axis) ? 1 : length)),
    second: [cut],
  };
}
