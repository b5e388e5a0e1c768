// Images of a set, a row for each class: as they are, or above what augmentation makes of them.

import { Picture, textColumns, textRows, type Colour } from './picture.js';

const PAPER: Colour = [255, 254, 251];
const TILE: Colour = [255, 255, 255];
const EDGE: Colour = [223, 219, 210];
const INK: Colour = [27, 34, 38];
const SOFT: Colour = [86, 96, 105];
const CHANGED: Colour = [24, 78, 119];

/** The side that an image is scaled up to, by whole numbers. */
const SIDE = 84;
const GAP = 10;
const MARGIN = 24;
/** Between an image and what became of it. */
const CLOSE = 3;

/** One class: images side by side. */
export interface SheetRow {
  readonly label: number;
  /** Images of this class in the set. */
  readonly count: number;
  readonly images: readonly SheetImage[];
}

export interface SheetImage {
  /** [rows, columns]; 0 is paper, 255 is ink. */
  readonly before: Uint8Array;
  /** What is shown below it. */
  readonly after?: Uint8Array;
}

export interface SheetText {
  readonly title: string;
  /** A line below the title. */
  readonly about: string;
}

/** @param sides of an image, in pixels */
export function dataSheet(
  rows: readonly SheetRow[],
  { title, about }: SheetText,
  sides: { readonly rows: number; readonly columns: number },
): Picture {
  const scale = Math.max(1, Math.floor(SIDE / Math.max(sides.rows, sides.columns)));
  const [high, wide] = [sides.rows * scale, sides.columns * scale];
  const isPaired = rows.some(({ images }) => images.some(({ after }) => after !== undefined));
  const rowHigh = (isPaired ? 2 * high + CLOSE : high) + (isPaired ? 2 * GAP : GAP);
  const counts = rows.map(({ count }) => grouped.format(count));
  const captions = Math.max(0, ...rows.map(({ label }, i) => captionColumns(label, counts[i] ?? ''))) + 2 * GAP;
  const across = Math.max(0, ...rows.map(({ images }) => images.length));
  const head = 2 * textRows(2) + 3 * GAP;
  const picture = new Picture(
    2 * MARGIN + head + rows.length * rowHigh - GAP,
    2 * MARGIN + Math.max(captions + across * (wide + GAP) - GAP, textColumns(title, 2), textColumns(about, 2)),
    PAPER,
  );
  picture.text(MARGIN, MARGIN, title, { colour: INK, scale: 2 });
  picture.text(MARGIN + textRows(2) + GAP, MARGIN, about, { colour: SOFT, scale: 2 });

  rows.forEach(({ label, images }, i) => {
    const top = MARGIN + head + i * rowHigh;
    picture.text(top, MARGIN, String(label), { colour: INK, scale: 3 });
    picture.text(top + textRows(3) + 2, MARGIN, counts[i] ?? '', { colour: SOFT, scale: 2 });
    images.forEach(({ before, after }, column) => {
      const left = MARGIN + captions + column * (wide + GAP);
      [before, after].forEach((pixels, line) => {
        if (pixels === undefined) return;
        const at = top + line * (high + CLOSE);
        picture.box(at - 1, left - 1, high + 2, wide + 2, EDGE);
        picture.image(at, left, { pixels, ...sides }, scale, TILE, line === 0 ? INK : CHANGED);
      });
    });
  });
  return picture;
}

const captionColumns = (label: number, count: string): number =>
  Math.max(textColumns(String(label), 3), textColumns(count, 2));

const grouped = new Intl.NumberFormat('en-US');
