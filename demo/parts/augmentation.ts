import { effect, signal } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { onFrames } from '../frames.js';
import type { AugmentName, AugmentRequest } from '../protocol.js';
import type { State } from '../state.js';
import { paintGrey } from './grey.js';

const SIDE = 28;
const SHOWN = 8;

/** How training images are changed, and what that makes of some of them. */
export function mountAugmentation(host: HTMLElement, state: State, actions: Actions): void {
  const epoch = signal(1);
  /** What is to be seen; undefined while nothing is changed, or there is nothing to change. */
  const wanted = (): AugmentRequest | undefined => {
    const { data: kind, augment, seed } = state.settings.value;
    if (augment === 'none' || state.data.value[kind] === undefined) return undefined;
    return { type: 'augment', kind, augment, images: SHOWN, seed, epoch: epoch.value };
  };
  const version = () => state.data.value[state.settings.value.data]?.version;
  const shown = () => {
    const [asked, there] = [wanted(), state.augmented.value];
    if (asked === undefined || there === undefined || there.version !== version()) return undefined;
    // Of another epoch they are shown until those of this one come.
    return JSON.stringify({ ...there.asked, epoch: asked.epoch }) === JSON.stringify(asked) ? there : undefined;
  };

  let asked = '';
  effect(() => {
    const request = wanted();
    const key = `${version()} ${JSON.stringify(request)}`;
    if (request === undefined || asked === key) return;
    asked = key;
    actions.ask(request);
  });

  const paint = onFrames(() => {
    const before = state.data.value[state.settings.value.data]?.preview.pixels;
    // Without augmentation the net sees them as they are.
    const after = state.settings.value.augment === 'none' ? before : shown()?.pixels;
    const part = (pixels: Uint8Array | undefined, i: number) =>
      pixels?.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
    host.querySelectorAll('canvas').forEach((canvas) => {
      const i = Number(canvas.dataset['image']);
      paintGrey(canvas, part(canvas.dataset['row'] === 'before' ? before : after, i));
    });
  });
  effect(() => {
    const labels = [...(state.data.value[state.settings.value.data]?.preview.labels.slice(0, SHOWN) ?? [])];
    const now = shown();
    render(
      html`${choiceOf(state, actions)}
        <p class="hint augment-amounts">${state.words.value.augmentation.amounts[state.settings.value.augment]}</p>
        ${stripOf(labels, now?.asked.epoch, state)}
        <div class="augment-again">
          <button
            type="button"
            id="augment-again"
            aria-disabled=${wanted() === undefined ? 'true' : 'false'}
            @click=${() => wanted() !== undefined && epoch.value++}
          >
            ${state.words.value.augmentation.again}
          </button>
          <p class="hint" role="status">${noteOf(now?.asked.epoch, state)}</p>
        </div>`,
      host,
    );
    paint();
  });
}

const choiceOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value.augmentation;
  return html`<div class="segments" role="radiogroup" aria-labelledby="augmentation-title">
    ${Object.entries(t.names).map(
      ([name, label]) =>
        html`<label>
          <input
            type="radio"
            name="augment"
            value=${name}
            ?disabled=${state.fixed.value}
            .checked=${live(name === state.settings.value.augment)}
            @change=${() => actions.change({ augment: name as AugmentName })}
          /><span>${label}</span>
        </label>`,
    )}
  </div>`;
};

/** The same images twice: as they are, and as a net would see them. */
const stripOf = (labels: readonly number[], epoch: number | undefined, state: State): TemplateResult => {
  const t = state.words.value.augmentation;
  const row = (name: 'before' | 'after', text: string) =>
    html`<figure class="augment-row">
      <figcaption>${t[name]}</figcaption>
      <div role="img" aria-label=${text}>
        ${labels.map((_, i) => html`<canvas data-row=${name} data-image=${i} width=${SIDE} height=${SIDE}></canvas>`)}
      </div>
    </figure>`;
  const spoken = labels.join(', ');
  const after = epoch === undefined ? t.unchanged : t.changed(spoken, t.names[state.settings.value.augment], epoch);
  return html`<div class="augment-strip" ?data-empty=${epoch === undefined && state.settings.value.augment !== 'none'}>
    ${row('before', state.words.value.previewOf(spoken))} ${row('after', after)}
  </div>`;
};

const noteOf = (epoch: number | undefined, state: State): string => {
  const t = state.words.value.augmentation;
  return epoch === undefined ? t.why : t.as(epoch, String(state.settings.value.seed));
};
