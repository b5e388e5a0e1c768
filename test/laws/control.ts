import { advance, ALL_FINITE, firstNonFinite, recordStep } from '../../src/ops/control.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });
const f32 = (shape: readonly number[], ...values: number[]): KernelOperand => ({ shape, values });

/** 2,100 gradients in four segments, all finite but those named. */
function slopes(bad: Readonly<Record<number, number>>): KernelOperand {
  const values: number[] = Array.from({ length: 2100 }, (_, i) => (i % 2 === 0 ? 3.4e38 : -1e-45));
  for (const [at, value] of Object.entries(bad)) values[Number(at)] = value;
  return f32([2100], ...values);
}
const starts = [0, 64, 128, 2048];

const guards: readonly GpuLaw[] = Object.entries({
  'all is finite': [ALL_FINITE, 1, {}],
  'the loss is NaN': [ALL_FINITE, NaN, { 70: Infinity }],
  'the loss is infinite': [ALL_FINITE, -Infinity, {}],
  'the first gradient is NaN': [ALL_FINITE, 1, { 0: NaN }],
  'the last gradient is infinite': [ALL_FINITE, 1, { 2099: -Infinity }],
  'two segments have one; the first counts': [ALL_FINITE, 1, { 2047: NaN, 127: Infinity }],
  'it is set already': [2, 1, { 2048: NaN }],
} as const).map(([title, [previous, loss, bad]]) =>
  kernelLaw(`the guard where ${title}`, {
    inputs: { previous: u32(previous), loss: f32([], loss), g: slopes(bad) },
    build: ({ previous: before, loss: value, g }) => firstNonFinite(before!, value!, g!, starts),
  }),
);

const counters: readonly GpuLaw[] = [
  kernelLaw('advance while all is well', {
    inputs: { step: u32(41), guard: u32(ALL_FINITE) },
    build: ({ step, guard }) => advance(step!, guard!),
  }),
  kernelLaw('advance stands still once the guard is set', {
    inputs: { step: u32(41), guard: u32(0) },
    build: ({ step, guard }) => advance(step!, guard!),
  }),
  kernelLaw('recordStep writes its row and no other', {
    inputs: { ring: [5, 3], step: u32(13), loss: [], correct: u32(61), live: u32(64) },
    build: ({ ring, step, loss, correct, live }) => recordStep(ring!, step!, loss!, correct!, live!),
  }),
];

/** Both at once, with the guard open and shut: the row belongs to the step before. */
const steps: readonly GpuLaw[] = [ALL_FINITE, 3].map((guard) =>
  kernelLaw(`recordStep and advance, guard ${guard}`, {
    inputs: { ring: [5, 3], step: u32(13), loss: [], correct: u32(61), live: u32(64), guard: u32(guard) },
    build: ({ ring, step, loss, correct, live, guard: word }) => [
      recordStep(ring!, step!, loss!, correct!, live!),
      advance(step!, word!),
    ],
  }),
);

export const controlLaws: readonly GpuLaw[] = [...guards, ...counters, ...steps];
