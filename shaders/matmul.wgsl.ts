import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';
import { grid, lines } from './lib/tile.js';

// y[m,n] = Σ_k a[m,k]·b[k,n]   with a stored [M, K], or [K, M] in layout tn; b stored [K, N], or [N, K] in layout nt
//
// Letters: M, N rows and columns of y; K length of the sums. Epilogue: + bias[n], then max(·, 0).

export interface MatmulParams {
  readonly layout: 'nn' | 'nt' | 'tn';
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly bias?: boolean;
  readonly relu?: boolean;
}

/** What one invocation of the tiled kernel computes, and how the sums are cut. */
export interface MatmulTile {
  /** Rows and columns of y that one invocation holds in registers. */
  readonly rows: number;
  readonly columns: number;
  /** Products that are chained into one expression. */
  readonly chunk: number;
  /** Invocations of a workgroup. */
  readonly lanes: number;
  /** Parts that the sums are cut into; each writes a plane of its own when there are several. */
  readonly slices: number;
}

/** One element of y an invocation. */
export const matmul = (p: MatmulParams) => wgsl`
${operands(p, 1)}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn matmul(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${p.M * p.N}u) { return; }
  let m = i / ${p.N}u;
  let n = i % ${p.N}u;
  var sum = 0.0;
  for (var k = 0u; k < ${p.K}u; k++) { sum = fma(a[${atA(p, 'm', 'k')}], b[${atB(p, 'n', 'k')}], sum); }
#if ${p.bias === true}
  sum += bias[n];
#endif
#if ${p.relu === true}
  sum = select(sum, 0.0, sum <= 0.0);
#endif
  y[i] = sum;
}`;

/**
 * A tile of y an invocation, in named registers: no workgroup memory, no barrier. Rows and columns past the edge read
 * the last valid one and are not stored.
 */
export const matmulTiled = (p: MatmulParams, tile: MatmulTile) => wgsl`
${operands(p, tile.slices)}

@compute @workgroup_size(${tile.lanes}, 1, 1)
fn matmulTiled(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${tilesAlong(p, tile).rows * tilesAlong(p, tile).columns}u) { return; }
  let row = (id.x / ${tilesAlong(p, tile).columns}u) * ${tile.rows}u;
  let column = (id.x % ${tilesAlong(p, tile).columns}u) * ${tile.columns}u;
  ${lines(tile.rows, (i) => `let m${i} = min(row + ${i}u, ${p.M - 1}u)${p.layout === 'tn' ? '' : ` * ${p.K}u`};`)}
  ${lines(tile.columns, (j) => `let n${j} = min(column + ${j}u, ${p.N - 1}u)${p.layout === 'nt' ? ` * ${p.K}u` : ''};`)}
  ${grid(tile.rows, tile.columns, (i, j) => `var y${i}_${j} = 0.0;`)}
#if ${tile.slices > 1}
  let first = id.y * ${sliceLength(p, tile)}u;
  let last = min(first + ${sliceLength(p, tile)}u, ${p.K}u);
#else
  let first = 0u;
  let last = ${p.K}u;
#endif
  var k = first;
#if ${p.K >= tile.chunk}
  for (; k + ${tile.chunk}u <= last; k += ${tile.chunk}u) {
    ${products(p, tile, tile.chunk)}
  }
#endif
#if ${hasRest(p, tile)}
  for (; k < last; k++) {
    ${products(p, tile, 1)}
  }
#endif
#if ${tile.slices > 1}
  let plane = id.y * ${p.M * p.N}u;
  ${grid(tile.rows, tile.columns, (i, j) => store(p, tile, i, j, `plane + `, `y${i}_${j}`))}
#else
#if ${p.bias === true}
  ${lines(tile.columns, (j) => `let bias${j} = bias[min(column + ${j}u, ${p.N - 1}u)];`)}
  ${grid(tile.rows, tile.columns, (i, j) => `y${i}_${j} += bias${j};`)}
#endif
#if ${p.relu === true}
  ${grid(tile.rows, tile.columns, (i, j) => `y${i}_${j} = select(y${i}_${j}, 0.0, y${i}_${j} <= 0.0);`)}
#endif
  ${grid(tile.rows, tile.columns, (i, j) => store(p, tile, i, j, '', `y${i}_${j}`))}
#endif
}`;

/** Tiles along M and along N. */
export const tilesAlong = ({ M, N }: MatmulParams, tile: MatmulTile): { rows: number; columns: number } => ({
  rows: Math.ceil(M / tile.rows),
  columns: Math.ceil(N / tile.columns),
});

/** Terms of one slice of the sums. */
const sliceLength = ({ K }: MatmulParams, { slices }: MatmulTile): number => Math.ceil(K / slices);

const hasRest = (p: MatmulParams, tile: MatmulTile): boolean =>
  p.K % tile.chunk !== 0 || (tile.slices > 1 && sliceLength(p, tile) % tile.chunk !== 0);

const operands = (p: MatmulParams, planes: number): string => wgsl`
@group(0) @binding(0) var<storage, read> a: array<f32, ${p.M * p.K}>;
@group(0) @binding(1) var<storage, read> b: array<f32, ${p.K * p.N}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${planes * p.M * p.N}>;
#if ${p.bias === true}
@group(0) @binding(3) var<storage, read> bias: array<f32, ${p.N}>;
#endif`;

const atA = ({ layout, M, K }: MatmulParams, m: string, k: string): string =>
  layout === 'tn' ? `${k} * ${M}u + ${m}` : `${m} * ${K}u + ${k}`;

const atB = ({ layout, N, K }: MatmulParams, n: string, k: string): string =>
  layout === 'nt' ? `${n} * ${K}u + ${k}` : `${k} * ${N}u + ${n}`;

/** Loads of `count` terms for every row and column, and the chained products of the whole tile. */
function products({ layout, M, N }: MatmulParams, tile: MatmulTile, count: number): string {
  const at = (q: number): string => (q === 0 ? 'k' : `(k + ${q}u)`);
  const loadA = grid(tile.rows, count, (i, q) =>
    layout === 'tn' ? `let a${i}_${q} = a[${at(q)} * ${M}u + m${i}];` : `let a${i}_${q} = a[m${i} + ${at(q)}];`,
  );
  const loadB = grid(tile.columns, count, (j, q) =>
    layout === 'nt' ? `let b${j}_${q} = b[n${j} + ${at(q)}];` : `let b${j}_${q} = b[${at(q)} * ${N}u + n${j}];`,
  );
  const chain = (i: number, j: number): string =>
    Array.from({ length: count }, (_, q) => q).reduce((sum, q) => `fma(a${i}_${q}, b${j}_${q}, ${sum})`, `y${i}_${j}`);
  return [loadA, loadB, grid(tile.rows, tile.columns, (i, j) => `y${i}_${j} = ${chain(i, j)};`)].join('\n    ');
}

/** A store that keeps to the matrix; the test falls away where the tile divides it. */
function store({ M, N }: MatmulParams, tile: MatmulTile, i: number, j: number, plane: string, value: string): string {
  const tests = [
    ...(M % tile.rows === 0 ? [] : [`row + ${i}u < ${M}u`]),
    ...(N % tile.columns === 0 ? [] : [`column + ${j}u < ${N}u`]),
  ];
  const write = `y[${plane}(row + ${i}u) * ${N}u + column + ${j}u] = ${value};`;
  return tests.length === 0 ? write : `if (${tests.join(' && ')}) { ${write} }`;
}
