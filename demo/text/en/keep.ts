// Runs that outlast the page, and files of them.

import type { ExportName } from '../../protocol.js';
import type { Translated } from '../translated.js';

export const keep = {
  keeping: {
    title: 'Your run as files',
    hint: 'The run is saved in this browser every 30 seconds and at each pause, and nowhere else. The model takes the bytes of images; other programs run it, and netron.app draws it.',
    nothing: 'Train first: there is nothing to save yet.',
    exports: {
      weights: 'Weights (.safetensors)',
      onnx: 'The model (.onnx)',
      run: 'The whole run (.json)',
      steps: 'Its steps (.csv)',
    } satisfies Record<ExportName, string>,
    charts: { svg: 'Its chart (.svg)', png: 'Its chart (.png)' },
    open: 'Open a file: weights or an image',
    lastTitle: 'Your last run is still here',
    last: (net: string, step: string, when: string) => `${net}, step ${step}, saved ${when}.`,
    resume: 'Go on with it',
    forget: 'Forget it',
    restored: (step: string) => `The GPU was lost, and the run went on from step ${step}: nothing is missing.`,
    otherBits: 'On this GPU the last digits may come out otherwise.',
    saved: (ago: string) => `saved ${ago}`,
  },
};

export type KeepWords = Translated<typeof keep>;
