// Chapter Train: what lies below its curves.

import type { Translated } from '../translated.js';

export const inside = {
  speedCard: {
    title: 'Speed',
    images: 'Images a second',
    wall: 'Milliseconds a step',
    gpu: 'of them on the GPU',
    encode: 'of them on the CPU',
    memory: 'Memory on the GPU',
    dispatches: 'Dispatches a step',
    submits: 'Submits a step',
    noClock: 'this adapter shows no clock',
    hint: 'A step is a fixed list of dispatches, recorded again and again; many steps go to the GPU in one submit, and nothing is read back for them. The GPU is timed by its own clock, now and then.',
  },
};

export type InsideWords = Translated<typeof inside>;
