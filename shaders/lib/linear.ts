/** How many invocations a row of workgroups may hold: 65,535 groups of 64, the smallest limit of any adapter. */
const ROW = 65_535 * 64;

/**
 * One invocation an element, for any number of elements: workgroups of 64 along x, and rows of them along y past the
 * limit. In WGSL the element is `id.y * ${LINEAR_ROW}u + id.x`, and an invocation past the last one returns.
 */
export const LINEAR_ROW = ROW;

/** Invocations of a workgroup of a linear dispatch. */
export const LINEAR_LANES = 64;

/** The workgroups of a linear dispatch over so many elements. */
export function linearGroups(elements: number): [number, number, number] {
  const groups = Math.ceil(elements / LINEAR_LANES);
  return groups <= 65_535 ? [Math.max(groups, 1), 1, 1] : [65_535, Math.ceil(groups / 65_535), 1];
}

/** Elements of an invocation that does little with each: software adapters pay as much for an invocation as for six loads. */
const SPREAD = 4;

/** The workgroups of a dispatch whose invocations take several elements each. */
export const spreadGroups = (elements: number): [number, number, number] => linearGroups(strideOf(elements));

/**
 * WGSL: calls `element(i)` for each element of the invocation `id`. They lie far apart, so that neighbouring invocations
 * read neighbouring words.
 */
export function spread(elements: number): string {
  const stride = strideOf(elements);
  const calls = Array.from({ length: SPREAD }, (_, j) => {
    const last = (j + 1) * stride;
    if (j * stride >= elements) return '';
    const call = `element(first + ${j * stride}u);`;
    return last <= elements ? call : `if (first + ${j * stride}u < ${elements}u) { ${call} }`;
  });
  return `let first = id.y * ${LINEAR_ROW}u + id.x;
  if (first >= ${stride}u) { return; }
  ${calls.filter((call) => call !== '').join('\n  ')}`;
}

const strideOf = (elements: number): number => Math.ceil(elements / SPREAD);
