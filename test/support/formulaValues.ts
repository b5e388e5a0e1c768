import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { sizeOf, type DType, type Shape } from '../../src/core/shape.js';

export interface Given {
  readonly shape: Shape;
  readonly values: readonly number[];
  readonly dtype?: DType;
}

type Build = (...operands: Tensor[]) => Tensor;

/** An op's values by formula on operands; a list of numbers is a vector. */
export function valuesOf(build: Build, ...given: readonly (Given | readonly number[])[]): number[] {
  const { formulas, operands } = graphOf(given);
  return [...formulas.read(build(...operands)).data];
}

/** The gradient of the first operand where each element of the result has the slope 1. */
export function slopesOf(build: Build, ...given: readonly (Given | readonly number[])[]): number[] {
  const { graph, formulas, operands } = graphOf(given);
  const y = build(...operands);
  const seed = graph.state('seed', y.shape);
  formulas.set(seed, new Array<number>(sizeOf(y.shape)).fill(1));
  const [dx] = gradients(y, operands.slice(0, 1), seed);
  return dx === undefined ? [] : [...formulas.read(dx).data];
}

function graphOf(given: readonly (Given | readonly number[])[]) {
  const graph = new Graph();
  const all = given.map((each): Given => ('shape' in each ? each : { shape: [each.length], values: each }));
  const operands = all.map(({ shape, dtype = 'f32' }, i) => graph.state(`operand${i}`, shape, { dtype }));
  const formulas = new Formulas(graph);
  all.forEach(({ values }, i) => formulas.set(operands[i] as Tensor, values));
  return { graph, formulas, operands };
}
