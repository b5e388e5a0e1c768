// Which digits a net takes for which, as a table for a terminal.

import { percent } from '../chart/figures.js';
import type { Paint } from './screen.js';

/**
 * Labels down, answers across, and how much of each label was right; where the columns do not hold that, the share of
 * each label alone.
 */
export function confusionTable(confusion: readonly (readonly number[])[], columns: number, paint: Paint): string {
  const widest = Math.max(...confusion.flat().map((value) => String(value).length), 2);
  const cell = (text: string) => text.padStart(widest + 1);
  const right = (row: readonly number[], label: number) => {
    const images = row.reduce((sum, value) => sum + value, 0);
    return percent(images === 0 ? 0 : (row[label] ?? 0) / images).padStart(9);
  };
  if (columns < 7 + confusion.length * (widest + 1) + 9) {
    return confusion.map((row, label) => `${String(label).padStart(5)}  ${right(row, label)}`).join('\n');
  }
  const head = paint('dim', `label  ${confusion.map((_, answer) => cell(String(answer))).join('')}    right`);
  const rows = confusion.map((row, label) => {
    const cells = row.map((value, answer) => {
      if (value === 0) return paint('dim', cell('·'));
      return answer === label ? paint('bold', cell(String(value))) : cell(String(value));
    });
    return `${String(label).padStart(5)}  ${cells.join('')}${right(row, label)}`;
  });
  return [head, ...rows].join('\n');
}
