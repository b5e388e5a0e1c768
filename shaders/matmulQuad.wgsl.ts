import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { grid, lines } from './lib/tile.js';
import { atA, atB, gated, operands, startA, startB, tilesAlong, type MatmulParams } from './matmul.wgsl.js';

// y[m,n] = Σ_k a[m,k]·b[k,n], as in matmul.wgsl.ts, for software adapters whose loads are dear and whose subgroups are
// four invocations wide: a quad loads four columns of b at once, one an invocation, and swaps them.
//
// The four invocations of a quad hold `rows` rows each and share `columns` columns. Invocation l loads column 4g + l and
// gets 4g + (l ^ r) from its neighbours, so what it adds up in y{i}_{g}_{r} belongs to row i and column 4g + (l ^ r).

/** What a quad computes: 4·rows × columns of y. */
export interface QuadTile {
  /** Rows that one invocation holds. */
  readonly rows: number;
  /** Columns that the quad shares, a multiple of 4. */
  readonly columns: number;
  /** Equal parts that the sums are cut into; each writes a plane of its own when there are several. */
  readonly slices: number;
  /** Terms that are chained into one expression for each sum. */
  readonly chunk: number;
}

/** One quad a workgroup: its place in the subgroup is asked for, so no order of invocations is assumed. */
export const matmulQuad = (p: MatmulParams, tile: QuadTile) => wgsl`enable subgroups;
${operands(p, tile.slices)}

@compute @workgroup_size(4, 1, 1)
fn matmulQuad(@builtin(workgroup_id) group: vec3u, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation & 3u;
  let row = (group.x / ${quadsAlong(p, tile).columns}u) * ${4 * tile.rows}u + lane * ${tile.rows}u;
  let column = (group.x % ${quadsAlong(p, tile).columns}u) * ${tile.columns}u;
  ${lines(tile.rows, (i) => `let m${i} = ${startA(p, `min(row + ${i}u, ${p.M - 1}u)`)};`)}
  ${lines(tile.columns / 4, (g) => `let n${g} = ${startB(p, `min(column + ${4 * g}u + lane, ${p.N - 1}u)`)};`)}
  ${sums(tile, (y) => `var ${y} = 0.0;`)}
#if ${p.rowSums === true}
  ${lines(tile.rows, (i) => `var all${i} = 0.0;`)}
#endif
  let slice = min(group.y, ${tile.slices - 1}u);
  for (var chunk = 0u; chunk < ${Math.floor(p.K / tile.slices / tile.chunk)}u; chunk++) {
    let k = slice * ${p.K / tile.slices}u + chunk * ${tile.chunk}u;
    ${products(p, tile, tile.chunk)}
  }
#if ${restOf(p, tile) > 0}
  {
    let k = slice * ${p.K / tile.slices}u + ${p.K / tile.slices - restOf(p, tile)}u;
    ${products(p, tile, restOf(p, tile))}
  }
#endif
  ${lines(4, (r) => `let column${r} = column + (lane ^ ${r}u);`)}
  // Where the results go, within bounds that Tint can prove.
  ${grid(tile.columns / 4, 4, (g, r) => `let at${g}_${r} = min(column${r} + ${4 * g}u, ${p.N - 1}u);`)}
#if ${p.bias === true}
  ${grid(tile.columns / 4, 4, (g, r) => `let bias${g}_${r} = bias[at${g}_${r}];`)}
  ${sums(tile, (y, _, g, r) => `${y} += bias${g}_${r};`)}
#endif
#if ${p.relu === true}
  ${sums(tile, (y) => `${y} = select(${y}, 0.0, ${y} <= 0.0);`)}
#endif
  let plane = slice * ${p.M * p.N}u;
  ${lines(tile.rows, (i) => `let to${i} = min(row + ${i}u, ${p.M - 1}u) * ${p.N}u;`)}
  ${sums(tile, (y, i, g, r) => store(p, tile, y, i, g, r))}
#if ${p.rowSums === true}
  // Every tile of a row has its sum; the first writes it.
  ${lines(tile.rows, (i) => `if (column == 0u && row + ${i}u < ${p.M}u) { sums[min(row + ${i}u, ${p.M - 1}u)] = all${i}; }`)}
#endif
}`;

/** Workgroups along the tiles and along the slices. */
export function quadGroups(p: MatmulParams, tile: QuadTile): readonly [number, number, number] {
  const { rows, columns } = quadsAlong(p, tile);
  return [rows * columns, tile.slices, 1];
}

/** Quads along M and along N. */
export const quadsAlong = (p: MatmulParams, { rows, columns }: QuadTile): { rows: number; columns: number } =>
  tilesAlong(p, { rows: 4 * rows, columns });

/** Terms of a slice after its last whole chunk. */
const restOf = ({ K }: MatmulParams, { slices, chunk }: QuadTile): number => (K / slices) % chunk;

/** A line for each sum of an invocation: its name, row, group of columns and rotation. */
const sums = (tile: QuadTile, line: (y: string, i: number, g: number, r: number) => string): string =>
  lines(tile.rows, (i) => grid(tile.columns / 4, 4, (g, r) => line(`y${i}_${g}_${r}`, i, g, r)));

/** Loads of `count` terms for every row and column, and the chained products of the whole tile, group by group. */
function products(p: MatmulParams, tile: QuadTile, count: number): string {
  const rows = lines(tile.rows, (i) => lines(count, (q) => `let a${i}_${q} = a[${atA(p, `m${i}`, `(k + ${q}u)`)}];`));
  const chain = (y: string, i: number, g: number, r: number): string =>
    Array.from({ length: count }, (_, q) => q).reduce((sum, q) => `fma(b${g}_${q}_${r}, a${i}_${q}, ${sum})`, y);
  const groups = lines(tile.columns / 4, (g) => {
    const loads = lines(count, (q) => {
      const own = `b${g}_${q}_0`;
      return `let ${own} = b[${atB(p, `n${g}`, `(k + ${q}u)`)}];
  let b${g}_${q}_1 = quadSwapX(${own}); let b${g}_${q}_2 = quadSwapY(${own}); let b${g}_${q}_3 = quadSwapDiagonal(${own});`;
    });
    const adds = lines(tile.rows, (i) => lines(4, (r) => `y${i}_${g}_${r} = ${chain(`y${i}_${g}_${r}`, i, g, r)};`));
    return `${loads}\n  ${adds}`;
  });
  const all =
    p.rowSums === true
      ? lines(tile.rows, (i) => `all${i} += ${Array.from({ length: count }, (_, q) => `a${i}_${q}`).join(' + ')};`)
      : '';
  return `${rows}\n  ${groups}\n  ${all}`;
}

/** A store that keeps to the matrix; the test falls away where the tile divides it. */
function store(p: MatmulParams, tile: QuadTile, y: string, i: number, g: number, r: number): string {
  const tests = [
    ...(p.M % (4 * tile.rows) === 0 ? [] : [`row + ${i}u < ${p.M}u`]),
    ...(p.N % tile.columns === 0 ? [] : [`column${r} + ${4 * g}u < ${p.N}u`]),
  ];
  const at = `to${i} + at${g}_${r}`;
  const write = `y[plane + ${at}] = ${gated(p, y, at)};`;
  return tests.length === 0 ? write : `if (${tests.join(' && ')}) { ${write} }`;
}
