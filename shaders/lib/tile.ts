/** `count` lines of WGSL, one for each number from 0. */
export const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n  ');

/** Lines for every pair of a row and a column of a tile, row by row. */
export const grid = (rows: number, columns: number, line: (i: number, j: number) => string): string =>
  lines(rows, (i) => lines(columns, (j) => line(i, j)));
