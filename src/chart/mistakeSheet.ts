// Images that got a wrong answer, side by side: what they are, what they were taken for, and how surely.

import type { Dataset, Mistake } from '../index.js';
import { Picture, textColumns, textRows, type Colour } from './picture.js';

const PAPER: Colour = [255, 254, 251];
const TILE: Colour = [255, 255, 255];
const EDGE: Colour = [223, 219, 210];
const INK: Colour = [27, 34, 38];
const SOFT: Colour = [86, 96, 105];
const WRONG: Colour = [178, 58, 38];

/** The side that an image is scaled up to, by whole numbers. */
const SIDE = 112;
const GAP = 18;
const MARGIN = 24;
/** Images side by side, at most. */
const ACROSS = 10;

/** How many images a sheet has at most. */
export const SHEET_IMAGES = 60;

/**
 * The sheet, sorted as the mistakes are: under each image its label, its answer and the probability that the net gave it,
 * and its index in the set.
 * @param set that the indices point into
 * @param total mistakes that there are in all
 */
export function mistakeSheet(mistakes: readonly Mistake[], set: Dataset, total: number): Picture {
  const shown = mistakes.slice(0, SHEET_IMAGES);
  const scale = Math.max(1, Math.floor(SIDE / Math.max(set.rows, set.columns)));
  const captions = shown.map(({ label, answer, confidence }) => [`${label}→`, `${answer}`, share(confidence)] as const);
  const widths = captions.map((parts) => textColumns(parts.join(''), 2) + textColumns('  ', 2));
  const [high, wide] = [set.rows * scale, Math.max(set.columns * scale, ...widths)];
  const [across, down] = [Math.min(ACROSS, Math.max(1, shown.length)), Math.ceil(shown.length / ACROSS)];

  const title = titleOf(shown.length, total, set.count);
  const head = textRows(2) + GAP;
  const cell = { rows: high + 8 + textRows(2) + textRows(1) + GAP, columns: wide + GAP };
  const picture = new Picture(
    2 * MARGIN + head + down * cell.rows - (down > 0 ? GAP : 0),
    2 * MARGIN + Math.max(across * cell.columns - GAP, textColumns(title, 2)),
    PAPER,
  );
  picture.text(MARGIN, MARGIN, title, { colour: INK, scale: 2 });

  shown.forEach(({ index }, i) => {
    const [top, left] = [MARGIN + head + Math.floor(i / ACROSS) * cell.rows, MARGIN + (i % ACROSS) * cell.columns];
    const size = set.rows * set.columns;
    const pixels = set.images.subarray(index * size, (index + 1) * size);
    picture.box(top - 1, left - 1, high + 2, set.columns * scale + 2, EDGE);
    picture.image(top, left, { pixels, rows: set.rows, columns: set.columns }, scale, TILE, INK);
    const [label, answer, sure] = captions[i] ?? ['', '', ''];
    const line = top + high + 8;
    picture.text(line, left, label, { colour: INK, scale: 2 });
    picture.text(line, left + textColumns(label, 2) + 4, answer, { colour: WRONG, scale: 2 });
    picture.text(line, left + wide - textColumns(sure, 2), sure, { colour: SOFT, scale: 2 });
    picture.text(line + textRows(2) + 2, left, `#${index}`, { colour: SOFT, scale: 1 });
  });
  return picture;
}

/** No wrong answer is shown as certain. */
const share = (part: number): string => `${Math.min(99.9, 100 * part).toFixed(1)}%`;

const grouped = new Intl.NumberFormat('en-US');

function titleOf(shown: number, total: number, images: number): string {
  const all = `${grouped.format(total)} of ${grouped.format(images)} images wrong`;
  if (total === 0) return `none of ${grouped.format(images)} images wrong`;
  const which = shown < total ? `the ${shown} surest answers` : 'the surest answer first';
  return `${all}, ${which}: label→answer, confidence`;
}
