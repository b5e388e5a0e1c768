import { erf, exponential, expm1Below, log1pUnit, sigmoid } from './lib/functions.js';
import { expression, type Formula } from './lib/map.js';
import { f32 } from './lib/number.js';

// The formula of each member of `activationOps`, as WGSL of its operands' elements. A choice is made by a comparison that is
// false for NaN, in the way that lets it pass.

/** 1/√2, 1/√(2π), and √(8/π), by which the tanh form's argument is doubled: (1 + tanh z)/2 = σ(2z). */
const ROOT_HALF = f32(Math.SQRT1_2);
const SLOPE_OF_0 = f32(1 / Math.sqrt(2 * Math.PI));
const WIDTH = f32(4 / Math.sqrt(2 * Math.PI));

const below = `0.5 * (1.0 + erf(x * ${ROOT_HALF}))`;
const widened = `${WIDTH} * (x + 0.044715 * x * x * x)`;

/** σ(w) + x·slope·σ(w)·σ(−w). */
const gateSlope = (w: string, slope: string): string =>
  `dy * (sigmoid(${w}) + x * (${slope}) * (sigmoid(${w}) * sigmoid(-(${w}))))`;

interface Slope {
  readonly slope: number;
}
interface Alpha {
  readonly alpha: number;
}
interface Softplus {
  readonly beta: number;
  readonly threshold: number;
}

const softplus: Formula<Softplus> = {
  functions: [...exponential, ...log1pUnit],
  body: ({ beta, threshold }) => `let z = x * ${f32(beta)};
  let soft = (select(z, 0.0, z < 0.0) + log1pUnit(exponential(-abs(z)))) / ${f32(beta)};
  return select(soft, x, z > ${f32(threshold)});`,
};

const tanh: Formula<object> = {
  functions: expm1Below,
  body: () => `let e = expm1Below(-2.0 * abs(x));
  let size = -e / (2.0 + e);
  return select(size, -size, x < 0.0);`,
};

/** Beyond 20 nothing is left of the second term, but its slope would overflow. */
const geluTanhGrad: Formula<object> = {
  functions: sigmoid,
  body: () => `let near = select(x, 20.0, abs(x) > 20.0);
  return ${gateSlope(widened, `${WIDTH} * (1.0 + 0.134145 * near * near)`)};`,
};

export const activations = {
  leakyRelu: expression(({ slope }: Slope) => `select(${f32(slope)} * x, x, x > 0.0)`),
  leakyReluGrad: expression(({ slope }: Slope) => `select(${f32(slope)} * dy, dy, x > 0.0)`),
  elu: expression(({ alpha }: Alpha) => `select(${f32(alpha)} * expm1Below(x), x, x > 0.0)`, expm1Below),
  eluGrad: expression(({ alpha }: Alpha) => `select(dy, dy * ${f32(alpha)} * exponential(x), x <= 0.0)`, exponential),
  gelu: expression(`x * (${below})`, erf),
  geluGrad: expression(`dy * (${below} + x * (${SLOPE_OF_0} * exponential(-0.5 * x * x)))`, erf),
  geluTanh: expression(`x * sigmoid(${widened})`, sigmoid),
  geluTanhGrad,
  silu: expression('x * sigmoid(x)', sigmoid),
  siluGrad: expression(gateSlope('x', '1.0'), sigmoid),
  sigmoid: expression('sigmoid(x)', sigmoid),
  sigmoidGrad: expression('dy * y * (1.0 - y)'),
  tanh,
  tanhGrad: expression('dy * (1.0 - y) * (1.0 + y)'),
  softplus,
  softplusGrad: expression(
    ({ beta, threshold }: Softplus) =>
      `select(dy * sigmoid(x * ${f32(beta)}), dy, x * ${f32(beta)} > ${f32(threshold)})`,
    sigmoid,
  ),
};
