// What a choice of where to begin brings with it, and what the one button for fine-tuning chooses.

import type { NetSummary } from './protocol/net.js';
import {
  NORMALISATION,
  type Begin,
  type Learn,
  type NetName,
  type Normalisation,
  type Settings,
} from './protocol/settings.js';

/** The rates of a run from random weights, and of one that is to keep what its weights know. */
const USUAL_RATE = 0.001;
export const FINE_RATE = 0.0003;
const FINE_EPOCHS = 3;

/** What there is to begin with, and to learn. */
export interface There {
  readonly kept: ({ readonly version: number } & Normalisation) | undefined;
  readonly own: { readonly version: number } | undefined;
  /** Whether any layer of the net can begin with the weights that ship. */
  readonly fits: boolean;
}

/** The rate follows the choice, as long as it is the one that such a choice brings; weights want pixels as they know them. */
export function beginning(begin: Begin, { rate }: Settings, { kept, fits }: There): Partial<Settings> {
  const [from, to] = begin === 'random' ? [FINE_RATE, USUAL_RATE] : [USUAL_RATE, FINE_RATE];
  return {
    begin,
    kept: kept?.version ?? 0,
    ...(begin === 'pretrained' && NORMALISATION),
    ...(begin === 'kept' && kept && normalisationOf(kept)),
    ...(rate === from && { rate: to }),
    // Weights of which nothing fits would be refused: they bring their net.
    ...(begin === 'pretrained' && !fits && { net: SHIPPED_NET }),
  };
}

/** What of settings, or of kept weights, says how pixels are normalised. */
export const normalisationOf = ({ mean, std }: Normalisation): Normalisation => ({ mean, std });

/** The net that the weights that ship were trained for. */
const SHIPPED_NET: NetName = 'tutorial';

/** Whether some layer of a net has the name and the parameters of one of that net. */
export function fitsShipped(of: Modules | undefined, nets: Readonly<Record<NetName, Modules>> | undefined): boolean {
  const shipped = nets?.[SHIPPED_NET].modules;
  // What is not known yet may fit.
  if (of === undefined || shipped === undefined) return true;
  return of.modules.some(({ name, parameters }) =>
    shipped.some((other) => other.name === name && other.parameters === parameters),
  );
}

type Modules = Pick<NetSummary, 'modules'>;

export const learning = (learn: Learn, { own }: There): Partial<Settings> => ({ learn, own: own?.version ?? 0 });

/** Settings for a short run on the person's own digits; what was chosen for it already stays. */
export function fineTuning(settings: Settings, there: There): Partial<Settings> {
  const { begin, learn, augment } = settings;
  return {
    ...beginning(begin === 'random' ? 'pretrained' : begin, settings, there),
    // Learned alone, they would drive out what is known of all others.
    ...learning(learn === 'set' ? 'both' : learn, there),
    // A few digits, each somewhat otherwise each time, are learned and not learned by heart.
    augment: augment === 'none' ? 'light' : augment,
    epochs: FINE_EPOCHS,
  };
}

/** Adds or takes out one of the names that a setting holds. */
export function toggled(names: string, name: string, wanted: boolean): string {
  const others = names.split(' ').filter((each) => each !== '' && each !== name);
  return (wanted ? [...others, name] : others).join(' ');
}
