import { computed, effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { primaryOf, whyNoStep, type Actions } from '../actions.js';
import { clock, count, percent } from '../format.js';
import { onFrames } from '../frames.js';
import { isBusy, type State } from '../state.js';
import { savedAgo } from './keeping.js';

/** The bright button, reset, and where the run stands. */
export function mountStatus(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    render(
      html`<div class="run-buttons"></div>
        <p class="run-message" role="status" aria-live="polite"></p>
        <p class="run-detail"></p>
        <p class="run-saved"></p>
        <progress class="run-progress" aria-label=${state.words.value.progress} max="1" value="0"></progress>`,
      host,
    );
  });
  const buttons = host.querySelector<HTMLElement>('.run-buttons');
  const message = host.querySelector<HTMLElement>('.run-message');
  const detail = host.querySelector<HTMLElement>('.run-detail');
  const bar = host.querySelector<HTMLProgressElement>('.run-progress');
  const saved = host.querySelector<HTMLElement>('.run-saved');
  if (saved === null || buttons === null || message === null || detail === null || bar === null) return;

  effect(() => {
    document.body.dataset['phase'] = state.phase.value;
    render(buttonsOf(state, actions), buttons);
  });

  // A screen reader hears each change of this text, so it changes with the state and never with a step.
  const said = computed(() => messageOf(state));
  effect(() => {
    message.textContent = said.value;
  });

  const ago = savedAgo(state);
  effect(() => {
    saved.textContent = ago.value ?? '';
  });

  const drawProgress = onFrames(() => {
    const { step } = state.progress.peek();
    const total = stepsOf(state);
    bar.value = total > 0 ? Math.min(1, step / total) : 0;
    detail.textContent = detailOf(state);
  });
  effect(() => {
    void [state.progress.value, state.compiling.value, state.run.value, state.words.value, primaryOf(state)];
    drawProgress();
  });
}

const buttonsOf = (state: State, actions: Actions) => {
  const { label, does, unless } = primaryOf(state);
  return html`<button
      type="button"
      id="primary"
      class="primary"
      data-does=${does}
      aria-disabled=${unless === undefined ? 'false' : 'true'}
      aria-describedby="primary-reason"
      @click=${() => submit(does, state, actions)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${does === 'pause' ? PAUSE : PLAY} /></svg>
      <span>${label}</span>
    </button>
    <button
      type="button"
      id="step"
      aria-disabled=${whyNoStep(state) === undefined || isBusy(state.phase.value) ? 'false' : 'true'}
      @click=${() => actions.step()}
    >
      ${state.words.value.step}
    </button>
    <button type="button" id="reset" ?disabled=${!state.begun.value} @click=${() => actions.reset()}>
      ${state.words.value.reset}
    </button>
    <span id="primary-reason" class="run-reason">${unless ?? ''}</span>`;
};

const PLAY = 'M4 2.5v11l9.5-5.5z';
const PAUSE = 'M4 2.5h3v11h-3zM9 2.5h3v11h-3z';

/** A setting out of its range is shown at its field and nothing starts. */
function submit(does: string, state: State, actions: Actions): void {
  const form = document.querySelector<HTMLFormElement>('form.settings');
  if (does === 'pause' || form === null || form.reportValidity()) {
    if (does === 'start' && !state.begun.peek()) showCurves();
    actions.primary();
  }
}

/** Who starts a first run sees it move, unless they look at the pad, at the layers or at an activation, where it shows too. */
function showCurves(): void {
  const watched = [...document.querySelectorAll('.plot, #sheet, .planes, #inside .maps')];
  const seen = watched.some((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight / 2;
  });
  if (!seen) document.getElementById('curves')?.scrollIntoView();
}

function messageOf(state: State): string {
  const t = state.words.value;
  const phase = state.phase.value;
  // A set that is not here yet has nothing compiled for it.
  if (phase === 'ready' && state.run.value !== undefined) return t.prepared;
  if (phase === 'paused' && state.away.value?.over === false) return t.stopped[state.away.value.run];
  const restored = state.restored.value;
  if (phase === 'training' && restored !== undefined) {
    const { keeping } = t;
    return [keeping.restored(count(restored.step)), ...(restored.sameBits ? [] : [keeping.otherBits])].join(' ');
  }
  const message = t.phases[phase];
  return phase === 'done' ? `${message} ${t.result(percent(state.epochs.value.at(-1)?.testAccuracy))}` : message;
}

function stepsOf(state: State): number {
  return (state.run.peek()?.stepsPerEpoch ?? 0) * state.settings.peek().epochs;
}

function detailOf(state: State): string {
  const { unless } = primaryOf(state);
  if (unless !== undefined && state.phase.peek() !== 'booting') return unless;
  const compiling = state.compiling.peek();
  if (['compiling', 'preparing'].includes(state.phase.peek()) && compiling !== undefined)
    return `${compiling.done}/${compiling.total}`;
  const { step, epoch, imagesPerSecond } = state.progress.peek();
  const run = state.run.peek();
  if (run === undefined || step === 0) return '';
  const t = state.words.peek();
  const { epochs } = state.settings.peek();
  const parts = [t.epochOf(Math.min(epoch, epochs), epochs), t.stepAt(count(step))];
  if (state.phase.peek() === 'training' && imagesPerSecond > 0) {
    const left = (Math.max(0, stepsOf(state) - step) * run.settings.batch) / imagesPerSecond;
    parts.push(t.speed(count(imagesPerSecond)), t.left(clock(left)));
  }
  return parts.join(' · ');
}
