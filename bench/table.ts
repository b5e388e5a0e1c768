/** Rows under their heads, two spaces apart; `right` says which columns hold numbers. */
export function tableText(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
): string {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        right[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}

/** Three significant digits; `–` for what has no number. */
export function digits(value: number): string {
  if (!Number.isFinite(value) || value === 0) return '–';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 6));
}
