// Layers to add, change, move and remove. What they make of each other, the Worker says.

import { computed, effect, signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import { count } from '../format.js';
import { FIRST_CHOICES, MOST_LAYERS, netOfLayers, RANGES } from '../protocol/netText.js';
import type { LayerChoice, LayerKind, LayerNumber } from '../protocol/netText.js';
import type { LayerFacts } from '../protocol.js';
import type { State } from '../state.js';
import { reasonOf } from './refusal.js';
import { volumeOf } from './volume.js';

const KINDS = Object.keys(FIRST_CHOICES) as LayerKind[];

/** What a person does to the list. */
interface Deeds {
  change(at: number, name: LayerNumber, value: number): void;
  move(at: number, by: -1 | 1): void;
  remove(at: number): void;
  add(kind: LayerKind): void;
  /** The next layer is added below this one. */
  point(at: number): void;
}

export function mountEditor(host: HTMLElement, state: State, actions: Actions): void {
  /** Below which layer the next is added; the image itself is −1. */
  const pointed = signal(Infinity);
  const draft = () => state.draft.peek() ?? [];
  const edit = (layers: readonly LayerChoice[]) => {
    state.draft.value = layers;
  };
  /** Whether there is such a button that can be pressed. */
  const focusOn = (at: number, selector: string): boolean => {
    const button = host.querySelector<HTMLElement>(`[data-at="${at}"] ${selector}:not(:disabled)`);
    button?.focus();
    return button !== null;
  };

  const deeds: Deeds = {
    change: (at, name, value) => edit(draft().map((layer, i) => (i === at ? { ...layer, [name]: value } : layer))),
    move(at, by) {
      const layers = [...draft()];
      const [layer] = layers.splice(at, 1);
      if (layer === undefined) return;
      layers.splice(at + by, 0, layer);
      pointed.value = at + by;
      edit(layers);
      // The finger stays on the layer that it moves; at an end, on the way back.
      const [onward, back] = by < 0 ? (['.up', '.down'] as const) : (['.down', '.up'] as const);
      if (!focusOn(at + by, onward)) focusOn(at + by, back);
    },
    remove(at) {
      edit(draft().filter((_, i) => i !== at));
      pointed.value = at - 1;
      if (!focusOn(Math.min(at, draft().length - 1), '.remove'))
        host.querySelector<HTMLElement>('.editor-add button')?.focus();
    },
    add(kind) {
      const at = Math.min(pointed.peek(), draft().length - 1) + 1;
      edit(draft().toSpliced(at, 0, FIRST_CHOICES[kind]));
      pointed.value = at;
    },
    point: (at) => {
      pointed.value = at;
    },
  };

  effect(() => {
    const layers = state.draft.value;
    if (layers === undefined) render(nothing, host);
    else render(listOf(layers, Math.min(pointed.value, layers.length - 1), state, deeds), host);
  });
  const batch = computed(() => state.settings.value.batch);
  effect(() => {
    const layers = state.draft.value;
    if (layers !== undefined) actions.ask({ type: 'checkNet', net: netOfLayers(layers), batch: batch.value });
  });
}

const listOf = (layers: readonly LayerChoice[], pointed: number, state: State, deeds: Deeds): TemplateResult => {
  const t = state.words.value.editor;
  const check = state.netCheck.value;
  const refusal = check?.refusal;
  const reason = (at: number): TemplateResult | typeof nothing =>
    refusal?.at === at
      ? html`<p class="refusal" id="refusal">
          ${reasonOf(refusal, t)} <small lang="en" translate="no">${refusal.detail}</small>
        </p>`
      : nothing;
  const image = { output: [1, 28, 28], parameters: 0, bytes: 0, macs: 0 };
  return html`<ol class="editor-list" aria-label=${t.list}>
      <li class="editor-fixed" data-pointed=${String(pointed === -1)} @click=${() => deeds.point(-1)}>
        ${volumeOf(image.output)}
        <p class="editor-name"><b>${state.words.value.layers.input}</b></p>
        ${factsOf(image, state)}
      </li>
      ${layers.map((layer, at) => layerOf(layer, at, { layers, pointed, state, deeds, reason: reason(at) }))}
      <li class="editor-fixed">
        ${volumeOf(check?.summary?.output)}
        <p class="editor-name"><b>${t.last}</b></p>
        ${factsOf(check?.facts[layers.length], state)} ${reason(layers.length)}
      </li>
    </ol>
    <div class="editor-add" role="group" aria-label=${t.addBelow(pointed + 1)}>
      <span class="hint">${layers.length < MOST_LAYERS ? t.addBelow(pointed + 1) : t.full(MOST_LAYERS)}</span>
      ${KINDS.map(
        (kind) =>
          html`<button
            type="button"
            data-kind=${kind}
            ?disabled=${layers.length >= MOST_LAYERS}
            @click=${() => deeds.add(kind)}
          >
            ${t.kinds[kind]}
          </button>`,
      )}
    </div>
    <p class="editor-sum" role="status">${sumOf(state)}</p>`;
};

interface Row {
  readonly layers: readonly LayerChoice[];
  readonly pointed: number;
  readonly state: State;
  readonly deeds: Deeds;
  readonly reason: TemplateResult | typeof nothing;
}

const layerOf = (layer: LayerChoice, at: number, { layers, pointed, state, deeds, reason }: Row): TemplateResult => {
  const t = state.words.value.editor;
  const name = t.kinds[layer.kind];
  const facts = state.netCheck.value?.facts[at];
  const button = (kind: 'up' | 'down' | 'remove', label: string, sign: string, off: boolean, deed: () => void) => {
    const press = (event: Event) => {
      // The row would take it for itself, at a place where another layer is by then.
      event.stopPropagation();
      deed();
    };
    return html`<button type="button" class=${kind} aria-label=${label} title=${label} ?disabled=${off} @click=${press}>
      <span aria-hidden="true">${sign}</span>
    </button>`;
  };
  return html`<li
    data-at=${at}
    data-kind=${layer.kind}
    data-pointed=${String(pointed === at)}
    data-refused=${String(reason !== nothing)}
    @click=${() => deeds.point(at)}
    @focusin=${() => deeds.point(at)}
  >
    ${volumeOf(facts?.output)}
    <p class="editor-name"><b>${name}</b> <small>${t.does[layer.kind]}</small></p>
    <div class="editor-numbers">
      ${Object.entries(layer).map(([key, value]) =>
        typeof value === 'number'
          ? numberOf(key as LayerNumber, value, {
              label: t.numbers[key as LayerNumber],
              whole: t.number(name, at + 1, t.numbers[key as LayerNumber]),
              take: (next) => deeds.change(at, key as LayerNumber, next),
            })
          : nothing,
      )}
    </div>
    ${factsOf(facts, state)}
    <div class="editor-buttons">
      ${button('up', t.up(name, at + 1), '↑', at === 0, () => deeds.move(at, -1))}
      ${button('down', t.down(name, at + 1), '↓', at === layers.length - 1, () => deeds.move(at, 1))}
      ${button('remove', t.remove(name, at + 1), '✕', false, () => deeds.remove(at))}
    </div>
    ${reason}
  </li>`;
};

const numberOf = (
  name: LayerNumber,
  value: number,
  { label, whole, take }: { readonly label: string; readonly whole: string; readonly take: (value: number) => void },
): TemplateResult => {
  const [least, most, step] = RANGES[name];
  return html`<label>
    <span>${label}</span>
    <input
      type="number"
      data-number=${name}
      aria-label=${whole}
      inputmode="decimal"
      required
      min=${least}
      max=${most}
      step=${step}
      .value=${String(value)}
      @input=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        // A value out of range stays in its field, marked, and the layer stays as it was.
        if (input.checkValidity()) take(input.valueAsNumber);
      }}
    />
  </label>`;
};

/** What becomes of one image here, and what it costs. */
const factsOf = (
  facts: Pick<LayerFacts, 'output' | 'parameters' | 'bytes' | 'macs'> | undefined,
  state: State,
): TemplateResult => {
  const t = state.words.value.editor;
  const parts =
    facts === undefined
      ? []
      : [
          ...(facts.parameters > 0 ? [t.parameters(count(facts.parameters))] : []),
          ...(facts.bytes > 0 ? [t.bytes(count(facts.bytes))] : []),
          ...(facts.macs > 0 ? [t.macs(count(facts.macs))] : []),
        ];
  return html`<p class="editor-facts">
    <span class="shape">${facts?.output.join('×') ?? ''}</span> ${parts.map((part) => html`<span>${part}</span>`)}
  </p>`;
};

function sumOf(state: State): string {
  const t = state.words.value.editor;
  const check = state.netCheck.value;
  if (check === undefined) return '';
  if (check.refusal !== undefined) return t.kept;
  const { parameters = 0, bytes = 0, macs = 0 } = check.summary ?? {};
  const work = macs / Math.max(1, state.nets.value?.tutorial.macs ?? 1);
  return t.sum(count(parameters), count(bytes), count(macs), work < 10 ? work.toFixed(1) : count(work));
}
