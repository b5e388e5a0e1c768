import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { addressOf } from './lib/address.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';
import { grid, lines } from './lib/tile.js';

// y[m,n] = Σ_k a[m,k]·b[k,n]   with a stored [M, K], or [K, M] in layout tn; b stored [K, N], or [N, K] in layout nt
//
// Letters: M, N rows and columns of y; K length of the sums. Epilogue: + bias[n], then max(·, 0); or 0 where gate ≤ 0.
// Several products of one form are a batch: their matrices lie one after the other, and one may serve several products.

export interface MatmulParams {
  readonly layout: 'nn' | 'nt' | 'tn';
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly bias?: boolean;
  readonly relu?: boolean;
  /** Results are let through where a tensor of their shape is above 0: the gradient of a relu before the product. */
  readonly gate?: boolean;
  /** The sums Σ_k a[m,k] too: of slopes, those are the gradient of a bias. */
  readonly rowSums?: boolean;
  /** Several products; absent for one. They have no epilogue. */
  readonly batches?: Batches;
}

/** The axes before the matrices: of y, and those of a and b that are broadcast to them. */
export interface Batches {
  readonly shape: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** How many products, and how many matrices each operand has. */
export const batchOf = ({ batches }: MatmulParams): { count: number; a: number; b: number } => ({
  count: sizeOf(batches?.shape ?? []),
  a: sizeOf(batches?.a ?? []),
  b: sizeOf(batches?.b ?? []),
});

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** What follows the sums needs all of their terms, so they are not cut into slices. */
export const hasEpilogue = ({ bias, relu, gate }: MatmulParams): boolean =>
  bias === true || relu === true || gate === true;

/** Columns of a product in workgroup memory: one more, of ones in b, has the sums of the rows of a. */
export const columnsOf = ({ N, rowSums }: MatmulParams): number => N + Number(rowSums === true);

/** What one invocation of the tiled kernel computes, and how the sums are cut. */
export interface MatmulTile {
  /** Rows and columns of y that one invocation holds in registers. */
  readonly rows: number;
  readonly columns: number;
  /** Invocations of a workgroup. */
  readonly lanes: number;
  /** Equal parts that the sums are cut into; each writes a plane of its own when there are several. */
  readonly slices: number;
}

/** Products of a batch along y, and then along z: as many workgroups as any adapter takes along one axis. */
const BATCH_ROW = 65_535;

/** Products that are chained into one expression, which costs a software adapter less than one variable each. */
export const CHUNK = 4;

/** One element of y an invocation. */
export const matmul = (p: MatmulParams) => wgsl`
${operands(p, 1)}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn matmul(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${batchOf(p).count * p.M * p.N}u) { return; }
#if ${p.batches === undefined}
  let m = i / ${p.N}u;
#else
  let batch = i / ${p.M * p.N}u;
  let m = i / ${p.N}u % ${p.M}u;
#endif
  let n = i % ${p.N}u;
  var sum = 0.0;
  for (var k = 0u; k < ${p.K}u; k++) { sum = fma(a[${atA(p, startA(p, 'm'), 'k')}], b[${atB(p, startB(p, 'n'), 'k')}], sum); }
#if ${p.bias === true}
  sum += bias[n];
#endif
#if ${p.relu === true}
  sum = select(sum, 0.0, sum <= 0.0);
#endif
  y[i] = ${gated(p, 'sum', 'i')};
}`;

/**
 * A tile of y an invocation, in named registers: no workgroup memory, no barrier. Rows and columns past the edge read
 * the last valid one and are not stored. Loops have constant bounds, so that Tint can prove every index and clamps none.
 */
export const matmulTiled = (p: MatmulParams, tile: MatmulTile) => wgsl`
${operands(p, tile.slices)}

@compute @workgroup_size(${tile.lanes}, 1, 1)
fn matmulTiled(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${tilesAlong(p, tile).rows * tilesAlong(p, tile).columns}u) { return; }
#if ${p.batches !== undefined}
  let batch = id.z * ${BATCH_ROW}u + id.y;
  if (batch >= ${batchOf(p).count}u) { return; }
#endif
  let row = (id.x / ${tilesAlong(p, tile).columns}u) * ${tile.rows}u;
  let column = (id.x % ${tilesAlong(p, tile).columns}u) * ${tile.columns}u;
  ${lines(tile.rows, (i) => `let m${i} = ${startA(p, `min(row + ${i}u, ${p.M - 1}u)`)};`)}
  ${lines(tile.columns, (j) => `let n${j} = ${startB(p, `min(column + ${j}u, ${p.N - 1}u)`)};`)}
  ${grid(tile.rows, tile.columns, (i, j) => `var y${i}_${j} = 0.0;`)}
#if ${p.batches === undefined}
  let slice = min(id.y, ${tile.slices - 1}u);
#else
  let slice = 0u;
#endif
  for (var chunk = 0u; chunk < ${Math.floor(p.K / tile.slices / CHUNK)}u; chunk++) {
    let k = slice * ${p.K / tile.slices}u + chunk * ${CHUNK}u;
    ${products(p, tile, CHUNK)}
  }
#if ${restOf(p, tile) > 0}
  {
    let k = slice * ${p.K / tile.slices}u + ${p.K / tile.slices - restOf(p, tile)}u;
    ${products(p, tile, restOf(p, tile))}
  }
#endif
#if ${p.bias === true}
  ${lines(tile.columns, (j) => `let bias${j} = bias[min(column + ${j}u, ${p.N - 1}u)];`)}
  ${grid(tile.rows, tile.columns, (i, j) => `y${i}_${j} += bias${j};`)}
#endif
#if ${p.relu === true}
  ${grid(tile.rows, tile.columns, (i, j) => `y${i}_${j} = select(y${i}_${j}, 0.0, y${i}_${j} <= 0.0);`)}
#endif
#if ${p.batches === undefined}
  let plane = slice * ${p.M * p.N}u;
#else
  let plane = batch * ${p.M * p.N}u;
#endif
  ${grid(tile.rows, tile.columns, (i, j) => store(p, tile, i, j))}
}`;

/** Tiles along M and along N. */
export const tilesAlong = (
  { M, N }: MatmulParams,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): { rows: number; columns: number } => ({ rows: Math.ceil(M / rows), columns: Math.ceil(N / columns) });

/** Workgroups along the tiles and along the slices. */
export function tiledGroups(p: MatmulParams, tile: MatmulTile): readonly [number, number, number] {
  const { rows, columns } = tilesAlong(p, tile);
  const groups = Math.ceil((rows * columns) / tile.lanes);
  if (p.batches === undefined) return [groups, tile.slices, 1];
  const { count } = batchOf(p);
  return [groups, Math.min(count, BATCH_ROW), Math.ceil(count / BATCH_ROW)];
}

/** Terms of a slice after its last whole chunk. */
const restOf = ({ K }: MatmulParams, { slices }: MatmulTile): number => (K / slices) % CHUNK;

/** The bindings of every variant. */
export const operands = (p: MatmulParams, planes: number): string => wgsl`
@group(0) @binding(0) var<storage, read> a: array<f32, ${batchOf(p).a * p.M * p.K}>;
@group(0) @binding(1) var<storage, read> b: array<f32, ${batchOf(p).b * p.K * p.N}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${planes * batchOf(p).count * p.M * p.N}>;
#if ${p.bias === true}
@group(0) @binding(3) var<storage, read> bias: array<f32, ${p.N}>;
#endif
#if ${p.gate === true}
@group(0) @binding(4) var<storage, read> gate: array<f32, ${p.M * p.N}>;
#endif
#if ${p.rowSums === true}
@group(0) @binding(5) var<storage, read_write> sums: array<f32, ${planes * p.M}>;
#endif`;

/** A result, or 0 where its gate is shut. */
export const gated = (p: MatmulParams, value: string, at: string): string =>
  p.gate === true ? `select(0.0, ${value}, gate[${at}] > 0.0)` : value;

/** A number of b, or 1 in the column that has the sums. */
export const orOne = (p: MatmulParams, value: string, column: string): string =>
  p.rowSums === true ? `select(${value}, 1.0, ${column} == ${p.N}u)` : value;

/** Where row m of a begins, and its term k from there; and likewise for column n of b. */
export const startA = (p: MatmulParams, m: string): string =>
  `${matrixOf(p, p.batches?.a, p.M * p.K)}${p.layout === 'tn' ? m : `${m} * ${p.K}u`}`;
export const atA = ({ layout, M }: MatmulParams, start: string, k: string): string =>
  layout === 'tn' ? `${k} * ${M}u + ${start}` : `${start} + ${k}`;
export const startB = (p: MatmulParams, n: string): string =>
  `${matrixOf(p, p.batches?.b, p.K * p.N)}${p.layout === 'nt' ? `${n} * ${p.K}u` : n}`;
export const atB = ({ layout, N }: MatmulParams, start: string, k: string): string =>
  layout === 'nt' ? `${start} + ${k}` : `${k} * ${N}u + ${start}`;

/** Where the matrix of product `batch` begins. */
const matrixOf = ({ batches }: MatmulParams, lead: readonly number[] | undefined, words: number): string =>
  batches === undefined || lead === undefined ? '' : `(${addressOf('batch', batches.shape, lead)}) * ${words}u + `;

/** Loads of `count` terms for every row and column, and the chained products of the whole tile. */
function products(p: MatmulParams, tile: MatmulTile, count: number): string {
  const loadA = grid(tile.rows, count, (i, q) => `let a${i}_${q} = a[${atA(p, `m${i}`, `(k + ${q}u)`)}];`);
  const loadB = grid(tile.columns, count, (j, q) => `let b${j}_${q} = b[${atB(p, `n${j}`, `(k + ${q}u)`)}];`);
  const chain = (i: number, j: number): string =>
    Array.from({ length: count }, (_, q) => q).reduce((sum, q) => `fma(a${i}_${q}, b${j}_${q}, ${sum})`, `y${i}_${j}`);
  return [loadA, loadB, grid(tile.rows, tile.columns, (i, j) => `y${i}_${j} = ${chain(i, j)};`)].join('\n  ');
}

/** A store that keeps to the matrix; the test falls away where the tile divides it. */
function store(p: MatmulParams, tile: MatmulTile, i: number, j: number): string {
  const tests = [
    ...(p.M % tile.rows === 0 ? [] : [`row + ${i}u < ${p.M}u`]),
    ...(p.N % tile.columns === 0 ? [] : [`column + ${j}u < ${p.N}u`]),
  ];
  const at = `(row + ${i}u) * ${p.N}u + column + ${j}u`;
  const write = `y[plane + ${at}] = ${gated(p, `y${i}_${j}`, at)};`;
  return tests.length === 0 ? write : `if (${tests.join(' && ')}) { ${write} }`;
}
