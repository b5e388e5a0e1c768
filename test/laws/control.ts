import { advance, ALL_FINITE, firstNonFinite, recordStep } from '../../src/ops/control.js';
import { adamUpdate, sgdUpdate, type AdamAttrs, type SgdAttrs } from '../../src/ops/optimizers.js';
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

/** Gradients of every size that f32 has, 0 among them; 7 and 255 elements, one a workgroup and more. */
const gradientsOf = (size: number): KernelOperand =>
  f32([size], ...Array.from({ length: size }, (_, i) => [0, 1e-30, -3e-4, 0.7, -1e4][i % 5]!));
const squaresOf = (size: number): KernelOperand =>
  f32([size], ...Array.from({ length: size }, (_, i) => [0, 1e-12, 3e-4, 0.7][i % 4]!));

const sgds: Readonly<Record<string, SgdAttrs>> = {
  plain: { momentum: 0, nesterov: false, weightDecay: 0 },
  'with momentum': { momentum: 0.9, nesterov: false, weightDecay: 0 },
  'with nesterov and decay': { momentum: 0.9, nesterov: true, weightDecay: 0.01 },
};

const adams: Readonly<Record<string, AdamAttrs>> = {
  plain: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  'with decay': { beta1: 0.5, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 },
};

/** Three rows; step 4 has the second. */
const rates = f32([3, 4], 9, 9, 9, 9, 0.01, 0.02, 0.3, 0, 9, 9, 9, 9);

const updates = [7, 255, 1024].flatMap((size) => [
  ...Object.entries(sgds).map(([title, attrs]) =>
    kernelLaw(`sgd ${title}, ${size} weights`, {
      inputs: { p: [size], g: gradientsOf(size), v: [size], rates, step: u32(4), guard: u32(ALL_FINITE) },
      build: ({ p, g, v, rates: rows, step, guard }) => sgdUpdate.apply([p!, g!, v!, rows!, step!, guard!], attrs),
    }),
  ),
  ...Object.entries(adams).map(([title, attrs]) =>
    kernelLaw(`adam ${title}, ${size} weights`, {
      inputs: {
        p: [size],
        g: gradientsOf(size),
        m: [size],
        v: squaresOf(size),
        rates,
        step: u32(4),
        guard: u32(ALL_FINITE),
      },
      build: ({ p, g, m, v, rates: rows, step, guard }) =>
        adamUpdate.apply([p!, g!, m!, v!, rows!, step!, guard!], attrs),
    }),
  ),
]);

const guarded: readonly GpuLaw[] = [
  kernelLaw('sgd changes nothing once the guard is set', {
    inputs: { p: [7], g: f32([7], NaN, Infinity, 1, 2, 3, 4, 5), v: [7], rates, step: u32(4), guard: u32(1) },
    build: ({ p, g, v, rates: rows, step, guard }) =>
      sgdUpdate.apply([p!, g!, v!, rows!, step!, guard!], { momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  }),
  kernelLaw('adam changes nothing once the guard is set', {
    inputs: {
      p: [7],
      g: f32([7], NaN, Infinity, 1, 2, 3, 4, 5),
      m: [7],
      v: squaresOf(7),
      rates,
      step: u32(4),
      guard: u32(1),
    },
    build: ({ p, g, m, v, rates: rows, step, guard }) =>
      adamUpdate.apply([p!, g!, m!, v!, rows!, step!, guard!], {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 0,
      }),
  }),
];

export const controlLaws: readonly GpuLaw[] = [...guards, ...counters, ...steps, ...updates, ...guarded];
