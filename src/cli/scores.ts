// How well each class is told from the others, as a table for a terminal.

import { perClass } from '../index.js';
import { count } from '../chart/figures.js';
import type { Paint } from './screen.js';

/** A line for each class, then the means: every class alike, and every image alike. */
export function scoresTable(confusion: readonly (readonly number[])[], paint: Paint): string {
  const { classes, macro, weighted } = perClass(confusion);
  const rows = [...classes.entries(), ['macro', macro] as const, ['weighted', weighted] as const];
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart(i === 0 ? 8 : 11)).join('');
  return [
    paint('dim', line(['label', 'precision', 'recall', 'f1', 'images'])),
    ...rows.map(([name, { precision, recall, f1, support }]) =>
      line([String(name), ...[precision, recall, f1].map((score) => score.toFixed(4)), count(support)]),
    ),
  ].join('\n');
}
