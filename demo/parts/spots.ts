// A pixel of an image that somebody looks at: by pointer, by arrow keys, and with a mark around it.

export interface Spot {
  readonly row: number;
  readonly column: number;
}

export interface Sides {
  readonly rows: number;
  readonly columns: number;
}

const ARROWS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

export const clamped = ({ row, column }: Spot, { rows, columns }: Sides): Spot => ({
  row: Math.min(rows - 1, Math.max(0, row)),
  column: Math.min(columns - 1, Math.max(0, column)),
});

/** The pixel under a pointer. @param image fills its box with its pixels */
export function spotUnder(event: MouseEvent, image: Element, sides: Sides): Spot {
  const box = image.getBoundingClientRect();
  const row = Math.floor(((event.clientY - box.top) / box.height) * sides.rows);
  const column = Math.floor(((event.clientX - box.left) / box.width) * sides.columns);
  return clamped({ row, column }, sides);
}

/** The pixel beside it that an arrow key means; undefined: another key. */
export function spotBeside(event: KeyboardEvent, { row, column }: Spot, sides: Sides): Spot | undefined {
  const arrow = ARROWS[event.key];
  if (arrow === undefined) return undefined;
  event.preventDefault();
  return clamped({ row: row + arrow[0], column: column + arrow[1] }, sides);
}

/** Where marks of this name lie, in parts of the image: a rectangle that may reach beyond it. */
export function setMark(
  host: HTMLElement,
  name: string,
  { row, column }: Spot,
  window: readonly [rows: number, columns: number],
  { rows, columns }: Sides,
): void {
  const part = (value: number, of: number) => `${((100 * value) / Math.max(1, of)).toFixed(3)}%`;
  host.style.setProperty(`--${name}-top`, part(row, rows));
  host.style.setProperty(`--${name}-left`, part(column, columns));
  host.style.setProperty(`--${name}-height`, part(window[0], rows));
  host.style.setProperty(`--${name}-width`, part(window[1], columns));
}
