// Bars with their spread: one for each subject, lengths from zero, values written out.

import { escaped, px, svgText, textAt, textWidth } from '../src/chart/svg.js';
import { digits } from './table.js';
import type { Spread } from './timing.js';

/** The bar is the median; the whisker goes from the least to the most. */
export interface Bar extends Spread {
  readonly label: string;
  /** Whether it is the one that the chart is about. */
  readonly strong: boolean;
}

/** Bars under one heading, on a scale of their own if `ownScale`. */
export interface BarGroup {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** Instead of the chart's. */
  readonly unit?: string;
  readonly ownScale?: boolean;
}

export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly groups: readonly BarGroup[];
}

const WIDTH = 760;
const ROW = 24;
const THICK = 14;
const MARGIN = 12;
/** For the written value at a bar's right. */
const VALUE = 110;

export function barChart({ title, unit, groups }: BarChart): string {
  const labels = groups.flatMap(({ label, bars }) => (bars.length === 1 ? [label] : bars.map((bar) => bar.label)));
  const left = MARGIN + Math.max(60, ...labels.map(textWidth)) + 8;
  const room = WIDTH - left - VALUE - MARGIN;
  const mostOf = (some: readonly BarGroup[]): number =>
    Math.max(1e-9, ...some.flatMap(({ bars }) => bars.map(({ max }) => max)));
  const body = [textAt(MARGIN, 24, title, 'title')];
  let y = 40;
  for (const group of groups) {
    const scale = room / mostOf(group.ownScale === true ? [group] : groups.filter(({ ownScale }) => ownScale !== true));
    if (group.bars.length !== 1 && group.label !== '') {
      body.push(textAt(MARGIN, y + 16, group.label, 'soft'));
      y += ROW;
    }
    for (const bar of group.bars) {
      const label = group.bars.length === 1 ? group.label : bar.label;
      body.push(...barText(bar, label, group.unit ?? unit, { left, y, scale }));
      y += ROW;
    }
    if (group.bars.length !== 1) y += 6;
  }
  return svgText(WIDTH, y + MARGIN, title, body);
}

function barText(
  { median, min, max, strong }: Bar,
  label: string,
  unit: string,
  { left, y, scale }: { readonly left: number; readonly y: number; readonly scale: number },
): readonly string[] {
  const middle = y + ROW / 2;
  const at = (value: number): string => px(left + value * scale);
  const tip = `${label}: median ${digits(median)} ${unit}, ${digits(min)} to ${digits(max)}`;
  return [
    `<g><title>${escaped(tip)}</title>`,
    textAt(left - 8, middle + 4.5, label, 'end'),
    `<rect class="${strong ? 'strong' : 'bar'}" x="${px(left)}" y="${px(middle - THICK / 2)}" width="${px(Math.max(1, median * scale))}" height="${THICK}" rx="2"/>`,
    `<path class="spread" d="M${at(min)} ${px(middle)}H${at(max)}M${at(min)} ${px(middle - 4)}V${px(middle + 4)}M${at(max)} ${px(middle - 4)}V${px(middle + 4)}"/>`,
    textAt(left + max * scale + 8, middle + 4.5, `${digits(median)} ${unit}`, 'soft'),
    '</g>',
  ];
}
