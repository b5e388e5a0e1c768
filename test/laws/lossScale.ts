import { ALL_FINITE } from '../../src/ops/control.js';
import { adjustScale, rowOfUpdate } from '../../src/ops/lossScale.js';
import { NOT_YET } from '../../src/ops/turns.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });
const f32 = (shape: readonly number[], ...values: number[]): KernelOperand => ({ shape, values });

interface Before {
  readonly scale: number;
  readonly good?: number;
  readonly guard?: number;
  readonly word?: number;
}

const steps: readonly GpuLaw[] = Object.entries<Before>({
  'after a good step is what it was': { scale: 65_536, good: 3 },
  'grows after a good step, if that makes an interval': { scale: 65_536, good: 4 },
  'that cannot grow any more begins another interval': { scale: 2 ** 126, good: 4 },
  'may become 2¹²⁶': { scale: 2 ** 125, good: 4 },
  'shrinks after an overflow, and good steps are counted anew': { scale: 65_536, good: 4, word: 7 },
  'shrinks where the loss is not finite': { scale: 65_536, good: 1, word: 0 },
  'does not shrink below 1': { scale: 1.5, word: 3 },
  'of 1 stops the run at an overflow': { scale: 1, good: 2, word: 3 },
  'stands still once the guard is set': { scale: 65_536, good: 4, guard: 2, word: 2 },
  'stands still while a turn goes on': { scale: 65_536, good: 4, word: NOT_YET },
}).map(([title, { scale, good = 0, guard = ALL_FINITE, word = ALL_FINITE }]) =>
  kernelLaw(`a loss scale ${title}`, {
    inputs: { scale: f32([], scale), good: u32(good), skipped: u32(11), guard: u32(guard), word: u32(word) },
    build: ({ scale: s, good: g, skipped: k, guard: stop, word: found }) => {
      const attrs = { growth: 2, backoff: 0.5, interval: 5 };
      const after = adjustScale({ scale: s!, good: g!, skipped: k!, guard: stop! }, found!, attrs);
      return [after.scale, after.good, after.skipped, after.guard];
    },
  }),
);

const others: readonly GpuLaw[] = [
  kernelLaw('a loss scale grows and shrinks by any factor', {
    inputs: { scale: f32([], 1000), good: u32(0), skipped: u32(0), guard: u32(ALL_FINITE), word: u32(ALL_FINITE) },
    build: ({ scale, good, skipped, guard, word }) => {
      const attrs = { growth: 1.1, backoff: 0.3, interval: 1 };
      return adjustScale({ scale: scale!, good: good!, skipped: skipped!, guard: guard! }, word!, attrs).scale;
    },
  }),
];

const rows: readonly GpuLaw[] = (
  [
    [0, 0],
    [13, 4],
    [7, 7],
  ] as const
).map(([step, skipped]) =>
  kernelLaw(`the row of step ${step}, of which ${skipped} were skipped`, {
    inputs: { rates: [5, 4], bases: [3, 4], step: u32(step), skipped: u32(skipped), scale: f32([], 3) },
    build: ({ rates, bases, step: now, skipped: lost, scale }) => {
      const { row, unscale } = rowOfUpdate(rates!, bases!, now!, lost!, scale!);
      return [row, unscale];
    },
  }),
);

export const lossScaleLaws: readonly GpuLaw[] = [...steps, ...others, ...rows];
