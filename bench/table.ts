// Tables for the terminal.

/** Three significant digits. */
export function digits(value: number): string {
  if (!Number.isFinite(value) || value === 0) return `${value}`;
  const decimals = 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(Math.max(0, decimals), 6));
}

/**
 * Rows under their heads, columns aligned: the first `names` to the left, the others, numbers, to the right. What stands
 * in a row's last cell may be longer than its column.
 */
export function tableText(heads: readonly string[], rows: readonly (readonly string[])[], names = 1): string {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) =>
    Math.max(
      ...all.map((row) => (column === row.length - 1 && row.length < heads.length ? 0 : (row[column] ?? '').length)),
    ),
  );
  const pad = (cell: string, column: number): string =>
    column < names ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return all.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
