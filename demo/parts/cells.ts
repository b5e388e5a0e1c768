// The cells of a table as buttons of which one is in the order of the Tab key: arrows go from there.

const MOVES: Readonly<Record<string, (row: number, column: number, last: number) => readonly [number, number]>> = {
  ArrowLeft: (row, column) => [row, column - 1],
  ArrowRight: (row, column) => [row, column + 1],
  ArrowUp: (row, column) => [row - 1, column],
  ArrowDown: (row, column) => [row + 1, column],
  Home: (row) => [row, 0],
  End: (row, _, last) => [row, last],
};

/** Where a key leads from a cell of a square table; undefined: the key is not for cells. It stops at the edges. */
export function cellAfter(key: string, at: number, side: number): number | undefined {
  const move = MOVES[key];
  if (move === undefined) return undefined;
  const within = (place: number) => Math.min(side - 1, Math.max(0, place));
  const [row, column] = move(Math.floor(at / side), at % side, side - 1);
  return within(row) * side + within(column);
}

/** @param cells row by row, of a square table */
export function moveByArrows(table: HTMLElement, cells: readonly HTMLElement[]): void {
  const side = Math.sqrt(cells.length);
  const enter = (at: number) => cells.forEach((cell, i) => (cell.tabIndex = i === at ? 0 : -1));
  enter(0);
  table.addEventListener('focusin', ({ target }) => {
    const at = cells.indexOf(target as HTMLElement);
    if (at >= 0) enter(at);
  });
  table.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = cellAfter(event.key, cells.indexOf(event.target as HTMLElement), side);
    if (next === undefined) return;
    event.preventDefault();
    cells[next]?.focus();
    // Out from under heads that stick; the focus alone counts what lies there as seen.
    cells[next]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
}
