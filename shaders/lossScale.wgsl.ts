import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { f32 } from './lib/number.js';

// The loss scale after a step, and what an update reads of it.

export interface ScaleParams {
  readonly growth: number;
  readonly backoff: number;
  readonly interval: number;
  /** Beyond these the scale does not go; what overflows at the least stops the run. */
  readonly least: number;
  readonly most: number;
}

/** word = what is not finite in this step: 0xffffffff for nothing, 0xfffffffe while its turn goes on. */
export const adjustScale = ({ growth, backoff, interval, least, most }: ScaleParams) => wgsl`
@group(0) @binding(0) var<storage, read> word: array<u32, 1>;
@group(0) @binding(1) var<storage, read_write> scale: array<f32, 1>;
@group(0) @binding(2) var<storage, read_write> good: array<u32, 1>;
@group(0) @binding(3) var<storage, read_write> skipped: array<u32, 1>;
@group(0) @binding(4) var<storage, read_write> guard: array<u32, 1>;

@compute @workgroup_size(1, 1, 1)
fn adjustScale() {
  let found = word[0];
  if (guard[0] != 0xffffffffu || found == 0xfffffffeu) { return; }
  if (found != 0xffffffffu) {
    if (scale[0] <= ${f32(least)}) { guard[0] = found; return; }
    scale[0] = max(${f32(least)}, scale[0] * ${f32(backoff)});
    good[0] = 0u;
    skipped[0] += 1u;
    return;
  }
  if (good[0] + 1u < ${interval}u) { good[0] += 1u; return; }
  good[0] = 0u;
  // Compared before it is multiplied: WGSL may assume that no infinity comes about.
  if (scale[0] <= ${f32(most / growth)}) { scale[0] *= ${f32(growth)}; }
}`;

export interface RowParams {
  readonly rateRows: number;
  readonly baseRows: number;
}

/** row = rates of the step · bases of so many updates, unscale = 1/scale. */
export const rowOfUpdate = ({ rateRows, baseRows }: RowParams) => wgsl`
@group(0) @binding(0) var<storage, read> rates: array<f32, ${4 * rateRows}>;
@group(0) @binding(1) var<storage, read> bases: array<f32, ${4 * baseRows}>;
@group(0) @binding(2) var<storage, read> step: array<u32, 1>;
@group(0) @binding(3) var<storage, read> skipped: array<u32, 1>;
@group(0) @binding(4) var<storage, read> scale: array<f32, 1>;
@group(0) @binding(5) var<storage, read_write> row: array<f32, 4>;
@group(0) @binding(6) var<storage, read_write> unscale: array<f32, 1>;

@compute @workgroup_size(1, 1, 1)
fn rowOfUpdate() {
  let rate = 4u * (step[0] % ${rateRows}u);
  let base = 4u * ((step[0] - skipped[0]) % ${baseRows}u);
  for (var column = 0u; column < 4u; column++) { row[column] = rates[rate + column] * bases[base + column]; }
  unscale[0] = 1.0 / scale[0];
}`;
