// Chapter Evaluate.

import type { Translated } from '../translated.js';

export const evaluate = {
  matrix: {
    title: 'Confusion matrix',
    hint: 'Rows: what a test image is. Columns: what the net takes it for.',
    caption: 'Test images by right answer (rows) and the net’s answer (columns)',
    taken: 'taken for',
    is: 'is',
    none: 'Filled in after the first epoch.',
    right: (right: string, total: string, share: string) => `${right} of ${total} test images right (${share}).`,
    noMistake: 'No mistake.',
    worst: (digit: number, taken: number, times: string) =>
      `Most frequent mistake: ${digit} taken for ${taken}, ${times} times.`,
  },
  pad: {
    title: 'Your digit',
    label: 'Drawing pad',
    hint: 'Draw a digit',
    help: 'Draw with mouse, finger or pen. By keyboard: arrow keys move the pen, space lowers and lifts it, Delete clears.',
    clear: 'Clear',
    sample: 'Test image',
    seen: 'What the net sees, 28 by 28',
    shares: 'Probability of each digit',
    truth: (digit: number) => `It is a ${digit}.`,
    answer: (digit: number, share: string) => `The net takes it for a ${digit}, ${share}.`,
  },
};

export type EvaluateWords = Translated<typeof evaluate>;
