import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, spread } from './lib/linear.js';

// Several batches are one turn: turn = (place, from 0; batches of the turn).

export interface TurnParams {
  readonly perEpoch: number;
  readonly length: number;
}

export const turnOf = ({ perEpoch, length }: TurnParams) => wgsl`
@group(0) @binding(0) var<storage, read> batch: array<u32, 1>;
@group(0) @binding(1) var<storage, read_write> turn: array<u32, 2>;

@compute @workgroup_size(1, 1, 1)
fn turnOf() {
  let inEpoch = batch[0] % ${perEpoch}u;
  let place = inEpoch % ${length}u;
  turn[0] = place;
  turn[1] = min(${length}u, ${perEpoch}u - (inEpoch - place));
}`;

/** total = (total, or 0 at the first of the turn) + value/batches. */
export const addTurn = ({ size }: { readonly size: number }) => wgsl`
@group(0) @binding(0) var<storage, read> value: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> turn: array<u32, 2>;
@group(0) @binding(2) var<storage, read_write> total: array<f32, ${size}>;

var<private> isFirst: bool;
var<private> batches: f32;

fn element(i: u32) { total[i] = select(total[i], 0.0, isFirst) + value[i] / batches; }

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn addTurn(@builtin(global_invocation_id) id: vec3u) {
  isFirst = turn[0] == 0u;
  batches = f32(turn[1]);
  ${spread(size)}
}`;

export const whenDue = () => wgsl`
@group(0) @binding(0) var<storage, read> guard: array<u32, 1>;
@group(0) @binding(1) var<storage, read> turn: array<u32, 2>;
@group(0) @binding(2) var<storage, read_write> due: array<u32, 1>;

@compute @workgroup_size(1, 1, 1)
fn whenDue() { due[0] = select(0xfffffffeu, guard[0], turn[0] + 1u == turn[1]); }`;

export const recordTurn = ({ rows }: { readonly rows: number }) => wgsl`
@group(0) @binding(0) var<storage, read> step: array<u32, 1>;
@group(0) @binding(1) var<storage, read> loss: array<f32, 1>;
@group(0) @binding(2) var<storage, read> correct: array<u32, 1>;
@group(0) @binding(3) var<storage, read> live: array<u32, 1>;
@group(0) @binding(4) var<storage, read> turn: array<u32, 2>;
@group(0) @binding(5) var<storage, read_write> ring: array<f32, ${rows * 3}>;

fn add(at: u32, value: f32) { ring[at] = select(ring[at], 0.0, turn[0] == 0u) + value; }

@compute @workgroup_size(1, 1, 1)
fn recordTurn() {
  let row = (step[0] % ${rows}u) * 3u;
  add(row, loss[0] / f32(turn[1]));
  add(row + 1u, f32(correct[0]));
  add(row + 2u, f32(live[0]));
}`;
