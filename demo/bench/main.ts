// The bench for people: one button, and the numbers of this browser's GPU as charts, tables and a file.

import { render } from 'lit-html';
import { BUILT_FROM } from '../../bench/commit.js';
import { openDevice, type Profile } from '../../src/index.js';
import { cardsOf } from './cards.js';
import { measure, partsOn, type Part } from './sequence.js';

const at = <T extends HTMLElement>(id: string, kind: new () => T): T => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`no ${id} in the page`);
  return found;
};
const run = at('run', HTMLButtonElement);
const amount = at('amount', HTMLSelectElement);
const save = at('save', HTMLButtonElement);
const status = at('status', HTMLParagraphElement);
const progress = at('progress', HTMLProgressElement);
const chip = at('chip', HTMLParagraphElement);
const results = at('results', HTMLElement);

let parts: readonly Part[] = [];
let profile: Profile | undefined;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function showAdapter(): Promise<void> {
  try {
    using device = await openDevice(navigator.gpu);
    const { adapter } = device.profile;
    chip.dataset['kind'] = adapter.fallback ? 'software' : 'gpu';
    chip.textContent = adapter.fallback ? `no GPU: ${adapter.description}` : adapter.description;
    run.disabled = false;
  } catch (error) {
    chip.textContent = 'no WebGPU';
    status.textContent = messageOf(error);
  }
}

async function measureAll(): Promise<void> {
  run.disabled = save.disabled = amount.disabled = true;
  const much = amount.value === 'short' ? 'short' : 'all';
  progress.value = 0;
  parts = [];
  try {
    using device = await openDevice(navigator.gpu, { powerPreference: 'high-performance' });
    profile = device.profile;
    progress.max = partsOn(device, much);
    for await (const part of measure(device, much, (text) => (status.textContent = `Measures ${text}…`))) {
      parts = [...parts, part];
      progress.value = parts.length;
      render(cardsOf(parts), results);
    }
    status.textContent = 'Done. Other programs and a warm machine make it slower: close them and measure again.';
  } catch (error) {
    status.textContent = messageOf(error);
  } finally {
    run.disabled = amount.disabled = false;
    save.disabled = parts.length === 0;
  }
}

/** The numbers with what they mean nothing without. */
function saveAll(): void {
  const machine = {
    adapter: profile?.adapter,
    dialect: profile?.dialect,
    features: profile?.features,
    browser: navigator.userAgent,
    cores: navigator.hardwareConcurrency,
    commit: BUILT_FROM,
    date: new Date().toISOString(),
  };
  const link = document.createElement('a');
  const file = new Blob([JSON.stringify({ machine, parts }, null, 1)], { type: 'application/json' });
  link.href = URL.createObjectURL(file);
  link.download = 'weft-bench.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

run.addEventListener('click', () => void measureAll());
save.addEventListener('click', saveAll);
void showAdapter();
