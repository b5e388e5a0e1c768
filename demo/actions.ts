// What a person can do, as messages to the Worker and changes of the settings.

import type { Connection } from './connection.js';
import { hotOf, type Phase, type Request, type Settings, type Strokes } from './protocol.js';
import type { WhenHidden } from './names.js';
import type { Language } from './text/words.js';
import { speak } from './language.js';
import { addFault, isBusy, type State } from './state.js';

export interface Actions {
  /** The one bright button: trains, pauses, goes on, starts anew or opens the GPU again; see `primaryOf`. */
  primary(): void;
  /** One step of the run at hand, or of a new one; a run that goes on pauses. */
  step(): void;
  reset(): void;
  change(settings: Partial<Settings>): void;
  fetchMnist(): void;
  cancelFetch(): void;
  readFiles(files: readonly File[]): void;
  draw(strokes: Strokes): void;
  /** Puts a test image on the pad: the one at `index`, else some. */
  sample(index?: number): void;
  hide(policy: WhenHidden): void;
  speak(language: Language): void;
  dismiss(message: string): void;
  /** Asks the Worker for something that changes nothing here until it replies. */
  ask(request: Request): void;
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
  const said = state.words.value.primary;
  if (phase === 'lost') return { does: 'reopen', label: said.reopen };
  if (isBusy(phase)) return { does: 'pause', label: said.pause };
  const again = afresh(state);
  const label = said[again ?? (phase === 'paused' || phase === 'done' ? 'goOn' : 'start')];
  const unless = reasonAgainst(state, phase);
  return { does: again === undefined ? 'start' : 'restart', label, ...(unless !== undefined && { unless }) };
}

function afresh({ phase, outdated, settings, epochs }: State): 'anew' | 'again' | undefined {
  if (phase.value === 'diverged') return 'anew';
  if (phase.value === 'done' && !outdated.value && settings.value.epochs <= epochs.value.length) return 'again';
  return outdated.value ? 'anew' : undefined;
}

/** Why there can be no run of the settings as they are. */
export function reasonAgainst(state: State, phase: Phase): string | undefined {
  const { data } = state.settings.value;
  const said = state.words.value.against;
  if (phase === 'booting') return said.booting;
  if (phase === 'blocked') return said.blocked;
  if (state.kernelJob.value !== undefined) return said.kernels;
  if (data === 'mnist' && state.data.value.mnist === undefined) return said.mnist;
  if (data === 'files' && state.data.value.files === undefined) return said.files;
  if (state.settings.value.learn !== 'set' && state.own.value?.ids.length === 0) return said.own;
  return undefined;
}

/** Why there can be no single step; undefined: there can. */
export function whyNoStep(state: State): string | undefined {
  const phase = state.phase.value;
  if (phase === 'lost' || phase === 'diverged') return state.words.value.phases[phase];
  // A run that has begun goes on, whatever is chosen for the next.
  return state.begun.value ? undefined : reasonAgainst(state, phase);
}

/** The settings of the run at hand with what it takes on while it goes; without a run, those of now. */
function settingsToGoOn({ begun, run, settings }: State): Settings {
  const now = settings.peek();
  return begun.peek() ? { ...(run.peek()?.settings ?? now), ...hotOf(now) } : now;
}

export function createActions(state: State, { send }: Connection): Actions {
  const start = () => send({ type: 'start', settings: state.settings.peek() });
  return {
    ask: send,
    primary() {
      const { does, unless } = primaryOf(state);
      if (unless !== undefined) return;
      if (does === 'restart') send({ type: 'reset' });
      if (does === 'pause') send({ type: 'pause' });
      else if (does === 'reopen') send({ type: 'open' });
      else start();
    },
    step() {
      if (isBusy(state.phase.peek())) send({ type: 'pause' });
      else if (whyNoStep(state) === undefined) send({ type: 'step', settings: settingsToGoOn(state) });
    },
    reset() {
      send({ type: 'reset' });
      // A run of an earlier visit may have begun with weights that are kept no more.
      const isGone = state.settings.peek().begin === 'kept' && state.kept.peek() === undefined;
      if (isGone) state.settings.value = { ...state.settings.peek(), begin: 'random', kept: 0 };
    },
    change(changed) {
      state.settings.value = { ...state.settings.peek(), ...changed };
      const hot = hotOf(state.settings.peek());
      if (Object.keys(hot).some((key) => key in changed)) send({ type: 'hot', hot });
    },
    fetchMnist: () => send({ type: 'fetchMnist' }),
    cancelFetch: () => send({ type: 'cancelFetch' }),
    readFiles: (files) => send({ type: 'readFiles', files }),
    draw: (strokes) => send({ type: 'draw', strokes, settings: state.settings.peek() }),
    sample(index) {
      state.sampled.value++;
      send({ type: 'sample', settings: state.settings.peek(), ...(index !== undefined && { index }) });
    },
    speak(language) {
      speak(state, language).catch((error: unknown) => {
        addFault(state, { code: 'unexpected', message: error instanceof Error ? error.message : String(error) });
      });
    },
    hide(policy) {
      state.whenHidden.value = policy;
    },
    dismiss(message) {
      state.faults.value = state.faults.peek().filter((fault) => fault.message !== message);
    },
  };
}
