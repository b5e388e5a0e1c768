// Where the marks of an axis stand.

/** 1, 2 or 5 times a power of ten: the least of them that is not below a size. */
function niceAbove(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return power * ([1, 2, 5].find((times) => times * power >= size * (1 - 1e-9)) ?? 10);
}

/** Even steps between two ends, both included where a step falls on them; at most so many. */
export function evenTicks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const step = niceAbove((high - low) / most);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Powers of ten between two exponents, and twice and five times them where there is room. */
export function powerTicks(low: number, high: number, most: number): number[] {
  for (const times of [[1, 2, 5], [1, 3], [1]]) {
    const all: number[] = [];
    for (let power = Math.floor(low); power <= high; power++)
      all.push(...times.map((each) => power + Math.log10(each)));
    const ticks = all.filter((tick) => tick >= low - 1e-9 && tick <= high + 1e-9);
    if (ticks.length <= most) return ticks;
  }
  return evenTicks(Math.ceil(low), Math.floor(high), Math.min(most, Math.floor(high) - Math.ceil(low)));
}

/** A power of ten by its exponent: 0.001, 200, 1e-7. */
export const powerText = (exponent: number): string =>
  Math.abs(exponent) < 4 ? String(Number((10 ** exponent).toPrecision(1))) : `1e${Math.round(exponent)}`;
