// What a set is like: classes, mean and deviation, and how its pixels are spread.

import { statisticsOf, type Splits } from '../../src/index.js';
import type { DataKind, Examined } from '../protocol.js';
import type { Desk, Handlers } from './desk.js';

/** Bars of the histogram: eight levels of grey each. */
const BARS = 32;
const LEVELS = 256;

export const examineHandlers = ({ sources, post, beside }: Desk): Handlers<'examine'> => ({
  examine: ({ kind }) => {
    const held = sources.held(kind);
    if (held === undefined) return;
    const tell = (): void => post({ type: 'examined', examined: examinedOf(kind, held.version, held.splits) });
    beside(Promise.resolve().then(tell));
  },
});

export function examinedOf(kind: DataKind, version: number, { train, test }: Splits): Examined {
  const { perClass, mean, std } = statisticsOf(train);
  const edges = Array.from({ length: BARS + 1 }, (_, bar) => Math.min(1, (bar * LEVELS) / BARS / (LEVELS - 1)));
  return {
    kind,
    version,
    shares: sharesOf(train.images),
    raw: { edges, mean, std },
    train: perClass,
    test: statisticsOf(test).perClass,
  };
}

function sharesOf(pixels: Uint8Array): number[] {
  const counts = new Uint32Array(BARS);
  const wide = LEVELS / BARS;
  for (const byte of pixels) {
    const bar = Math.floor(byte / wide);
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return Array.from(counts, (count) => count / pixels.length);
}
