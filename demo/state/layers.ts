import { signal, type Signal } from '@preact/signals-core';
import type { LayersLook } from '../protocol/layers.js';
import type { Takers } from './takers.js';

export interface LayersState {
  readonly layersLook: Signal<LayersLook | undefined>;
}

export const layersState = (): LayersState => ({ layersLook: signal(undefined) });

export const layersTakers: Takers<'layers', LayersState> = {
  layers: (state, { look }) => {
    state.layersLook.value = look;
  },
};
