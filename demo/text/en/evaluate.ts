// Chapter Evaluate.

import type { Translated } from '../translated.js';
import { a } from './article.js';

export const evaluate = {
  matrix: {
    title: 'Confusion matrix',
    hint: 'Rows: what a test image is. Columns: what the net takes it for. Press a cell to see its images.',
    caption: 'Test images by right answer (rows) and the net’s answer (columns)',
    keys: 'Arrow keys move from cell to cell, Enter shows its images.',
    taken: 'taken for',
    is: 'is',
    cell: (digit: number, taken: number, times: string) => `${digit} taken for ${taken}: ${times}`,
    none: 'Filled in after the first epoch, or when you test the net as it is now.',
    now: 'Test now',
    right: (steps: string, right: string, total: string, share: string) =>
      `After ${steps} steps: ${right} of ${total} test images right (${share}).`,
    noMistake: 'No mistake.',
    worst: (digit: number, taken: number, times: string) =>
      `Most frequent mistake: ${digit} taken for ${taken}, ${times} times.`,
  },
  sight: {
    wrong: (digit: number, taken: number) => `${digit} taken for ${taken}`,
    right: (digit: number) => `${digit}, recognised`,
    close: 'Close',
    coming: 'The test images pass through the net…',
    none: 'No test image is here.',
    surest: (shown: string, total: string) => `${shown} of ${total}, the surest answer first.`,
    leastSure: (shown: string, total: string) => `${shown} of ${total}, the least sure answer first.`,
    asOf: (steps: string) => `After ${steps} steps.`,
    image: (digit: number, taken: number, share: string) =>
      `${digit} taken for ${taken}, ${share} sure. Put it on the pad`,
  },
  mistakes: {
    title: 'The worst mistakes',
    hint: 'Wrong answers that the net was surest of. Press one to put it on the pad and see all ten probabilities.',
    none: 'They appear after the first epoch.',
    noMistake: 'Not one mistake on the test images.',
    shown: (shown: string, total: string) => `${shown} of ${total} mistakes, the surest first.`,
  },
  scores: {
    title: 'Digit by digit',
    hint: 'Precision: of the images taken for a digit, the share that were one. Recall: of the images of a digit, the share that were found. F1 is their harmonic mean.',
    caption: 'Precision, recall and F1 of each digit on the test images',
    digit: 'digit',
    precision: 'precision',
    recall: 'recall',
    f1: 'F1',
    images: 'images',
    mean: 'mean',
    weighted: 'by images',
    none: 'A table appears after the first epoch.',
    hardest: (digit: number, share: string) => `Hardest for this net: ${digit}, with an F1 of ${share}.`,
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
    truth: (digit: number) => `It is ${a(digit)}.`,
    answer: (digit: number, share: string) => `The net takes it for ${a(digit)}, ${share}.`,
  },
};

export type EvaluateWords = Translated<typeof evaluate>;
