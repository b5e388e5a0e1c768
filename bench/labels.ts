import { textAt, textWidth } from '../src/chart/svg.js';

/** A name, and the point that it belongs to. */
export interface Label {
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

/** Names right or left of their points, else over or under them; one that would lie over another is left out. */
export const placedLabels = (labels: readonly Label[], least: number, most: number): readonly string[] =>
  placesOf(labels, least, most).map(({ label, x, y }) => textAt(x, y, label, 'soft'));

/** Where these names begin, on their base lines. */
export function placesOf(labels: readonly Label[], least: number, most: number): readonly Label[] {
  const taken: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  return labels.flatMap(({ label, x, y }) => {
    const width = textWidth(label);
    const places = [
      [x + 9, y],
      [x - 9 - width, y],
      [x - width / 2, y - 16],
      [x - width / 2, y + 16],
    ] as const;
    for (const [from, middle] of places) {
      const to = from + width;
      const free = taken.every((other) => to < other.from || from > other.to || Math.abs(middle - other.y) > 14);
      if (!free || from < least || to > most) continue;
      taken.push({ from, to, y: middle });
      return [{ label, x: from, y: middle + 4 }];
    }
    return [];
  });
}
