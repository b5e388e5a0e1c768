// What a person can do, as messages to the Worker and changes of the settings.

import type { Connection } from './connection.js';
import type { Phase, Settings, Strokes } from './protocol.js';
import { isBusy, type State, type WhenHidden } from './state.js';

export interface Actions {
  /** The one bright button: trains, pauses, goes on, starts anew or opens the GPU again; see `primaryOf`. */
  primary(): void;
  reset(): void;
  change(settings: Partial<Settings>): void;
  fetchMnist(): void;
  cancelFetch(): void;
  readFiles(files: readonly File[]): void;
  draw(strokes: Strokes): void;
  sample(): void;
  hide(policy: WhenHidden): void;
  dismiss(message: string): void;
}

export interface Primary {
  readonly does: 'start' | 'pause' | 'restart' | 'reopen';
  readonly label: string;
  /** Why it cannot be done now. */
  readonly unless?: string;
}

/** What the bright button means now. */
export function primaryOf(state: State): Primary {
  const phase = state.phase.value;
  const settings = state.settings.value;
  if (phase === 'lost') return { does: 'reopen', label: 'Reopen GPU' };
  if (isBusy(phase)) return { does: 'pause', label: 'Pause' };
  const again = afresh(phase, state.outdated.value, settings.epochs, state.epochs.value.length);
  const label = again ?? (phase === 'paused' || phase === 'done' ? 'Continue' : 'Train');
  const unless = reasonAgainst(state, phase);
  return { does: again === undefined ? 'start' : 'restart', label, ...(unless !== undefined && { unless }) };
}

function afresh(phase: Phase, outdated: boolean, wanted: number, done: number): string | undefined {
  if (phase === 'diverged') return 'Start anew';
  if (phase === 'done' && !outdated && wanted <= done) return 'Train again';
  return outdated ? 'Start anew' : undefined;
}

/** Why there can be no run of the settings as they are. */
export function reasonAgainst(state: State, phase: Phase): string | undefined {
  const { data } = state.settings.value;
  if (phase === 'booting') return 'The GPU is not open yet';
  if (phase === 'blocked') return 'There is no WebGPU to train on';
  if (data === 'mnist' && state.data.value.mnist === undefined) return 'MNIST is not here yet: load it first';
  if (data === 'files' && state.data.value.files === undefined) return 'Choose the four IDX files first';
  return undefined;
}

const isMnistHere = (state: State): boolean =>
  state.data.peek().mnist !== undefined || state.arriving.peek() !== undefined;

export function createActions(state: State, { send }: Connection): Actions {
  const start = () => send({ type: 'start', settings: state.settings.peek() });
  return {
    primary() {
      const { does, unless } = primaryOf(state);
      if (unless !== undefined) return;
      if (does === 'restart') send({ type: 'reset' });
      if (does === 'pause') send({ type: 'pause' });
      else if (does === 'reopen') send({ type: 'open' });
      else start();
    },
    reset: () => send({ type: 'reset' }),
    change(changed) {
      state.settings.value = { ...state.settings.peek(), ...changed };
      // From the cache it costs nothing; a download has a button of its own.
      if (changed.data === 'mnist' && state.mnistKept.peek() && !isMnistHere(state)) send({ type: 'fetchMnist' });
      if (changed.rate !== undefined) send({ type: 'rate', rate: changed.rate });
    },
    fetchMnist: () => send({ type: 'fetchMnist' }),
    cancelFetch: () => send({ type: 'cancelFetch' }),
    readFiles: (files) => send({ type: 'readFiles', files }),
    draw: (strokes) => send({ type: 'draw', strokes, settings: state.settings.peek() }),
    sample: () => send({ type: 'sample', settings: state.settings.peek() }),
    hide(policy) {
      state.whenHidden.value = policy;
    },
    dismiss(message) {
      state.faults.value = state.faults.peek().filter((fault) => fault.message !== message);
    },
  };
}
