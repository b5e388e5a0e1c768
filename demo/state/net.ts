import { signal, type Signal } from '@preact/signals-core';
import { isPreset, netOfLayers, type LayerChoice } from '../protocol/netText.js';
import type { NetCheck, NetSummaries, NetSummary, Settings } from '../protocol.js';
import type { Takers } from './takers.js';

export interface NetState {
  readonly settings: Signal<Settings>;
  readonly nets: Signal<NetSummaries | undefined>;
  /** The layers that are being edited, whether they fit or not; undefined while none are. */
  readonly draft: Signal<readonly LayerChoice[] | undefined>;
  /** What the Worker said last about layers. */
  readonly netCheck: Signal<NetCheck | undefined>;
  /** The last of them that fitted. */
  readonly fitting: Signal<NetCheck | undefined>;
}

export const netState = (): Omit<NetState, 'settings' | 'nets'> => ({
  draft: signal(undefined),
  netCheck: signal(undefined),
  fitting: signal(undefined),
});

/** What the chosen net is made of, as far as it is known. */
export function netSummaryOf({ settings, nets, fitting }: NetState): NetSummary | undefined {
  const { net } = settings.value;
  if (isPreset(net)) return nets.value?.[net];
  return fitting.value?.net === net ? fitting.value.summary : undefined;
}

export const netTakers: Takers<'netChecked', NetState> = {
  netChecked: ({ settings, draft, netCheck, fitting }, { check }) => {
    netCheck.value = check;
    if (check.summary === undefined) return;
    fitting.value = check;
    const edited = draft.peek();
    // One whose layers do not fit never becomes the net of a run.
    if (edited === undefined || netOfLayers(edited) !== check.net || settings.peek().net === check.net) return;
    settings.value = { ...settings.peek(), net: check.net };
  },
};
