// Ops element by element. ONNX operator specification, opset 17; names in capitals are its operators.

import { activationOps } from '../../ops/activations.js';
import { mulOp } from '../../ops/arithmetic.js';
import { elementwiseOps } from '../../ops/elementwise.js';
import { reluOp } from '../../ops/relu.js';
import type { Call } from './pieces.js';
import { alike, rule, type Rule, type Site } from './rule.js';

/** ONNX's number for f32 in the attribute `to` of Cast. */
const FLOAT = 1;
/** log(1 + eᶻ) is z to f32's precision from here on, so that a threshold above it decides nothing. */
const SOFTPLUS_IS_LINEAR = 17;

const scalar = (site: Site, name: string, value: number): string => site.constant(name, [value]);

/** Φ(x) = (1 + erf(x/√2))/2 of the operand: Gelu itself came with opset 20. */
function normalBelow(site: Site, x: string): string {
  const erf = site.call('Erf', [site.call('Div', [x, scalar(site, 'root2', Math.SQRT2)])]);
  return site.call('Mul', [site.call('Add', [erf, scalar(site, 'one', 1)]), scalar(site, 'half', 0.5)]);
}

/** σ(√(8/π)·(x + 0.044715·x³)). */
function gate(site: Site, x: string): string {
  const cube = site.call('Mul', [site.call('Mul', [x, x]), x]);
  const curved = site.call('Mul', [cube, scalar(site, 'cubic', 0.044715)]);
  const widened = site.call('Mul', [site.call('Add', [x, curved]), scalar(site, 'slope', Math.sqrt(8 / Math.PI))]);
  return site.call('Sigmoid', [widened]);
}

function softplus(site: Site, { beta, threshold }: { readonly beta: number; readonly threshold: number }): Call {
  const x = site.input(0);
  if (beta === 1 && threshold >= SOFTPLUS_IS_LINEAR) return { op: 'Softplus', inputs: [x] };
  const factor = scalar(site, 'beta', beta);
  const scaled = site.call('Mul', [x, factor]);
  const smooth = { op: 'Div', inputs: [site.call('Softplus', [scaled]), factor] };
  if (threshold >= SOFTPLUS_IS_LINEAR) return smooth;
  const isPast = site.call('Greater', [scaled, scalar(site, 'threshold', threshold)]);
  return { op: 'Where', inputs: [isPast, x, site.call(smooth.op, smooth.inputs)] };
}

const { sub, div, maximum, minimum, neg, abs, sign, exp, log, sqrt, square, erf, pow, shift, clamp, equal } =
  elementwiseOps;

export const elementRules: readonly Rule[] = [
  alike(mulOp, 'Mul'),
  alike(sub, 'Sub'),
  alike(div, 'Div'),
  alike(maximum, 'Max'),
  alike(minimum, 'Min'),
  alike(neg, 'Neg'),
  alike(abs, 'Abs'),
  alike(sign, 'Sign'),
  alike(exp, 'Exp'),
  alike(log, 'Log'),
  alike(sqrt, 'Sqrt'),
  alike(erf, 'Erf'),
  rule(square, (site) => ({ op: 'Mul', inputs: [site.input(0), site.input(0)] })),
  rule(pow, (site, { exponent }) => ({ op: 'Pow', inputs: [site.input(0), scalar(site, 'exponent', exponent)] })),
  rule(shift, (site, { amount }) => ({ op: 'Add', inputs: [site.input(0), scalar(site, 'amount', amount)] })),
  rule(clamp, (site, { min, max }) => ({
    op: 'Clip',
    inputs: [
      site.input(0),
      min === undefined ? '' : scalar(site, 'min', min),
      ...(max === undefined ? [] : [scalar(site, 'max', max)]),
    ],
  })),
  rule(equal, (site) => ({
    op: 'Cast',
    inputs: [site.call('Equal', [site.input(0), site.input(1)])],
    attributes: { to: { int: FLOAT } },
  })),

  alike(reluOp, 'Relu'),
  alike(activationOps.sigmoid, 'Sigmoid'),
  alike(activationOps.tanh, 'Tanh'),
  rule(activationOps.leakyRelu, (site, { slope }) => ({
    op: 'LeakyRelu',
    inputs: [site.input(0)],
    attributes: { alpha: { float: slope } },
  })),
  rule(activationOps.elu, (site, { alpha }) => ({
    op: 'Elu',
    inputs: [site.input(0)],
    attributes: { alpha: { float: alpha } },
  })),
  rule(activationOps.gelu, (site) => ({ op: 'Mul', inputs: [site.input(0), normalBelow(site, site.input(0))] })),
  rule(activationOps.geluTanh, (site) => ({ op: 'Mul', inputs: [site.input(0), gate(site, site.input(0))] })),
  rule(activationOps.silu, (site) => ({
    op: 'Mul',
    inputs: [site.input(0), site.call('Sigmoid', [site.input(0)])],
  })),
  rule(activationOps.softplus, softplus),
];
