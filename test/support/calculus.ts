import { expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { sizeOf, type Shape } from '../../src/core/shape.js';
import { uniform } from '../../src/core/random.js';

/** Seeded values in (−1, 1) that keep away from 0, where relu and its like have no derivative. */
export const seededValues = (size: number, stream: number): number[] =>
  Array.from({ length: size }, (_, i) => {
    const value = 2 * uniform(7, stream, i) - 1;
    return value + Math.sign(value) * 0.01;
  });

export interface CalculusCase {
  /** Shapes of the f32 operands whose gradients are checked. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Operands that have no gradient: labels, counts. */
  readonly constants?: Readonly<Record<string, { shape: Shape; values: readonly number[] }>>;
  readonly build: (operands: Readonly<Record<string, Tensor>>) => Tensor;
}

/**
 * Holds an op's gradient, which is ops, against central differences of its formula, all in f64 and along one random
 * direction: ⟨∇L, v⟩ = (L(x + εv) − L(x − εv)) / 2ε with L = ⟨s, y⟩ for a random s.
 */
export function checkCalculus(title: string, { inputs, constants = {}, build }: CalculusCase): void {
  it(title, () => {
    const graph = new Graph();
    const operands: Record<string, Tensor> = {};
    const values = new Map<Tensor, number[]>();
    Object.entries(inputs).forEach(([name, shape], stream) => {
      const tensor = (operands[name] = graph.state(name, shape));
      values.set(tensor, seededValues(sizeOf(shape), stream));
    });
    const wanted = [...values.keys()];
    for (const [name, { shape, values: fixed }] of Object.entries(constants)) {
      const tensor = (operands[name] = graph.state(name, shape, { dtype: 'u32' }));
      values.set(tensor, [...fixed]);
    }
    const y = build(operands);
    const seed = graph.state('seed', y.shape);
    values.set(seed, seededValues(sizeOf(y.shape), 101));
    const slopes = gradients(y, wanted, seed);

    const directions = new Map(wanted.map((tensor, i) => [tensor, seededValues(sizeOf(tensor.shape), 50 + i)]));
    const formulas = new Formulas(graph);
    const lossAt = (epsilon: number): number => {
      for (const [tensor, fixed] of values) {
        const direction = directions.get(tensor);
        formulas.set(tensor, direction === undefined ? fixed : fixed.map((x, i) => x + epsilon * (direction[i] ?? 0)));
      }
      const s = formulas.read(seed).data;
      return formulas.read(y).data.reduce((sum, value, i) => sum + value * (s[i] ?? 0), 0);
    };

    const epsilon = 1e-5;
    const difference = (lossAt(epsilon) - lossAt(-epsilon)) / (2 * epsilon);
    lossAt(0);
    let product = 0;
    let magnitude = 0;
    wanted.forEach((tensor, position) => {
      const slope = slopes[position];
      const direction = directions.get(tensor) ?? [];
      if (slope === undefined) return;
      expect(slope.shape).toEqual(tensor.shape);
      formulas.read(slope).data.forEach((value, i) => {
        product += value * (direction[i] ?? 0);
        magnitude += Math.abs(value * (direction[i] ?? 0));
      });
    });
    // ε² truncation and 1e-16/ε cancellation both stay below 1e-9 of the terms; third derivatives here are below 10.
    expect(Math.abs(product - difference)).toBeLessThanOrEqual(1e-8 * (magnitude + 1));
  });
}
