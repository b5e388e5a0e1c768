import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, spread } from './lib/linear.js';
import { f32 } from './lib/number.js';

// y[i] = the i-th of some numbers                     constant

export interface ConstantParams {
  readonly dtype: 'f32' | 'u32';
  readonly values: readonly number[];
}

export const constant = ({ dtype, values }: ConstantParams) => wgsl`
@group(0) @binding(0) var<storage, read_write> y: array<${dtype}, ${values.length}>;

const values = array<${dtype}, ${values.length}>(${values.map(dtype === 'f32' ? f32 : u32).join(', ')});

fn element(i: u32) { y[i] = values[i]; }

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn constant(@builtin(global_invocation_id) id: vec3u) {
  ${spread(values.length)}
}`;

const u32 = (value: number): string => `${value}u`;
