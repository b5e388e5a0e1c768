/**
 * WGSL for the position in an operand of the element whose row-major position in a broadcast result is `i`.
 * Axes that the operand lacks, or has with size 1, do not move it. Neighbouring axes that both have are taken together,
 * so that equal shapes cost no division.
 */
export function addressOf(i: string, result: readonly number[], operand: readonly number[]): string {
  const lead = result.length - operand.length;
  const runs: { size: number; own: boolean }[] = [];
  result.forEach((size, axis) => {
    if (size === 1) return;
    const own = axis >= lead && operand[axis - lead] === size;
    const last = runs.at(-1);
    if (last !== undefined && last.own === own) last.size *= size;
    else runs.push({ size, own });
  });
  const terms: string[] = [];
  let after = 1;
  let stride = 1;
  for (const [position, { size, own }] of [...runs.entries()].reverse()) {
    if (own) {
      const quotient = after === 1 ? i : `${i} / ${after}u`;
      const digit = position === 0 ? quotient : `${quotient} % ${size}u`;
      terms.push(stride === 1 ? `(${digit})` : `(${digit}) * ${stride}u`);
      stride *= size;
    }
    after *= size;
  }
  return terms.length === 0 ? '0u' : terms.reverse().join(' + ');
}
