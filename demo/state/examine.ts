import { signal, type Signal } from '@preact/signals-core';
import type { DataKind, Examined } from '../protocol.js';
import type { Takers } from './takers.js';

export interface ExamineState {
  readonly examined: Signal<Readonly<Partial<Record<DataKind, Examined>>>>;
  /** Which of the first training images is looked at more closely. */
  readonly shown: Signal<number>;
}

export const examineState = (): ExamineState => ({ examined: signal({}), shown: signal(0) });

export const examineTakers: Takers<'examined', ExamineState> = {
  examined: (state, { examined }) => {
    state.examined.value = { ...state.examined.peek(), [examined.kind]: examined };
  },
};
