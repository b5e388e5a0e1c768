import { effect } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit-html';
import type { AdapterName } from '../protocol.js';
import type { State } from '../state.js';

/** The name of what computes: amber when it is software. */
export function mountChip(host: HTMLElement, state: State): void {
  effect(() => {
    const adapter = state.adapter.value;
    host.dataset['kind'] = adapter === undefined ? 'none' : adapter.fallback ? 'software' : 'gpu';
    host.title = adapter === undefined ? '' : detailsOf(adapter, state);
    render(adapter === undefined ? html`${waiting(state)}` : named(adapter, state), host);
  });
}

const waiting = (state: State): string =>
  state.block.value === undefined ? state.words.value.chip.looking : state.words.value.chip.none;

function named(adapter: AdapterName, state: State): TemplateResult {
  const t = state.words.value.chip;
  return html`<span class="visually-hidden">${t.computes} </span>
    <span class="chip-kind">${adapter.fallback ? t.software : t.gpu}</span>
    <span class="chip-name">${shortName(adapter) ?? t.unnamed}</span>`;
}

function shortName({ vendor, architecture, device, description }: AdapterName): string | undefined {
  const maker = [vendor, architecture].filter((word) => word !== '').join(' ');
  // Windows gives a number for the device; a maker's name says more.
  return description || (/^(0x|$)/.test(device) ? maker : device) || maker || undefined;
}

function detailsOf({ vendor, architecture, device, description }: AdapterName, state: State): string {
  const t = state.words.value.chip;
  return [`${t.vendor} ${vendor}`, `${t.architecture} ${architecture}`, `${t.device} ${device}`, description]
    .filter((line) => !line.endsWith(' ') && line !== '')
    .join(' · ');
}
