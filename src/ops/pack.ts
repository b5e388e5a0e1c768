import { EngineError } from '../core/errors.js';
import { sizeOf } from '../core/shape.js';
import { ARENA_ALIGNMENT, type Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';

export interface PackAttrs {
  /** The first element of each operand in the result: rising multiples of ARENA_ALIGNMENT, since kernels write there. */
  readonly offsets: readonly number[];
  /** Elements of the result. */
  readonly size: number;
}

/** The node behind `pack`: memory placement, not work, wherever the operands can be made in their places. */
export const packOp: Op<PackAttrs> = defineOp('pack', {
  infer: (operands, { offsets, size }) => {
    const ends = operands.map((operand, i) => (offsets[i] ?? 0) + sizeOf(operand.shape));
    const apart = ends.every((end, i) => end <= (offsets[i + 1] ?? size));
    const aligned = offsets.every((offset) => offset >= 0 && offset % ARENA_ALIGNMENT === 0);
    if (operands.length !== offsets.length || !apart || !aligned) {
      throw new EngineError('shape', {
        place: 'pack',
        given: `${operands.length} operands that end at ${ends.join(', ')}, offsets ${offsets.join(', ')}`,
        wanted: `one offset each, a multiple of ${ARENA_ALIGNMENT}, without overlap, within ${size} elements`,
      });
    }
    return [{ shape: [size], dtype: 'f32' }];
  },
  at: (operands, [i], { offsets }) => {
    const which = offsets.findLastIndex((offset) => offset <= i);
    const operand = operands[which];
    const position = i - (offsets[which] ?? 0);
    return operand === undefined || position >= sizeOf(operand.shape) ? 0 : operand.flat(position);
  },
  terms: () => 0,
  form: 'pack',
});

/** The operands' elements one after the other, each from its offset on, zeros between: [size]. */
export const pack = (operands: readonly Tensor[], offsets: readonly number[], size: number): Tensor =>
  packOp.one(operands, { offsets, size });
