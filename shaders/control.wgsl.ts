import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { linearGroups, LINEAR_ROW } from './lib/linear.js';
import { lines } from './lib/tile.js';

// The guard, the step counter and the metrics ring; each is written in place.

/** The bits of an f32 that are all set in NaN and ∞ alone. WGSL may assume that neither exists, and fold `x != x` away. */
const EXPONENT = '0x7f800000u';

/** Elements that one invocation looks at. */
const EACH = 16;
const LANES = 64;

/** Invocations for so many elements: whole workgroups, as element j of invocation i lies at i + j·(all of them). */
const invocationsFor = (size: number): number => Math.ceil(size / EACH / LANES) * LANES;

export const guardGroups = (size: number): [number, number, number] => linearGroups(invocationsFor(size));

export interface GuardParams {
  readonly size: number;
  /** First element of each tensor in the gradients. */
  readonly starts: readonly number[];
}

/** guard = the smallest of: its word before, 0 for a loss, 1 + k for a gradient of tensor k, that is not finite. */
export const firstNonFinite = ({ size, starts }: GuardParams) => wgsl`
@group(0) @binding(0) var<storage, read> loss: array<u32, 1>;
@group(0) @binding(1) var<storage, read> slopes: array<u32, ${size}>;
@group(0) @binding(2) var<storage, read_write> guard: array<atomic<u32>, 1>;

fn tensorAt(i: u32) -> u32 {
  var starts = array<u32, ${starts.length}>(${starts.map((start) => `${start}u`).join(', ')});
  var k = 0u;
  while (k + 1u < ${starts.length}u && starts[k + 1u] <= i) { k++; }
  return k;
}

fn exponentAt(i: u32) -> u32 { return slopes[min(i, ${size - 1}u)] & ${EXPONENT}; }

@compute @workgroup_size(${LANES}, 1, 1)
fn firstNonFinite(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i == 0u && (loss[0] & ${EXPONENT}) == ${EXPONENT}) { atomicMin(&guard[0], 0u); }
  var most = 0u;
  ${lines(EACH, (j) => `most = max(most, exponentAt(i + ${j * invocationsFor(size)}u));`)}
  if (most != ${EXPONENT}) { return; }
  for (var j = 0u; j < ${EACH}u; j++) {
    let at = i + j * ${invocationsFor(size)}u;
    if (at < ${size}u && exponentAt(at) == ${EXPONENT}) { atomicMin(&guard[0], 1u + tensorAt(at)); }
  }
}`;

export const advance = () => wgsl`
@group(0) @binding(0) var<storage, read> guard: array<u32, 1>;
@group(0) @binding(1) var<storage, read_write> step: array<u32, 1>;

@compute @workgroup_size(1, 1, 1)
fn advance() {
  if (guard[0] == 0xffffffffu) { step[0] += 1u; }
}`;

export interface RecordParams {
  /** Steps that the ring holds. */
  readonly rows: number;
  /** The step counter moves on in the same dispatch, as `advance` has it. */
  readonly advancing?: boolean;
}

export const recordStep = ({ rows, advancing = false }: RecordParams) => wgsl`
#if ${advancing}
@group(0) @binding(0) var<storage, read_write> step: array<u32, 1>;
@group(0) @binding(5) var<storage, read> guard: array<u32, 1>;
#else
@group(0) @binding(0) var<storage, read> step: array<u32, 1>;
#endif
@group(0) @binding(1) var<storage, read> loss: array<f32, 1>;
@group(0) @binding(2) var<storage, read> correct: array<u32, 1>;
@group(0) @binding(3) var<storage, read> live: array<u32, 1>;
@group(0) @binding(4) var<storage, read_write> ring: array<f32, ${rows * 3}>;

@compute @workgroup_size(1, 1, 1)
fn recordStep() {
  let row = (step[0] % ${rows}u) * 3u;
  ring[row] = loss[0];
  ring[row + 1u] = f32(correct[0]);
  ring[row + 2u] = f32(live[0]);
#if ${advancing}
  if (guard[0] == 0xffffffffu) { step[0] += 1u; }
#endif
}`;
