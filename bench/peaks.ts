// What the adapter can do at most: multiply-adds that touch no memory, and a copy that does nothing else.

import type { Device } from '../src/index.js';
import type { Costs, Subject, Timing } from './timing.js';

/** What a kernel's rates are held against, from times of the same run. */
export interface Peaks {
  /** Billions of floating-point operations a second; a multiply-add is two. */
  readonly gflops: number;
  /** Billions of bytes a second, read and written. */
  readonly gbytes: number;
}

/** A subject whose work is known. */
export interface PeakSubject extends Subject, Disposable {
  readonly flops: number;
  readonly bytes: number;
}

/** Multiply-add, copy. */
export type PeakSubjects = readonly [PeakSubject, PeakSubject];

/** GPUBufferUsage.STORAGE, which Node has no global for. */
const STORAGE = 0x80;
const LANES = 64;
/**
 * Independent sums of an invocation: enough to fill the pipelines, few enough to stay in registers. A GPU's invocation is
 * one lane and wants vectors; a software adapter's is a lane of a vector register of the CPU already.
 */
const SUMS = { cpu: { type: 'f32', count: 10, whole: '' }, gpu: { type: 'vec4f', count: 8, whole: 'vec4f(1.0)' } };
/** So many multiply-adds of every sum in a turn of the loop. */
const UNROLLED = 4;

type Dialect = Device['profile']['dialect'];

/** Each invocation folds its sums again and again: s ← s·m + c. */
function multiplyAdd(dialect: Dialect, loops: number): string {
  const { type, count, whole } = SUMS[dialect];
  const sums = Array.from({ length: count }, (_, i) => `s${i}`);
  const fold = sums.map((sum) => `    ${sum} = fma(${sum}, m, c);`).join('\n');
  const total = sums.join(' + ');
  return `
@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(${LANES}, 1, 1)
fn multiplyAdd(@builtin(global_invocation_id) id: vec3u) {
  // Known only when it runs, so that nothing is computed beforehand.
  let m = ${type}(f32(id.x & 1u) * 0.0001 + 0.5);
  let c = ${type}(f32(id.x & 3u) * 0.125);
${sums.map((sum, i) => `  var ${sum} = ${type}(${i}.0) + c;`).join('\n')}
  for (var i = 0u; i < ${loops}u; i++) {
${Array.from({ length: UNROLLED }, () => fold).join('\n')}
  }
  y[id.x] = ${whole === '' ? total : `dot(${total}, ${whole})`};
}`;
}

/** y ← x, neighbours by neighbours. */
const copy = (vectors: number, groups: number): string => `
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(${LANES}, 1, 1)
fn copy(@builtin(global_invocation_id) id: vec3u) {
  for (var i = id.x; i < ${vectors}u; i += ${UNROLLED * groups * LANES}u) {
${Array.from({ length: UNROLLED }, (_, i) => `    y[i + ${i * groups * LANES}u] = x[i + ${i * groups * LANES}u];`).join('\n')}
  }
}`;

/** Larger than any cache between the GPU and its memory; smaller for a CPU, whose turn it is in software. */
const COPY_BYTES = { cpu: 2 ** 25, gpu: 2 ** 28 };
const COPY_GROUPS = { cpu: 64, gpu: 2 ** 14 };
const INVOCATIONS = { cpu: 2 ** 12, gpu: 2 ** 18 };
const LOOPS = { cpu: 64, gpu: 128 };

/** The two subjects, to be timed in turns with the kernels that are held against them. */
export async function openPeaks(device: Device): Promise<PeakSubjects> {
  const { dialect, limits } = device.profile;
  const invocations = INVOCATIONS[dialect];
  const { type, count } = SUMS[dialect];
  const folded = 2 * (type === 'f32' ? 1 : 4) * count * UNROLLED * LOOPS[dialect] * invocations;
  const groups = COPY_GROUPS[dialect];
  // Whole turns of all groups, so that no turn looks whether it is the last.
  const turn = 16 * UNROLLED * groups * LANES;
  const most = Math.min(COPY_BYTES[dialect], limits.maxStorageBufferBindingSize);
  const bytes = Math.max(turn, Math.floor(most / turn) * turn);
  return [
    await openSubject(
      device,
      'multiplyAdd',
      multiplyAdd(dialect, LOOPS[dialect]),
      [4 * invocations],
      invocations / LANES,
      {
        flops: folded,
        bytes: 4 * invocations,
      },
    ),
    await openSubject(device, 'copy', copy(bytes / 16, groups), [bytes, bytes], groups, { flops: 0, bytes: 2 * bytes }),
  ];
}

/** The adapter's peaks by the clock, and by the time of all cores: so of one core, where cores do the work. */
export type PeaksBy = Readonly<Record<Costs, Peaks>>;

/** Rates out of the timings of the two subjects. */
export function peaksOf([fold, move]: PeakSubjects, [folds, moves]: readonly Timing[]): PeaksBy {
  const by = (costs: Costs): Peaks => ({
    gflops: fold.flops / (folds?.[costs].min ?? NaN) / 1e6,
    gbytes: move.bytes / (moves?.[costs].min ?? NaN) / 1e6,
  });
  return { wall: by('wall'), cpu: by('cpu') };
}

/** The most that a kernel of so many operations on so many bytes could reach, in billions of operations a second. */
export const roofOf = ({ gflops, gbytes }: Peaks, flops: number, bytes: number): number =>
  Math.min(gflops, (gbytes * flops) / bytes);

async function openSubject(
  device: Device,
  label: string,
  code: string,
  sizes: readonly number[],
  groups: number,
  work: { readonly flops: number; readonly bytes: number },
): Promise<PeakSubject> {
  const buffers: GPUBuffer[] = [];
  for (const [i, bytes] of sizes.entries()) buffers.push(await device.buffer(`${label} ${i}`, bytes, STORAGE));
  const { pipeline, bindGroup } = await device.validated(label, async (gpu) => {
    const module = gpu.createShaderModule({ label, code });
    const made = await gpu.createComputePipelineAsync({ label, layout: 'auto', compute: { module } });
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const layout = made.getBindGroupLayout(0);
    return { pipeline: made, bindGroup: gpu.createBindGroup({ label, layout, entries }) };
  });
  return {
    ...work,
    run: (times) =>
      device.submit((encoder) => {
        const pass = encoder.beginComputePass({ label });
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        for (let i = 0; i < times; i++) pass.dispatchWorkgroups(groups);
        pass.end();
      }),
    idle: () => device.idle(),
    [Symbol.dispose]: () => buffers.forEach((buffer) => device.destroy(buffer)),
  };
}
