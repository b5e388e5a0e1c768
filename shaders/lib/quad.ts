// The four invocations of a quad, for kernels that load a number once for all of them.

/** What brings invocation l of a quad the value that invocation l ^ i has. Every invocation must reach it. */
export const swap = (i: number, value: string): string =>
  i === 0 ? value : `${['quadSwapX', 'quadSwapY', 'quadSwapDiagonal'][i - 1]}(${value})`;
