import { sizeOf, type Shape } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';

/** −2, −1, 0, 1, 2, −2, …: whole numbers that are said in a word, for values that another library gave. */
export const stepped = (shape: Shape): number[] => Array.from({ length: sizeOf(shape) }, (_, i) => (i % 5) - 2);

/** What an op makes of such operands. −0 is 0. */
export function valuesOf(shapes: readonly Shape[], build: (operands: readonly Tensor[]) => Tensor): number[] {
  const graph = new Graph();
  const operands = shapes.map((shape, i) => graph.state(`operand ${i}`, shape));
  const y = build(operands);
  const formulas = new Formulas(graph);
  for (const operand of operands) formulas.set(operand, stepped(operand.shape));
  return [...formulas.read(y).data].map((value) => value + 0);
}
