import { computed, effect, signal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import type { Actions } from '../actions.js';
import { openFiles } from '../dropping.js';
import { count } from '../format.js';
import type { ExportName, SavedRun } from '../protocol.js';
import { addFault, type State } from '../state.js';
import { TAGS } from '../text/words.js';
import { netTitle } from './netTitle.js';

const EXPORTS: readonly ExportName[] = ['weights', 'onnx', 'run', 'steps'];
const CHARTS = ['svg', 'png'] as const;
const SECOND = 1000;

/** The run of another visit, until a person goes on with it, forgets it or begins one of their own. */
export function mountLastRun(host: HTMLElement, state: State, actions: Actions): void {
  const shown = computed(() => (state.begun.value || state.fixed.value ? undefined : state.saved.value));
  effect(() => {
    const saved = shown.value;
    host.hidden = saved === undefined;
    if (saved === undefined) return;
    const t = state.words.value.keeping;
    const when = new Intl.DateTimeFormat(TAGS[state.language.value], { dateStyle: 'medium', timeStyle: 'short' });
    render(
      html`<h2 id="last-title">${t.lastTitle}</h2>
        <p>${t.last(netTitle(saved.settings.net, state.words.value), count(saved.steps), when.format(saved.at))}</p>
        <div class="notice-buttons">
          <button type="button" id="resume" @click=${() => goOn(saved, actions)}>${t.resume}</button>
          <button type="button" id="forget" @click=${() => actions.ask({ type: 'forget' })}>${t.forget}</button>
        </div>`,
      host,
    );
  });
}

/** What is on the page is what the run was made with. */
function goOn({ settings }: SavedRun, actions: Actions): void {
  actions.change(settings);
  actions.ask({ type: 'resume' });
}

/** The run as files; what is asked for comes as a download. */
export function mountFiles(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    const t = state.words.value.keeping;
    const unless = state.begun.value ? undefined : t.nothing;
    render(
      html`<h3>${t.title}</h3>
        <div class="notice-buttons">
          ${EXPORTS.map(
            (what) =>
              html`<button
                type="button"
                data-export=${what}
                aria-disabled=${unless === undefined ? 'false' : 'true'}
                aria-describedby="files-hint"
                @click=${() => state.begun.peek() && !state.fixed.peek() && actions.ask({ type: 'export', what })}
              >
                ${t.exports[what]}
              </button>`,
          )}
          ${CHARTS.map(
            (kind) =>
              html`<button
                type="button"
                data-export=${kind}
                aria-disabled=${unless === undefined ? 'false' : 'true'}
                aria-describedby="files-hint"
                @click=${() => state.begun.peek() && void saveChart(kind, state)}
              >
                ${t.charts[kind]}
              </button>`,
          )}
          <label class="drop">
            <input
              type="file"
              class="visually-hidden"
              name="open"
              ?disabled=${state.fixed.value}
              @change=${(event: Event) => openChosen(event, state, actions)}
            />
            <span>${t.open}</span>
          </label>
        </div>
        <p class="hint" id="files-hint">${unless ?? nothing} ${t.hint}</p>`,
      host,
    );
  });
  effect(() => {
    const file = state.file.value;
    if (file === undefined) return;
    state.file.value = undefined;
    save(file.name, new Blob([file.bytes]));
  });
}

/** Loss and accuracy as they are now. */
async function saveChart(kind: 'svg' | 'png', state: State): Promise<void> {
  const { curve } = state.history;
  const run = { curve, epochs: state.epochs.peek(), smoothing: state.smoothing.peek() };
  try {
    const { chartSvg, pngOf } = await import('../chartFile.js');
    const svg = chartSvg(run, state.words.peek());
    save(`weft-step-${state.progress.peek().step}.${kind}`, kind === 'png' ? await pngOf(svg) : new Blob([svg]));
  } catch (error) {
    addFault(state, { code: 'unexpected', message: String(error) });
  }
}

function openChosen(event: Event, state: State, actions: Actions): void {
  const input = event.target as HTMLInputElement;
  openFiles([...(input.files ?? [])], state, actions);
  // The same file chosen again is a change, too.
  input.value = '';
}

/** When the run was saved, in words that grow old by themselves. */
export function savedAgo(state: State): { readonly value: string | undefined } {
  const now = signal(Date.now());
  setInterval(() => (now.value = Date.now()), 5 * SECOND);
  return computed(() => {
    const saved = state.saved.value;
    if (saved === undefined || !state.begun.value || state.replay.value !== undefined) return undefined;
    const seconds = Math.max(0, Math.round((Math.max(now.value, saved.at) - saved.at) / SECOND));
    const words = new Intl.RelativeTimeFormat(TAGS[state.language.value], { numeric: 'auto' });
    const ago = seconds < 60 ? words.format(-seconds, 'second') : words.format(-Math.floor(seconds / 60), 'minute');
    return state.words.value.keeping.saved(ago);
  });
}

function save(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold on the bytes when the click is done.
  setTimeout(() => URL.revokeObjectURL(address), 10 * SECOND);
}
