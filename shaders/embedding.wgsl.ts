import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW, spread } from './lib/linear.js';
import { lines } from './lib/tile.js';

// y[p,d] = table[indices[p], d]                         embedding
// dtable[v,d] = Σ dy[p,d] where indices[p] = v          embeddingGrad: no invocation adds to another's row, so there are
//                                                       no atomics, and every sum goes through the places in one order
//
// Letters: V rows and D columns of the table, P places.

export interface EmbeddingSizes {
  readonly V: number;
  readonly D: number;
  readonly P: number;
}

export const embedding = ({ V, D, P }: EmbeddingSizes) => wgsl`
@group(0) @binding(0) var<storage, read> table: array<f32, ${V * D}>;
@group(0) @binding(1) var<storage, read> indices: array<u32, ${P}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${P * D}>;

fn element(i: u32) {
  let row = indices[i / ${D}u];
  var value = table[min(row, ${V - 1}u) * ${D}u + i % ${D}u];
  // NaN by its bits, because WGSL has no literal for it; an index keeps the compiler from folding it.
  if (row >= ${V}u) { value = bitcast<f32>(0x7fc00000u | (row & 1u)); }
  y[i] = value;
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn embedding(@builtin(global_invocation_id) id: vec3u) {
  ${spread(P * D)}
}`;

/** Some columns of one row of the table an invocation: neighbours share a row and its walk through the indices. */
export const embeddingGrad = ({ V, D, P }: EmbeddingSizes, columns: number) => wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${P * D}>;
@group(0) @binding(1) var<storage, read> indices: array<u32, ${P}>;
@group(0) @binding(2) var<storage, read_write> dtable: array<f32, ${V * D}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn embeddingGrad(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${V * Math.ceil(D / columns)}u) { return; }
  let v = i / ${Math.ceil(D / columns)}u;
  let d = i % ${Math.ceil(D / columns)}u;
  ${lines(columns, (j) => `var sum${j} = 0.0;`)}
  for (var p = 0u; p < ${P}u; p++) {
    if (indices[p] == v) {
      ${lines(columns, (j) => `sum${j} += dy[p * ${D}u + min(d + ${j * Math.ceil(D / columns)}u, ${D - 1}u)];`)}
    }
  }
  ${lines(columns, (j) => {
    const at = `d + ${j * Math.ceil(D / columns)}u`;
    const store = `dtable[v * ${D}u + ${at}] = sum${j};`;
    return (j + 1) * Math.ceil(D / columns) <= D ? store : `if (${at} < ${D}u) { ${store} }`;
  })}
}`;
