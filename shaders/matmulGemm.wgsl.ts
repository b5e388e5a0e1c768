import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import {
  extentOf,
  gemmMemory,
  gemmProducts,
  gemmStores,
  gemmSums,
  lanesOf,
  placeOf,
  stage,
  stagedAt,
  stagedBy,
  type GemmTile,
  type Staged,
} from './lib/gemmTile.js';
import { lines, upTo } from './lib/rowTile.js';
import {
  atA,
  atB,
  batchOf,
  columnsOf,
  gated,
  operands,
  orOne,
  startA,
  startB,
  type MatmulParams,
} from './matmul.wgsl.js';

// y[m,n] = Σ_k a[m,k]·b[k,n], as in matmul.wgsl.ts, for GPUs and large products: tiles of workgroup memory in entries of
// four numbers, up to 8 × 8 elements an invocation.
//
// Loads are of single numbers, and neighbouring invocations load neighbouring ones whatever the layout, so that memory
// is read in whole lines: terms are neighbours where the layout has them so, else rows or columns are. No loads of four
// numbers, which would make neighbours of what one invocation multiplies, and its stores four apart from the next one's.

/** How a product is cut. */
export interface MatmulGemmTile extends GemmTile {
  /** Terms of the sums in workgroup memory at once. */
  readonly depth: number;
  /** Equal parts that the sums are cut into; each writes a plane of its own when there are several. */
  readonly slices: number;
}

/** Workgroups along the columns, the rows and the slices. */
export function matmulGemmGroups(p: MatmulParams, tile: MatmulGemmTile): readonly [number, number, number] {
  const [rows, columns] = extentOf(tile);
  return [Math.ceil(columnsOf(p) / columns), Math.ceil(p.M / rows), tile.slices * batchOf(p).count];
}

export const matmulGemm = (p: MatmulParams, tile: MatmulGemmTile) => {
  const { depth, slices } = tile;
  const { M, N, layout } = p;
  const terms = p.K / slices;
  const [tileRows, tileColumns] = extentOf(tile);
  const [stagedA, stagedB] = [stagedBy(tile, 0, depth), stagedBy(tile, 1, depth)];

  /** Past the edge the last row or column, which is not stored. */
  const placeA = (staged: Staged): string => `${stagedAt(tile, 0, depth, layout === 'tn' ? 1 : depth, staged)}
${lines(upTo(4), (i) => {
  const row = `min(row + ${placeOf(tile, 0, staged.entry, i)}, ${M - 1}u)`;
  return `let ${staged.name}_${i} = ${atA(p, startA(p, row), `(first + ${staged.term})`)};`;
})}`;
  const placeB = (staged: Staged): string => `${stagedAt(tile, 1, depth, layout === 'nt' ? depth : 1, staged)}
${lines(upTo(4), (j) => {
  const column = `min(column + ${placeOf(tile, 1, staged.entry, j)}, ${N - 1}u)`;
  const one = p.rowSums === true ? ` let n${staged.name}_${j} = column + ${placeOf(tile, 1, staged.entry, j)};` : '';
  return `let ${staged.name}_${j} = ${atB(p, startB(p, column), `(first + ${staged.term})`)};${one}`;
})}`;
  const [stepA, stepB] = [layout === 'tn' ? M : 1, layout === 'nt' ? 1 : N];

  /** A term past the last is 0 on both sides: 0·∞ would make a NaN. */
  const numbers = ({ name, term }: Staged, memory: string, step: number): readonly string[] =>
    upTo(4).map((i) => {
      const own = `${memory}[${name}_${i} + begin * ${step}u]`;
      const value = memory === 'b' ? orOne(p, own, `n${name}_${i}`) : own;
      return terms % depth === 0 ? value : `select(0.0, ${value}, begin + ${term} < ${terms}u)`;
    });

  return wgsl`
${operands(p, slices)}
${gemmMemory(tile, depth)}

@compute @workgroup_size(${lanesOf(tile)}, 1, 1)
fn matmulGemm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * ${tileRows}u;
  let column = group.x * ${tileColumns}u;
#if ${p.batches === undefined}
  let first = group.z * ${terms}u;
#else
  let first = 0u;
  let batch = group.z;
#endif
    ${gemmSums(tile)}
${lines(stagedA, placeA)}
${lines(stagedB, placeB)}
  for (var begin = 0u; begin < ${terms}u; begin += ${depth}u) {
${lines(stagedA, (staged) => stage(tile, 0, depth, staged, numbers(staged, 'a', stepA)))}
${lines(stagedB, (staged) => stage(tile, 1, depth, staged, numbers(staged, 'b', stepB)))}
    ${gemmProducts(tile, depth, terms > depth)}
  }
  let plane = group.z * ${M * N}u;
    ${gemmStores(tile, (place, j, rows) => {
      const stores = lines(rows, ({ row, value }) => {
        const biased = p.bias === true ? `${value} + bias[n${j}]` : value;
        const last = p.relu === true ? `relu(${biased})` : biased;
        const stored = `{ let at = (row + ${row}) * ${N}u + n${j}; y[plane + at] = ${gated(p, last, 'at')}; }`;
        return M % tileRows === 0 ? stored : `if (row + ${row} < ${M}u) ${stored}`;
      });
      const column = `let n${j} = column + ${place};`;
      const sums = lines(rows, ({ row, value }) => {
        const stored = `sums[group.z * ${M}u + row + ${row}] = ${value};`;
        return M % tileRows === 0 ? stored : `if (row + ${row} < ${M}u) { ${stored} }`;
      });
      return [
        column,
        N % tileColumns === 0 && p.rowSums !== true ? stores : `if (n${j} < ${N}u) {\n${stores}\n    }`,
        ...(p.rowSums === true ? [`if (n${j} == ${N}u) {\n${sums}\n    }`] : []),
      ].join('\n    ');
    })}
}
#if ${p.relu === true}

// A comparison, not max(): WGSL lets max(NaN, 0) be 0, and a NaN must reach the loss to be seen.
fn relu(value: f32) -> f32 { return select(value, 0.0, value <= 0.0); }
#endif`;
};
