// Reductions over any axes: which words of x an element of the result is made of.

/** What is reduced over which axes. */
export interface ReduceParams {
  readonly shape: readonly number[];
  /** Rising. */
  readonly axes: readonly number[];
}

/** Invocations that share an output: one workgroup. */
export const LANES = 64;
/** Outputs along a row of workgroups. */
const ROW = 65_535;

/** The workgroups of a dispatch with one output each. */
export const laneGroups = (p: ReduceParams): [number, number, number] => {
  const outputs = outputsOf(p);
  return outputs <= ROW ? [outputs, 1, 1] : [ROW, Math.ceil(outputs / ROW), 1];
};

/** WGSL: `i`, the output of the workgroup `group`; a group past the last one returns. */
export const outputOfGroup = (p: ReduceParams): string => `let i = group.y * ${ROW}u + group.x;
  if (i >= ${outputsOf(p)}u) { return; }`;

/** How many elements x has. */
export const wordsOf = (p: ReduceParams): number => product(p.shape);

/** How many elements the result has. */
export const outputsOf = (p: ReduceParams): number => product(keptOf(p).map(({ size }) => size));

/** How many terms an element is made of. */
export const termsOf = (p: ReduceParams): number => product(reducedOf(p).map(({ size }) => size));

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);

/** Neighbouring axes as one: how many steps of which length through x. */
export interface Run {
  readonly size: number;
  readonly stride: number;
}

export const keptOf = (p: ReduceParams): readonly Run[] => runsOf(p.shape, (axis) => !p.axes.includes(axis));
export const reducedOf = (p: ReduceParams): readonly Run[] => runsOf(p.shape, (axis) => p.axes.includes(axis));

function runsOf(shape: readonly number[], wanted: (axis: number) => boolean): readonly Run[] {
  const runs: Run[] = [];
  shape.forEach((size, axis) => {
    if (size === 1 || !wanted(axis)) return;
    const stride = product(shape.slice(axis + 1));
    const last = runs.at(-1);
    if (last !== undefined && last.stride === size * stride) runs[runs.length - 1] = { size: last.size * size, stride };
    else runs.push({ size, stride });
  });
  return runs;
}

/** The position in x of element i of the runs, counted row by row. */
export function positionOf(i: string, runs: readonly Run[]): string {
  const terms = runs.map(({ size, stride }, place) => {
    const after = product(runs.slice(place + 1).map((later) => later.size));
    const quotient = after === 1 ? i : `${i} / ${after}u`;
    const digit = place === 0 ? quotient : `${quotient} % ${size}u`;
    return stride === 1 ? `(${digit})` : `(${digit}) * ${stride}u`;
  });
  return terms.length === 0 ? '0u' : terms.join(' + ');
}
