// What all updates share: the arenas, the step's row of numbers, the guard, segments and clipping.

import { EngineError } from '../core/errors.js';
import type { Spec, Tensor, Values } from '../graph/graph.js';
import { defineOp, type Op, type Several } from '../graph/op.js';
import { ALL_FINITE } from './control.js';
import { mustBe, mustBeFinite, mustBeWord, mustMatch } from './operands.js';

/** A stretch of the arena, up to the start of the next, with settings of its own. */
export interface Segment {
  readonly start: number;
  /** Times the step's rate. */
  readonly rateFactor: number;
  /** λ, in place of the update's. */
  readonly weightDecay: number;
  /** False: nothing here is ever written. */
  readonly trained: boolean;
}

export interface UpdateAttrs {
  /** λ where there are no segments. */
  readonly weightDecay: number;
  /** Their starts rise from 0; absent where all weights are alike. */
  readonly segments?: readonly Segment[];
  /** Every gradient is first moved into [−most, most]; absent: none is. */
  readonly most?: number;
}

/** One element of the arena before a step. */
export interface Element {
  readonly p: number;
  /** Clipped, without decay. */
  readonly g: number;
  /** 0 where the rule has fewer. */
  readonly states: readonly [number, number, number];
  /** The step's row, its rates times the segment's factor. */
  readonly row: readonly [number, number, number, number];
  /** λ. */
  readonly decay: number;
}

/** The arithmetic of one element. */
export interface Rule<Attrs> {
  /** Names of the arenas beside the weights, three at most. */
  states(attrs: Attrs): readonly string[];
  /** Columns of the row that are rates: a segment's factor multiplies them. */
  readonly rates: readonly number[];
  /** The weight and the states after a step. */
  next(element: Element, attrs: Attrs): readonly number[];
  /** How far f32 arithmetic may be from them. */
  bounds(element: Element, attrs: Attrs): readonly number[];
}

/** An op that updates an arena. */
export interface Update<Attrs extends object> extends Op<Attrs> {
  /** Names of its states, in the order of its operands. */
  states(attrs: Attrs): readonly string[];
}

/** What is not an arena among an update's operands. */
interface Controls<T> {
  readonly rates: T;
  readonly step: T;
  readonly guard: T;
  readonly factor: T | undefined;
}

/** The operands after weights, gradients and so many states. */
export function controlsOf<T extends Tensor | Values | Spec>(operands: readonly T[], states: number): Controls<T> {
  const [rates, step, guard] = operands.slice(2 + states) as readonly T[] as Several<T>;
  return { rates, step, guard, factor: operands[5 + states] };
}

/**
 * An op that updates a whole arena in place. Operands: weights p, gradients g and the rule's states [P], rates [rows, 4],
 * step and guard u32 [1], and perhaps a factor [] for all gradients. Outputs: p and the states. Once the guard is set
 * nothing changes.
 */
export function defineUpdate<Attrs extends UpdateAttrs>(name: string, rule: Rule<Attrs>): Update<Attrs> {
  const elementOf = (operands: Several<Values>, i: number, attrs: Attrs): Element => {
    const [p, g, ...others] = operands;
    const count = rule.states(attrs).length;
    const { rates, step, factor } = controlsOf(operands, count);
    const { weightDecay, rateFactor } = segmentAt(attrs, i);
    const { most = Infinity } = attrs;
    const stateAt = (state: number): number => (state < count ? (others[state]?.at(i) ?? 0) : 0);
    const inRow = (column: number): number =>
      rates.at(step.flat(0) % (rates.shape[0] ?? 1), column) * (rule.rates.includes(column) ? rateFactor : 1);
    return {
      p: p.at(i),
      g: Math.min(Math.max(g.at(i) * (factor?.flat(0) ?? 1), -most), most),
      states: [stateAt(0), stateAt(1), stateAt(2)],
      row: [inRow(0), inRow(1), inRow(2), inRow(3)],
      decay: weightDecay,
    };
  };
  const isChanged = (operands: Several<Values>, i: number, attrs: Attrs): boolean =>
    controlsOf(operands, rule.states(attrs).length).guard.flat(0) === ALL_FINITE && segmentAt(attrs, i).trained;

  const op = defineOp<Attrs>(name, {
    infer: (operands, attrs) => {
      const states = rule.states(attrs);
      mustBeOperands(name, states, operands);
      mustBeSettings(name, attrs);
      return ['p', ...states].map(() => ({ shape: operands[0].shape, dtype: 'f32' }));
    },
    at: (operands, [i], attrs, output) => {
      const before = operands[output === 0 ? 0 : output + 1]?.at(i) ?? NaN;
      return isChanged(operands, i, attrs) ? (rule.next(elementOf(operands, i, attrs), attrs)[output] ?? NaN) : before;
    },
    errorBound: (operands, [i], attrs, output) =>
      isChanged(operands, i, attrs) ? (rule.bounds(elementOf(operands, i, attrs), attrs)[output] ?? NaN) : 0,
    // Of a rule with fewer states the last pairs name nothing.
    inPlace: [
      [0, 0],
      [1, 2],
      [2, 3],
      [3, 4],
    ],
  });
  return { ...op, states: rule.states };
}

const segmentAt = ({ segments, weightDecay }: UpdateAttrs, i: number): Omit<Segment, 'start'> =>
  segments?.findLast(({ start }) => start <= i) ?? { weightDecay, rateFactor: 1, trained: true };

function mustBeOperands(place: string, states: readonly string[], operands: Several<Spec>): void {
  if (![states.length + 5, states.length + 6].includes(operands.length)) {
    throw new EngineError('graph', {
      place,
      given: `${operands.length} operands`,
      wanted: `${['p', 'g', ...states].join(', ')}, rates, step, guard, and perhaps a factor`,
    });
  }
  const [p, g, ...others] = operands;
  mustBe(place, 'p', p, 'f32', ['P']);
  mustMatch(place, 'g', g, p.shape);
  states.forEach((state, at) => mustMatch(place, state, others[at] ?? p, p.shape));
  const { rates, step, guard, factor } = controlsOf(operands, states.length);
  mustBe(place, 'rates', rates, 'f32', ['rows', 4]);
  mustBeWord(place, 'step', step);
  mustBeWord(place, 'guard', guard);
  if (factor !== undefined) mustMatch(place, 'factor', factor, []);
}

function mustBeSettings(place: string, { segments, most }: UpdateAttrs): void {
  if (most !== undefined && !(Math.fround(most) > 0 && Math.fround(most) < Infinity)) {
    throw new EngineError('usage', { place, given: `gradients of at most ${most}`, wanted: 'a number above 0' });
  }
  if (segments === undefined) return;
  const rise = segments.every(({ start }, k) => (k === 0 ? start === 0 : start > (segments[k - 1]?.start ?? 0)));
  if (segments.length === 0 || !rise) {
    throw new EngineError('usage', {
      place,
      given: `segments from ${segments.map(({ start }) => start).join(', ')}`,
      wanted: 'starts that rise from 0',
    });
  }
  for (const { rateFactor, weightDecay } of segments) {
    mustBeFinite(place, 'a rate factor of', rateFactor);
    mustBeFinite(place, 'a weight decay of', weightDecay);
  }
}
