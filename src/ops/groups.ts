import { sizeOf } from '../core/shape.js';
import type { Spec, Values } from '../graph/graph.js';

/**
 * Which elements of a tensor belong together: element i, in row-major order, belongs to group ⌊i/run⌋ mod count. So runs
 * of neighbours belong to one group, the next run to the next group, and after the last group comes the first again, in
 * the next block. Channels of [N, C, H, W] are `{ count: C, run: H·W }`, rows of [N, D] `{ count: N, run: D }`.
 */
export interface Groups {
  readonly count: number;
  readonly run: number;
}

/** The group of element i. */
export const groupOf = ({ count, run }: Groups, i: number): number => Math.floor(i / run) % count;

/** How many blocks a tensor of some shape has: runs of one group. */
export const blocksOf = ({ count, run }: Groups, { shape }: Pick<Spec, 'shape'>): number =>
  sizeOf(shape) / (count * run);

/** Σ term(i) over the elements of a group in the first `blocks` blocks. */
export function sumGroup({ count, run }: Groups, group: number, blocks: number, term: (i: number) => number): number {
  let total = 0;
  for (let block = 0; block < blocks; block++) {
    const start = (block * count + group) * run;
    for (let r = 0; r < run; r++) total += term(start + r);
  }
  return total;
}

export const sameGroups = (a: Groups, b: Groups): boolean => a.count === b.count && a.run === b.run;

/** An operand that may be absent, by the place that it would have. */
export const maybe = <T extends Spec | Values>(operands: readonly T[], place: number): T | undefined => operands[place];
