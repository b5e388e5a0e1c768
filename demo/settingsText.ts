// Settings as people read them.

import { percent } from './format.js';
import { netTitle } from './parts/netTitle.js';
import type { Settings } from './protocol.js';
import type { Words } from './text/en.js';

type Said = readonly [name: string, value: string];

/** What a setting is called and what it is, by its key. */
const TEXTS: {
  readonly [K in keyof Settings]: (value: Settings[K], words: Words) => Said;
} = {
  data: (value, t) => [t.earlier.settings.data, t.sources[value]],
  images: (value, t) => [t.earlier.settings.images, String(value)],
  files: (value, t) => [t.earlier.settings.files, String(value)],
  augment: (value, t) => [t.earlier.settings.augment, t.augmentation.names[value]],
  mean: (value, t) => [t.normalise.mean, String(value)],
  std: (value, t) => [t.normalise.std, String(value)],
  net: (value, t) => [t.earlier.settings.net, netTitle(value, t)],
  optimizer: (value, t) => [t.optimizer, t.optimizers[value]],
  rate: (value, t) => [t.numbers.rate, String(value)],
  schedule: (value, t) => [t.schedule, t.schedules[value]],
  momentum: (value, t) => [t.numbers.momentum, String(value)],
  weightDecay: (value, t) => [t.numbers.weightDecay, String(value)],
  clip: (value, t) => [t.numbers.clip, String(value)],
  batch: (value, t) => [t.numbers.batch, String(value)],
  seed: (value, t) => [t.numbers.seed, String(value)],
  heldOut: (value, t) => [t.heldOut, percent(value)],
  epochs: (value, t) => [t.numbers.epochs, String(value)],
  begin: (value, t) => [t.earlier.settings.begin, t.earlier.begins[value]],
  kept: (value, t) => [t.earlier.settings.kept, String(value)],
  frozen: (value, t) => [t.earlier.settings.frozen, value === '' ? t.earlier.none : value],
  learn: (value, t) => [t.earlier.settings.learn, t.own.learns[value]],
  own: (value, t) => [t.earlier.settings.own, String(value)],
};

function textOf<K extends keyof Settings>(key: K, settings: Pick<Settings, K>, words: Words): Said {
  return TEXTS[key](settings[key], words);
}

/** What of `these` is otherwise than in `those`, each as a name and its value. */
export function differences(these: Settings, those: Settings, words: Words): string[] {
  return (Object.keys(TEXTS) as (keyof Settings)[])
    .filter((key) => these[key] !== those[key])
    .map((key) => textOf(key, these, words).join(' '));
}
