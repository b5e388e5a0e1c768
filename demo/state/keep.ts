import { signal, type Signal } from '@preact/signals-core';
import type { SavedRun } from '../protocol.js';
import type { Takers } from './takers.js';

export interface KeepState {
  /** The run that lies in the browser's storage: this one, or one of another visit. */
  readonly saved: Signal<SavedRun | undefined>;
  /** Where the run went on after the last loss of its device. */
  readonly restored: Signal<{ readonly step: number; readonly sameBits: boolean } | undefined>;
  /** A file that was asked for, until it is handed over. */
  readonly file: Signal<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>;
}

export const keepState = (): KeepState => ({
  saved: signal(undefined),
  restored: signal(undefined),
  file: signal(undefined),
});

export const keepTakers: Takers<'saved' | 'restored' | 'file', KeepState> = {
  saved: (state, { saved }) => {
    state.saved.value = saved;
  },
  restored: (state, { step, sameBits }) => {
    state.restored.value = { step, sameBits };
  },
  file: (state, { name, bytes }) => {
    state.file.value = { name, bytes };
  },
};
