import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';

// y[kept axes] = Σ over the reduced axes of x, in row-major order: one invocation an output, one order for every sum.

export interface SumParams {
  readonly shape: readonly number[];
  /** Rising. */
  readonly axes: readonly number[];
}

export const sum = ({ shape, axes }: SumParams) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${sizeOf(shape)}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${outputsOf({ shape, axes })}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn sum(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${outputsOf({ shape, axes })}u) { return; }
  let base = ${baseOf(shape, axes)};
  var total = 0.0;
  ${loopsOver(shape, axes, (position) => `total += x[base + ${position}];`)}
  y[i] = total;
}`;

/** How many elements a sum has. */
export const outputsOf = ({ shape, axes }: SumParams): number =>
  sizeOf(shape.filter((_, axis) => !axes.includes(axis)));

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const strideOf = (shape: readonly number[], axis: number): number => sizeOf(shape.slice(axis + 1));

/** The position in x of the first term of output `i`. */
function baseOf(shape: readonly number[], axes: readonly number[]): string {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const terms = kept.map((axis, place) => {
    const after = sizeOf(kept.slice(place + 1).map((later) => shape[later] ?? 1));
    const quotient = after === 1 ? 'i' : `i / ${after}u`;
    const digit = place === 0 ? quotient : `${quotient} % ${shape[axis] ?? 1}u`;
    return `(${digit}) * ${strideOf(shape, axis)}u`;
  });
  return terms.length === 0 ? '0u' : terms.join(' + ');
}

/** Nested loops over the reduced axes; neighbouring axes are one loop. */
function loopsOver(shape: readonly number[], axes: readonly number[], body: (position: string) => string): string {
  const loops: { size: number; stride: number }[] = [];
  for (const axis of axes) {
    const [size, stride] = [shape[axis] ?? 1, strideOf(shape, axis)];
    const last = loops.at(-1);
    if (last !== undefined && last.stride === size * stride)
      loops[loops.length - 1] = { size: last.size * size, stride };
    else loops.push({ size, stride });
  }
  const position = loops.map(({ stride }, depth) => `r${depth} * ${stride}u`).join(' + ') || '0u';
  return loops.reduceRight(
    (inner, { size }, depth) => `for (var r${depth} = 0u; r${depth} < ${size}u; r${depth}++) { ${inner} }`,
    body(position),
  );
}
