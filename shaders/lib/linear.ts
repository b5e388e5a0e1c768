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
