/** A number as it stands in a cell: few digits, a true minus, no sign of zero. */
export const short = (value: number): string => String(Number(value.toFixed(2)) + 0).replace('-', '−');

/** In a sum: `+ 2`, `− 1`; the first without its plus. */
export const term = (value: number, first: boolean): string => {
  const text = short(Math.abs(value));
  const isNegative = value < 0 && text !== '0';
  if (first) return isNegative ? `−${text}` : text;
  return `${isNegative ? '−' : '+'} ${text}`;
};

/** Colours cells by `data-value`: as strong as it is beside the largest, and of one colour for each sign. */
export function colourCells(host: HTMLElement): void {
  const cells = [...host.querySelectorAll<HTMLElement>('[data-value]')];
  const valueOf = (cell: HTMLElement): number => Number(cell.dataset['value']);
  const most = Math.max(1e-9, ...cells.map((cell) => Math.abs(valueOf(cell))));
  for (const cell of cells) {
    cell.style.setProperty('--heat', (Math.abs(valueOf(cell)) / most).toFixed(3));
    cell.classList.toggle('negative', valueOf(cell) < 0);
  }
}
