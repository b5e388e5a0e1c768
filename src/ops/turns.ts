// Gradient accumulation: several batches are one turn, and the update comes with the last of them.

import { mustBeWhole } from '../core/shape.js';
import type { Spec, Tensor } from '../graph/graph.js';
import { defineOp, gamma, type Op } from '../graph/op.js';
import { mustBe, mustBeWord, mustMatch } from './operands.js';

export interface TurnAttrs {
  /** Batches of an epoch. */
  readonly perEpoch: number;
  /** Batches of a turn; an epoch's last turn may have fewer. */
  readonly length: number;
}

/** The node behind `turnOf`. */
export const turnOp: Op<TurnAttrs> = defineOp('turnOf', {
  arity: 1,
  infer: ([batch], { perEpoch, length }) => {
    mustBeWord('turnOf', 'batch', batch);
    mustBeWhole('turnOf', 'perEpoch', perEpoch, 1);
    mustBeWhole('turnOf', 'length', length, 1);
    return [{ shape: [2], dtype: 'u32' }];
  },
  at: ([batch], [i], { perEpoch, length }) => {
    const inEpoch = batch.flat(0) % perEpoch;
    const place = inEpoch % length;
    return i === 0 ? place : Math.min(length, perEpoch - (inEpoch - place));
  },
  terms: () => 0,
});

/**
 * Where a batch stands in its turn: [0] its place, from 0, and [1] how many batches the turn has.
 * @param batch u32 [1], how many batches went before
 * @returns u32 [2]
 */
export const turnOf = (batch: Tensor, attrs: TurnAttrs): Tensor =>
  turnOp.one([batch], { perEpoch: attrs.perEpoch, length: attrs.length });

const mustBeTurn = (place: string, turn: Spec): void => mustBe(place, 'turn', turn, 'u32', [2]);

/** The node behind `addTurn`; its kernel writes over the total. */
export const addTurnOp: Op<object> = defineOp('addTurn', {
  arity: 3,
  infer: ([total, value, turn]) => {
    mustBe('addTurn', 'total', total, 'f32');
    mustMatch('addTurn', 'value', value, total.shape);
    mustBeTurn('addTurn', turn);
    return [{ shape: total.shape, dtype: 'f32' }];
  },
  at: ([total, value, turn], index) =>
    (turn.flat(0) === 0 ? 0 : total.at(...index)) + value.at(...index) / turn.flat(1),
  errorBound: ([total, value, turn], index) =>
    gamma(5) * (Math.abs(total.at(...index)) + Math.abs(value.at(...index)) / turn.flat(1)) + 2 ** -126,
  inPlace: [[0, 0]],
});

/** total + value/length of the turn; the first of a turn forgets the total. Any shape, f32. */
export const addTurn = (total: Tensor, value: Tensor, turn: Tensor): Tensor => addTurnOp.one([total, value, turn], {});

/** A guard's word that says: all is well, and the turn goes on. */
export const NOT_YET = 0xffff_fffe;

/** The node behind `whenDue`. */
export const whenDueOp: Op<object> = defineOp('whenDue', {
  arity: 2,
  infer: ([guard, turn]) => {
    mustBeWord('whenDue', 'guard', guard);
    mustBeTurn('whenDue', turn);
    return [{ shape: [1], dtype: 'u32' }];
  },
  at: ([guard, turn]) => (turn.flat(0) + 1 === turn.flat(1) ? guard.flat(0) : NOT_YET),
  terms: () => 0,
});

/** The guard for what happens once a turn: ALL_FINITE at its last batch alone. guard u32 [1] → u32 [1]. */
export const whenDue = (guard: Tensor, turn: Tensor): Tensor => whenDueOp.one([guard, turn], {});

/** The node behind `recordTurn`; its kernel writes over the ring. */
export const recordTurnOp: Op<object> = defineOp('recordTurn', {
  arity: 6,
  infer: ([ring, step, loss, correct, live, turn]) => {
    mustBe('recordTurn', 'ring', ring, 'f32', ['rows', 3]);
    mustMatch('recordTurn', 'loss', loss, []);
    for (const [name, word] of Object.entries({ step, correct, live })) mustBeWord('recordTurn', name, word);
    mustBeTurn('recordTurn', turn);
    return [{ shape: ring.shape, dtype: 'f32' }];
  },
  at: ([ring, step, loss, correct, live, turn], [row, column]) => {
    const before = ring.at(row, column);
    if (row !== step.flat(0) % (ring.shape[0] ?? 1)) return before;
    const added = [loss.flat(0) / turn.flat(1), correct.flat(0), live.flat(0)][column] ?? 0;
    return (turn.flat(0) === 0 ? 0 : before) + added;
  },
  errorBound: ([ring, step, loss, , , turn], [row, column]) =>
    column > 0 || row !== step.flat(0) % (ring.shape[0] ?? 1)
      ? 0
      : gamma(5) * (Math.abs(ring.at(row, column)) + Math.abs(loss.flat(0)) / turn.flat(1)) + 2 ** -126,
  inPlace: [[0, 0]],
});

/**
 * As `recordStep`, over the batches of a turn: row `step mod rows` has the mean of their losses, and the sums of right
 * answers and live rows, so far.
 */
export const recordTurn = (
  ring: Tensor,
  step: Tensor,
  loss: Tensor,
  correct: Tensor,
  live: Tensor,
  turn: Tensor,
): Tensor => recordTurnOp.one([ring, step, loss, correct, live, turn], {});
