// The test images that a net gets wrong: a table for a terminal, and a sheet of them as a picture.

import { mistakeSheet } from '../chart/mistakeSheet.js';
import type { Dataset, Mistake } from '../index.js';
import { encodePng, writeAtomic } from '../node.js';
import { count, percent } from '../chart/figures.js';
import type { Paint } from './screen.js';

/** Lines of the table. */
const LINES = 10;

/** The worst ten: the probabilities that the net gives its answer and the label. */
export function mistakesTable(mistakes: readonly Mistake[], paint: Paint): string {
  const line = (cells: readonly string[]) => cells.map((cell) => cell.padStart(11)).join('');
  return [
    paint('dim', line(['image', 'label', 'answer', 'confidence', 'of label'])),
    ...mistakes
      .slice(0, LINES)
      .map(({ index, label, answer, confidence, probability }) =>
        line([count(index), String(label), String(answer), percent(confidence), percent(probability)]),
      ),
  ].join('\n');
}

/** @param total mistakes that there are in all @throws EngineError 'file' */
export async function drawMistakes(
  path: string,
  mistakes: readonly Mistake[],
  set: Dataset,
  total: number,
): Promise<void> {
  await writeAtomic(path, encodePng(mistakeSheet(mistakes, set, total)));
}
