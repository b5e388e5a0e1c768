// The flags of `weft sweep`: those of `weft train` that say how it learns, and what is tried of them.

import { ABOVE_0, type Flags } from './flags.js';
import { patience } from './judgeTable.js';
import { flat, json, quiet, trainGroups } from './tables.js';

const { 'What is trained': whatIsTrained, 'How it learns': howItLearns } = trainGroups;
const howLong = { ...trainGroups['How long'], ...patience } as const satisfies Flags;

/** Settings of `weft train` that a sweep may try. */
export const sweptFlags = { net: whatIsTrained.net, ...howLong, ...howItLearns } as const satisfies Flags;

export const sweepGroups = {
  'What is tried': {
    grid: {
      kind: 'list',
      hint: '<setting>=<a>,<b>',
      wanted: 'a setting of `weft train` and its values, as lr=0.1,0.01',
      default: [],
      about: 'values of a setting, again for another: every combination is a run',
    },
    random: { kind: 'whole', least: 1, most: 100_000, about: 'draws from each --range, for each combination' },
    range: {
      kind: 'list',
      hint: '<setting>=<a>..<b>',
      wanted: 'a setting of `weft train` and its range, as lr=1e-4..1e-1',
      default: [],
      about: 'what --random draws from; in the logarithm where it is wide',
    },
    rank: { kind: 'choice', of: ['loss', 'accuracy'], default: 'loss', about: 'which of validation ranks the runs' },
    validation: {
      kind: 'number',
      range: ABOVE_0,
      about: 'training images that rank the runs, or a fraction of them',
      otherwise: '5,000, or a sixth if that is less',
    },
  },
  'What is trained': whatIsTrained,
  'How long': howLong,
  'How it learns': howItLearns,
  'What comes out': {
    out: {
      kind: 'text',
      hint: '<folder>',
      wanted: 'a folder',
      about: 'where runs are kept: the same command goes on with what is missing',
    },
    chart: { kind: 'text', hint: '<folder>', wanted: 'a folder', about: 'a chart, as SVG and PNG' },
    ...json,
    ...quiet,
  },
} as const satisfies Record<string, Flags>;

export const sweepFlags = flat(sweepGroups);
