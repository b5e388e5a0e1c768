import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { grid, lines } from './lib/tile.js';
import {
  atA,
  atB,
  columnsOf,
  gated,
  operands,
  orOne,
  startA,
  startB,
  tilesAlong,
  type MatmulParams,
} from './matmul.wgsl.js';

// y[m,n] = Σ_k a[m,k]·b[k,n], as in matmul.wgsl.ts, for GPUs: a workgroup of 8 × 8 invocations brings `depth` terms of
// its rows of a and columns of b into workgroup memory, and each invocation computes `rows` × 4 elements from there.
//
// tileA[k][m] holds scalars: eight invocations of a row read the same one. tileB[k][n/4] holds four columns a word.
// Both are one entry wider than their tile, so that a column of entries does not fall into one memory bank.

/** What a workgroup computes: 8·rows × 32 elements of y. */
export interface SharedTile {
  /** Rows that one invocation holds. */
  readonly rows: number;
  /** Terms of the sums in workgroup memory at once. */
  readonly depth: number;
  /** Equal parts that the sums are cut into; each writes a plane of its own when there are several. */
  readonly slices: number;
}

/** Invocations along each side of a workgroup. */
const SIDE = 8;
export const SHARED_LANES = SIDE * SIDE;
/** Columns of y in a tile: four an invocation. */
const COLUMNS = 4 * SIDE;

export const matmulShared = (p: MatmulParams, tile: SharedTile) => wgsl`
${operands(p, tile.slices)}

var<workgroup> tileA: array<f32, ${tile.depth * (rowsOf(tile) + 1)}>;
var<workgroup> tileB: array<vec4f, ${tile.depth * (SIDE + 1)}>;

@compute @workgroup_size(${SHARED_LANES}, 1, 1)
fn matmulShared(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let x = lane % ${SIDE}u;
  let y0 = (lane / ${SIDE}u) * ${tile.rows}u;
  let row = group.y * ${rowsOf(tile)}u;
  let column = group.x * ${COLUMNS}u;
  let first = group.z * ${p.K / tile.slices}u;
  ${lines(tile.rows, (i) => `var sum${i} = vec4f();`)}
  for (var begin = 0u; begin < ${p.K / tile.slices}u; begin += ${tile.depth}u) {
    for (var i = lane; i < ${tile.depth * rowsOf(tile)}u; i += ${SHARED_LANES}u) {
#if ${p.layout === 'tn'}
      let k = i / ${rowsOf(tile)}u;
      let m = i % ${rowsOf(tile)}u;
#else
      let k = i % ${tile.depth}u;
      let m = i / ${tile.depth}u;
#endif
      let start = ${startA(p, `min(row + m, ${p.M - 1}u)`)};
      let value = a[${atA(p, 'start', `min(first + begin + k, ${p.K - 1}u)`)}];
      tileA[k * ${rowsOf(tile) + 1}u + m] = select(0.0, value, begin + k < ${p.K / tile.slices}u);
    }
    for (var i = lane; i < ${tile.depth * SIDE}u; i += ${SHARED_LANES}u) {
#if ${p.layout === 'nt'}
      let k = i % ${tile.depth}u;
      let n = i / ${tile.depth}u;
#else
      let k = i / ${SIDE}u;
      let n = i % ${SIDE}u;
#endif
      let term = min(first + begin + k, ${p.K - 1}u);
      ${lines(4, (j) => `let start${j} = ${startB(p, `min(column + n * 4u + ${j}u, ${p.N - 1}u)`)};`)}
      let values = vec4f(${[0, 1, 2, 3].map((j) => orOne(p, `b[${atB(p, `start${j}`, 'term')}]`, `column + n * 4u + ${j}u`)).join(', ')});
      // A term past the end is 0 on both sides: 0·∞ would make a NaN.
      tileB[k * ${SIDE + 1}u + n] = select(vec4f(), values, begin + k < ${p.K / tile.slices}u);
    }
    workgroupBarrier();
    ${lines(tile.depth, (k) => productsOf(tile, k))}
    workgroupBarrier();
  }
#if ${p.bias === true}
  let at = column + x * 4u;
  let biases = vec4f(${[0, 1, 2, 3].map((j) => `bias[min(at + ${j}u, ${p.N - 1}u)]`).join(', ')});
  ${lines(tile.rows, (i) => `sum${i} += biases;`)}
#endif
#if ${p.relu === true}
  ${lines(tile.rows, (i) => `sum${i} = select(sum${i}, vec4f(), sum${i} <= vec4f());`)}
#endif
  let plane = group.z * ${p.M * p.N}u;
  ${grid(tile.rows, 4, (i, j) => store(p, tile, i, j))}
#if ${p.rowSums === true}
  let rowPlane = group.z * ${p.M}u;
  ${grid(tile.rows, 4, (i, j) => `if (column + x * 4u + ${j}u == ${p.N}u && row + y0 + ${i}u < ${p.M}u) { sums[rowPlane + row + y0 + ${i}u] = sum${i}[${j}]; }`)}
#endif
}`;

/** Workgroups along the columns, the rows and the slices. */
export function sharedGroups(p: MatmulParams, tile: SharedTile): readonly [number, number, number] {
  const { rows, columns } = tilesAlong({ ...p, N: columnsOf(p) }, { rows: rowsOf(tile), columns: COLUMNS });
  return [columns, rows, tile.slices];
}

/** Workgroup memory of a tile. */
export const sharedBytes = (tile: SharedTile): number => 4 * tile.depth * (rowsOf(tile) + 1 + 4 * (SIDE + 1));

const rowsOf = ({ rows }: SharedTile): number => rows * SIDE;

/** One term of every sum of an invocation. */
const productsOf = (tile: SharedTile, k: number): string =>
  [
    `let b${k} = tileB[${k * (SIDE + 1)}u + x];`,
    lines(tile.rows, (i) => `sum${i} = fma(vec4f(tileA[${k * (rowsOf(tile) + 1) + i}u + y0]), b${k}, sum${i});`),
  ].join('\n  ');

/** A store that keeps to the matrix; the test falls away where the tile divides it. */
function store(p: MatmulParams, tile: SharedTile, i: number, j: number): string {
  const tests = [
    ...(p.M % rowsOf(tile) === 0 ? [] : [`row + y0 + ${i}u < ${p.M}u`]),
    ...(columnsOf(p) === p.N && p.N % COLUMNS === 0 ? [] : [`column + x * 4u + ${j}u < ${p.N}u`]),
  ];
  const at = `(row + y0 + ${i}u) * ${p.N}u + column + x * 4u + ${j}u`;
  const write = `y[plane + ${at}] = ${gated(p, `sum${i}[${j}]`, at)};`;
  return tests.length === 0 ? write : `if (${tests.join(' && ')}) { ${write} }`;
}
