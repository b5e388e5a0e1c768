import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { addressOf } from './lib/address.js';
import { LINEAR_LANES, spread } from './lib/linear.js';
import { f32 } from './lib/number.js';

// y[i] = value                     fill
// y[i] = factor·x[i]               scale
// y[i] = a[i] ⊕ b[i], broadcast    add, mul, accumulate: ⊕ is + or ·
// y[i] = x[i], broadcast           broadcast

export const constant = ({ size, value }: { size: number; value: number }) => wgsl`
@group(0) @binding(0) var<storage, read_write> y: array<f32, ${size}>;

fn element(i: u32) { y[i] = ${f32(value)}; }

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn fill(@builtin(global_invocation_id) id: vec3u) {
  ${spread(size)}
}`;

export const scale = ({ size, factor }: { size: number; factor: number }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${size}>;

fn element(i: u32) { y[i] = x[i] * ${f32(factor)}; }

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn scale(@builtin(global_invocation_id) id: vec3u) {
  ${spread(size)}
}`;

export interface BinaryParams {
  /** Name of the entry point: the op's. */
  readonly name: 'add' | 'mul' | 'accumulate';
  readonly shape: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** One operation on two operands; an operand of another shape is read through its broadcast address. */
export const binary = ({ name, shape, a, b }: BinaryParams) => wgsl`
@group(0) @binding(0) var<storage, read> a: array<f32, ${sizeOf(a)}>;
@group(0) @binding(1) var<storage, read> b: array<f32, ${sizeOf(b)}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${sizeOf(shape)}>;

fn element(i: u32) {
  let left = a[${addressOf('i', shape, a)}];
  let right = b[${addressOf('i', shape, b)}];
#if ${name === 'mul'}
  y[i] = left * right;
#else
  y[i] = left + right;
#endif
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn ${name}(@builtin(global_invocation_id) id: vec3u) {
  ${spread(sizeOf(shape))}
}`;

/** The operand repeated to a larger shape. */
export const broadcast = ({ shape, x }: { shape: readonly number[]; x: readonly number[] }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${sizeOf(x)}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${sizeOf(shape)}>;

fn element(i: u32) { y[i] = x[${addressOf('i', shape, x)}]; }

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn broadcast(@builtin(global_invocation_id) id: vec3u) {
  ${spread(sizeOf(shape))}
}`;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
