// Axes that count factors.

/** Places of positive values from one end to the other, equal factors equally far apart; with room beyond them. */
export function logScale(values: readonly number[], from: number, to: number) {
  const some = values.filter((value) => Number.isFinite(value) && value > 0);
  const [least, most] = [Math.min(...some) / 1.5, Math.max(...some) * 1.5];
  const at = (value: number): number => from + ((to - from) * Math.log(value / least)) / Math.log(most / least);
  return { least, most, at };
}

/** The powers of ten within. */
export function decades(least: number, most: number): readonly number[] {
  const first = Math.ceil(Math.log10(least));
  const last = Math.floor(Math.log10(most));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}
