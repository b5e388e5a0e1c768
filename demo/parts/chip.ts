import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import type { AdapterName } from '../protocol.js';
import type { State } from '../state.js';

/** The name of what computes: amber when it is software. */
export function mountChip(host: HTMLElement, state: State): void {
  host.replaceChildren();
  effect(() => {
    const adapter = state.adapter.value;
    host.dataset['kind'] = adapter === undefined ? 'none' : adapter.fallback ? 'software' : 'gpu';
    host.title = adapter === undefined ? '' : detailsOf(adapter);
    render(adapter === undefined ? html`${waiting(state)}` : named(adapter), host);
  });
}

const waiting = (state: State): string => (state.block.value === undefined ? 'Looking for a GPU…' : 'No GPU');

const named = (adapter: AdapterName) =>
  html`<span class="visually-hidden">Computes on: </span>
    <span class="chip-kind">${adapter.fallback ? 'Software' : 'GPU'}</span>
    <span class="chip-name">${shortName(adapter)}</span>`;

function shortName({ vendor, architecture, device, description }: AdapterName): string {
  const maker = [vendor, architecture].filter((word) => word !== '').join(' ');
  // Windows gives a number for the device; a maker's name says more.
  return description || (/^(0x|$)/.test(device) ? maker : device) || maker || 'unnamed';
}

const detailsOf = ({ vendor, architecture, device, description }: AdapterName): string =>
  [`vendor ${vendor}`, `architecture ${architecture}`, `device ${device}`, description]
    .filter((line) => !line.endsWith(' ') && line !== '')
    .join(' · ');
