// A net of one's own as a line of text: `own-conv6x3-relu-pool2-dense120-relu`. It fits into an address as it is.

import type { NetName } from './settings.js';

/** A layer that a person can choose. A dense layer with one output for each digit always comes last, and is not among them. */
export type LayerChoice =
  | {
      readonly kind: 'conv';
      readonly filters: number;
      readonly window: number;
      readonly stride: number;
      readonly padding: number;
    }
  | { readonly kind: 'relu' }
  | { readonly kind: 'pool'; readonly window: number; readonly stride: number }
  | { readonly kind: 'dropout'; readonly chance: number }
  | { readonly kind: 'norm' }
  | { readonly kind: 'dense'; readonly units: number };

export type LayerKind = LayerChoice['kind'];

/** Layers that a net of one's own may have. */
export const MOST_LAYERS = 24;

/** What each number may be: least, most, and the step from one to the next. */
export const RANGES = {
  filters: [1, 128, 1],
  window: [1, 28, 1],
  stride: [1, 28, 1],
  padding: [0, 13, 1],
  chance: [0, 0.9, 0.05],
  units: [1, 1024, 1],
} as const satisfies Readonly<Record<string, readonly [least: number, most: number, step: number]>>;

export type LayerNumber = keyof typeof RANGES;

/** What a layer begins as when it is added. */
export const FIRST_CHOICES: Readonly<{ [K in LayerKind]: Extract<LayerChoice, { kind: K }> }> = {
  conv: { kind: 'conv', filters: 8, window: 3, stride: 1, padding: 1 },
  relu: { kind: 'relu' },
  pool: { kind: 'pool', window: 2, stride: 2 },
  dropout: { kind: 'dropout', chance: 0.25 },
  norm: { kind: 'norm' },
  dense: { kind: 'dense', units: 64 },
};

const OWN = 'own';
/** The library's nets in the same words, to begin from; their last layer is left out. */
const PRESETS: ReadonlyMap<string, string> = new Map([
  ['tutorial', 'own-conv6x3-relu-pool2-conv16x3-relu-pool2-dense120-relu-dense84-relu'],
  ['figure', 'own-conv8x3p1-relu-pool2-conv16x3p1-relu-pool2-conv32x3p1-relu-pool2'],
  ['wide', 'own-conv32x3-relu-conv64x3-relu-pool2-dense128-relu'],
] satisfies [NetName, string][]);

/** The net of these layers: by its name if it is one of the library's, else as text. */
export function netOfLayers(layers: readonly LayerChoice[]): string {
  const text = [OWN, ...layers.map(pieceOf)].join('-');
  return [...PRESETS].find(([, preset]) => preset === text)?.[0] ?? text;
}

/** The layers of a net, given by name or as text; undefined where it is neither, or has more layers or numbers than it may. */
export function layersOfNet(net: string): readonly LayerChoice[] | undefined {
  const [first, ...pieces] = (PRESETS.get(net) ?? net).split('-');
  const layers = pieces.map(layerOf);
  if (first !== OWN || layers.length > MOST_LAYERS) return undefined;
  return layers.every((layer) => layer !== undefined && isInRange(layer)) ? (layers as LayerChoice[]) : undefined;
}

/** Whether a net is one of the library's. */
export const isPreset = (net: string): net is NetName => PRESETS.has(net);

const isInRange = (layer: LayerChoice): boolean =>
  Object.entries(layer).every(([name, value]) => {
    if (typeof value !== 'number') return true;
    const [least, most] = RANGES[name as LayerNumber];
    return value >= least && value <= most;
  });

function pieceOf(layer: LayerChoice): string {
  switch (layer.kind) {
    case 'conv': {
      const { filters, window, stride, padding } = layer;
      return `conv${filters}x${window}${stride === 1 ? '' : `s${stride}`}${padding === 0 ? '' : `p${padding}`}`;
    }
    case 'pool':
      return `pool${layer.window}${layer.stride === layer.window ? '' : `s${layer.stride}`}`;
    case 'dropout':
      return `dropout${layer.chance}`;
    case 'dense':
      return `dense${layer.units}`;
    default:
      return layer.kind;
  }
}

function layerOf(piece: string): LayerChoice | undefined {
  const numbers = (form: RegExp) =>
    form
      .exec(piece)
      ?.slice(1)
      .map((text) => (text === undefined ? undefined : +text));
  if (piece === 'relu' || piece === 'norm') return { kind: piece };
  const [filters, ofConv, stride = 1, padding = 0] = numbers(/^conv(\d+)x(\d+)(?:s(\d+))?(?:p(\d+))?$/) ?? [];
  if (filters !== undefined && ofConv !== undefined) return { kind: 'conv', filters, window: ofConv, stride, padding };
  const [window, step = window] = numbers(/^pool(\d+)(?:s(\d+))?$/) ?? [];
  if (window !== undefined && step !== undefined) return { kind: 'pool', window, stride: step };
  const [chance] = numbers(/^dropout(\d(?:\.\d+)?)$/) ?? [];
  if (chance !== undefined) return { kind: 'dropout', chance };
  const [units] = numbers(/^dense(\d+)$/) ?? [];
  return units === undefined ? undefined : { kind: 'dense', units };
}
