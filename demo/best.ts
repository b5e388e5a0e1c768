// Which epoch was the best.

import type { EpochRow } from './protocol.js';

/** What epochs are judged by: images that are held out, where there are any. */
export type Judge = 'validation' | 'test';

export const judgeOf = (rows: readonly EpochRow[]): Judge =>
  rows.some(({ validationLoss }) => validationLoss !== undefined) ? 'validation' : 'test';

/** The epoch with the smallest loss on the images that judge it; the first of equals. */
export function bestOf(rows: readonly EpochRow[]): EpochRow | undefined {
  const judge = judgeOf(rows);
  const lossOf = (row: EpochRow): number => (judge === 'validation' ? (row.validationLoss ?? NaN) : row.testLoss);
  return rows.reduce<EpochRow | undefined>(
    (best, row) => ((best === undefined ? Number.isFinite(lossOf(row)) : lossOf(row) < lossOf(best)) ? row : best),
    undefined,
  );
}
