/**
 * WGSL: `fn name(i: u32) -> type`, the value of the segment that element i lies in, by bisection.
 * @param starts of the segments, rising from 0
 * @param values literals, one a segment; neighbours of one value need no comparison
 */
export function perSegment(name: string, type: string, starts: readonly number[], values: readonly string[]): string {
  const changes = values.flatMap((value, k) =>
    k > 0 && value === values[k - 1] ? [] : [{ start: starts[k] ?? 0, value }],
  );
  const search = (from: number, to: number): string => {
    if (to - from === 1) return `return ${changes[from]?.value};`;
    const middle = Math.ceil((from + to) / 2);
    return `if (i < ${changes[middle]?.start}u) { ${search(from, middle)} } else { ${search(middle, to)} }`;
  };
  return `fn ${name}(i: u32) -> ${type} { ${search(0, changes.length)} }`;
}
