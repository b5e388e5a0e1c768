// What the page knows of the test images: how they were answered, and which of them are looked at.

import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import type { Cell, Confusion, Sight } from '../protocol/answers.js';
import type { Takers } from './takers.js';

export interface AnswersState {
  readonly confusion: Signal<Confusion | undefined>;
  /** The cell whose images are shown. */
  readonly cell: Signal<Cell | undefined>;
  /** The last images of a cell that came, perhaps of the one chosen before. */
  readonly cellReply: Signal<{ readonly at: Cell; readonly sight: Sight } | undefined>;
  /** The images of the chosen cell. */
  readonly cellSight: ReadonlySignal<Sight | undefined>;
  readonly mistakes: Signal<Sight | undefined>;
  /** Counts the test images that were put on the pad. */
  readonly sampled: Signal<number>;
}

export function answersState(): AnswersState {
  const cell: AnswersState['cell'] = signal(undefined);
  const cellReply: AnswersState['cellReply'] = signal(undefined);
  return {
    confusion: signal(undefined),
    cell,
    cellReply,
    cellSight: computed(() => {
      const { at, sight } = cellReply.value ?? {};
      return at !== undefined && isSameCell(at, cell.value) ? sight : undefined;
    }),
    mistakes: signal(undefined),
    sampled: signal(0),
  };
}

/** Of another run nothing of it holds. */
export function forgetAnswers(state: AnswersState): void {
  state.confusion.value = undefined;
  state.cell.value = undefined;
  state.cellReply.value = undefined;
  state.mistakes.value = undefined;
}

export const answersTakers: Takers<'confusion' | 'sight', AnswersState> = {
  confusion: (state, { confusion }) => {
    state.confusion.value = confusion;
  },
  sight: (state, { at, sight }) => {
    if (at === 'mistakes') state.mistakes.value = sight;
    else state.cellReply.value = { at, sight };
  },
};

export const isSameCell = (a: Cell, b: Cell | undefined): boolean => a.label === b?.label && a.answer === b.answer;
