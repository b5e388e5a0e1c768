import { mustBeWhole, sizeOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBe } from './operands.js';

/** The node behind `embedding`. */
export const embeddingOp: Op<object> = defineOp('embedding', {
  arity: 2,
  infer: ([table, indices]) => {
    mustBe('embedding', 'table', table, 'f32', ['V', 'D']);
    mustBe('embedding', 'indices', indices, 'u32');
    return [{ shape: [...indices.shape, table.shape[1] ?? 1], dtype: 'f32' }];
  },
  at: ([table, indices], index) => {
    const row = indices.at(...index.slice(0, -1));
    return row < (table.shape[0] ?? 0) ? table.at(row, index.at(-1) ?? 0) : NaN;
  },
  terms: () => 0,
  gradient: (dy, [table, indices]) => [
    () => embeddingGrad.one([dy, indices], { rows: table.shape[0] ?? 1 }),
    undefined,
  ],
  half: true,
});

/**
 * dtable[v,d] = Σ dy[p,d] over the places p with indices[p] = v, in the order of the places; an index past the table adds
 * to no row. dy [..., D], indices u32 [...] → [rows, D].
 */
export const embeddingGrad: Op<{ rows: number }> = defineOp('embeddingGrad', {
  arity: 2,
  infer: ([dy, indices], { rows }) => {
    mustBe('embeddingGrad', 'dy', dy, 'f32', [...indices.shape, 'D']);
    mustBe('embeddingGrad', 'indices', indices, 'u32');
    mustBeWhole('embeddingGrad', 'rows', rows, 1);
    return [{ shape: [rows, dy.shape.at(-1) ?? 1], dtype: 'f32' }];
  },
  at: ([dy, indices], [v, d]) => {
    const D = dy.shape.at(-1) ?? 1;
    let total = 0;
    for (let p = 0; p < sizeOf(indices.shape); p++) if (indices.flat(p) === v) total += dy.flat(p * D + d);
    return total;
  },
  terms: ([, indices]) => sizeOf(indices.shape),
  gradient: (ddtable, [, indices]) => [() => embeddingOp.one([ddtable, indices], {}), undefined],
});

/**
 * Rows of a table by their numbers: y[…, d] = table[indices[…], d], as torch.nn.functional.embedding.
 *
 * @param table f32 [V, D]
 * @param indices u32 of any shape; one that is V or more gives a row of NaN, which stops training at the guard
 * @returns f32 [...indices, D]
 * @throws EngineError 'shape' or 'dtype' unless table and indices are such
 */
export const embedding = (table: Tensor, indices: Tensor): Tensor => embeddingOp.one([table, indices], {});
