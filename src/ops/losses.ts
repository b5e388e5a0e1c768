import { EngineError } from '../core/errors.js';
import { broadcastShape, sameShape, sizeOf, textOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { softplus } from './activations.js';
import { add, mul } from './arithmetic.js';
import { abs, div, elementwiseOps, exp, neg, shift, square, sub } from './elementwise.js';
import { mustBe, mustMatch } from './operands.js';
import { isCounted, pick } from './pick.js';
import { mean, sum } from './reduce.js';
import { reshape } from './reshape.js';
import { scale } from './scale.js';
import { logSoftmax } from './softmax.js';

// Losses as torch.nn.functional has them, composed of ops, so that their gradients come by themselves. Training a net on
// labels goes through `softmaxCrossEntropy`, which knows the live rows of a batch and runs in fused kernels.

/** Of what a loss has for each element, or row: all of it, its mean, or its sum. */
export type Reduction = 'none' | 'mean' | 'sum';

export interface LossOptions {
  /** `mean` by default. */
  readonly reduction?: Reduction;
}

const reduced = (each: Tensor, reduction: Reduction): Tensor =>
  reduction === 'none' ? each : reduction === 'sum' ? sum(each) : mean(each);

export interface NllOptions extends LossOptions {
  /** A weight of each class, f32 [C]; the mean is then over the sum of the weights of the labels that count. */
  readonly weight?: Tensor;
  /** A label that counts for nothing: neither in the loss, nor in its mean. */
  readonly ignoreIndex?: number;
}

/** Log probabilities and labels as [N, C, M] and [N, M], the class weights as [1, C, 1]; checked before a node is made. */
function classified(place: string, x: Tensor, labels: Tensor, { weight, ignoreIndex }: NllOptions) {
  const { shape, M, C } = mustBeClasses(place, x, weight);
  mustBe(place, 'labels', labels, 'u32', shape);
  if (ignoreIndex !== undefined && !(Number.isInteger(ignoreIndex) && ignoreIndex >= 0 && ignoreIndex < 2 ** 32)) {
    throw new EngineError('usage', { place, given: `ignoreIndex ${ignoreIndex}`, wanted: 'a label: a u32' });
  }
  const N = shape[0] ?? 1;
  return { shape, rows: [N, C, M], flat: [N, M], weights: weight && reshape(weight, [1, C, 1]) };
}

/** The shape without its classes, and the sizes of what lies beside them. */
function mustBeClasses(place: string, x: Tensor, weight: Tensor | undefined) {
  if (x.shape.length < 2) {
    throw new EngineError('shape', { place, given: `x ${textOf(x.shape)}`, wanted: 'x [N, C, …]' });
  }
  mustBe(place, 'x', x, 'f32');
  const [N = 1, C = 1, ...rest] = x.shape;
  if (weight !== undefined) mustBe(place, 'weight', weight, 'f32', [C]);
  return { shape: [N, ...rest], C, M: sizeOf(rest) };
}

/** Rows under the labels' shape, or their sum, or that over the sum of what each counts for. */
function weighted(rows: Tensor, counts: Tensor | undefined, shape: Shape, reduction: Reduction = 'mean'): Tensor {
  if (reduction === 'none') return reshape(rows, shape);
  return reduction === 'mean' && counts !== undefined ? div(sum(rows), sum(counts)) : reduced(rows, reduction);
}

/** How much each label counts: the weight of its class, 0 if it is ignored; undefined where each counts as one. */
const countsOf = (labels: Tensor, weights: Tensor | undefined, ignoreIndex: number | undefined): Tensor | undefined =>
  weights !== undefined
    ? pick(weights, labels, ignoreIndex)
    : ignoreIndex === undefined
      ? undefined
      : isCounted(labels, ignoreIndex);

/** −w[label]·x[label], and what w[label] is. */
function nllRows(x: Tensor, labels: Tensor, weights: Tensor | undefined, ignoreIndex: number | undefined) {
  const counts = countsOf(labels, weights, ignoreIndex);
  const picked = neg(pick(x, labels, ignoreIndex));
  return { counts, rows: counts === undefined ? picked : mul(picked, counts) };
}

/**
 * The negative log likelihood of labels (torch.nn.functional.nll_loss): −w[label]·x[n, label, …], with the weight 1 unless
 * given. The mean is Σ loss / Σ w[label] over the labels that count.
 * @param logProbabilities f32 [N, C, …], of `logSoftmax` along axis 1
 * @param labels u32 [N, …], below C; a label beyond gives NaN
 * @returns [] in nats, or [N, …] for the reduction `none`
 * @throws EngineError 'shape', 'dtype' or 'usage'
 */
export function nll(logProbabilities: Tensor, labels: Tensor, options: NllOptions = {}): Tensor {
  const { shape, rows, flat, weights } = classified('nll', logProbabilities, labels, options);
  const found = nllRows(reshape(logProbabilities, rows), reshape(labels, flat), weights, options.ignoreIndex);
  return weighted(found.rows, found.counts, shape, options.reduction);
}

export interface CrossEntropyOptions extends NllOptions {
  /** The part of a label's probability that is spread evenly over all classes, from 0 to 1; 0 by default. */
  readonly labelSmoothing?: number;
}

/**
 * The cross-entropy of logits with labels, or with probabilities (torch.nn.functional.cross_entropy):
 * −Σ_c w[c]·t[n,c]·log softmax(logits)[n,c], where t is 1 at the label, or the probability, each smoothed to
 * (1 − ε)·t + ε/C. The mean is over Σ w[label] of the labels that count; with probabilities over all rows.
 * @param logits f32 [N, C, …]
 * @param target labels u32 [N, …], below C, one beyond gives NaN; or probabilities f32 [N, C, …], without `ignoreIndex`
 * @returns [] in nats, or [N, …] for the reduction `none`
 * @throws EngineError 'shape', 'dtype' or 'usage'
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing: smoothing = 0, ignoreIndex, reduction } = options;
  if (!(smoothing >= 0 && smoothing <= 1)) {
    throw new EngineError('usage', {
      place: 'crossEntropy',
      given: `labelSmoothing ${smoothing}`,
      wanted: 'a number from 0 to 1',
    });
  }
  if (target.dtype === 'f32') return softCrossEntropy(logits, target, smoothing, options);
  const { shape, rows, flat, weights } = classified('crossEntropy', logits, target, options);
  const labels = reshape(target, flat);
  const log = reshape(logSoftmax(logits, 1), rows);
  const hard = nllRows(log, labels, weights, ignoreIndex);
  if (smoothing === 0) return weighted(hard.rows, hard.counts, shape, reduction);
  // What is spread is over all classes by their weights, and nothing where the label is ignored.
  const spread = neg(sum(weights === undefined ? log : mul(log, weights), [1]));
  const counted = ignoreIndex === undefined ? spread : mul(spread, isCounted(labels, ignoreIndex));
  const C = logits.shape[1] ?? 1;
  return weighted(add(scale(hard.rows, 1 - smoothing), scale(counted, smoothing / C)), hard.counts, shape, reduction);
}

function softCrossEntropy(
  logits: Tensor,
  target: Tensor,
  smoothing: number,
  { weight, ignoreIndex, reduction = 'mean' }: CrossEntropyOptions,
): Tensor {
  const { C } = mustBeClasses('crossEntropy', logits, weight);
  mustMatch('crossEntropy', 'target', target, logits.shape);
  if (ignoreIndex !== undefined) {
    throw new EngineError('usage', {
      place: 'crossEntropy',
      given: `ignoreIndex ${ignoreIndex} with probabilities`,
      wanted: 'labels u32, or no ignoreIndex',
    });
  }
  const smoothed = smoothing === 0 ? target : shift(scale(target, 1 - smoothing), smoothing / C);
  const log = logSoftmax(logits, 1);
  const beside = logits.shape.slice(2).map(() => 1);
  const terms = mul(smoothed, weight === undefined ? log : mul(log, reshape(weight, [C, ...beside])));
  return reduced(neg(sum(terms, [1])), reduction);
}

export interface BceOptions extends LossOptions {
  /** A factor of each element's loss, f32, broadcast. */
  readonly weight?: Tensor;
  /** A factor of what a target of 1 costs, f32, broadcast: above 1 it favours recall. */
  readonly posWeight?: Tensor;
}

/**
 * The cross-entropy of a yes or no, of logits, without overflow (torch.nn.functional.binary_cross_entropy_with_logits):
 * −p·t·log σ(x) − (1 − t)·log(1 − σ(x)) = (1 − t)·x + (1 + (p − 1)·t)·log(1 + exp(−x)), with the `posWeight` p.
 * @param logits f32, any shape
 * @param target probabilities of a yes, of the same shape
 * @throws EngineError 'shape' or 'dtype'
 */
export function bceWithLogits(logits: Tensor, target: Tensor, options: BceOptions = {}): Tensor {
  const { weight, posWeight, reduction = 'mean' } = options;
  mustBePair('bceWithLogits', logits, target);
  mustFit('bceWithLogits', 'weight', weight, logits);
  mustFit('bceWithLogits', 'posWeight', posWeight, logits);
  const missed = softplus(neg(logits));
  const factor = posWeight && shift(mul(shift(posWeight, -1), target), 1);
  const each = add(mul(shift(neg(target), 1), logits), factor === undefined ? missed : mul(factor, missed));
  return reduced(weight === undefined ? each : mul(each, weight), reduction);
}

/** Throws unless an operand can be repeated to the shape of another. */
function mustFit(place: string, name: string, operand: Tensor | undefined, x: Tensor): void {
  if (operand === undefined) return;
  mustBe(place, name, operand, 'f32');
  if (sameShape(broadcastShape(place, operand.shape, x.shape), x.shape)) return;
  throw new EngineError('shape', {
    place,
    given: `${name} ${textOf(operand.shape)}`,
    wanted: `a shape that can be repeated to ${textOf(x.shape)}`,
  });
}

/** Throws unless both are f32 of one shape: a target that is broadcast is a mistake more often than not. */
function mustBePair(place: string, input: Tensor, target: Tensor): void {
  mustBe(place, 'input', input, 'f32');
  mustMatch(place, 'target', target, input.shape);
}

/** (input − target)², both f32 of one shape (torch.nn.functional.mse_loss). */
export function mse(input: Tensor, target: Tensor, { reduction = 'mean' }: LossOptions = {}): Tensor {
  mustBePair('mse', input, target);
  return reduced(square(sub(input, target)), reduction);
}

/** |input − target|, both f32 of one shape (torch.nn.functional.l1_loss). */
export function l1(input: Tensor, target: Tensor, { reduction = 'mean' }: LossOptions = {}): Tensor {
  mustBePair('l1', input, target);
  return reduced(abs(sub(input, target)), reduction);
}

export interface SmoothL1Options extends LossOptions {
  /** Where a parabola becomes a line, at least 0; 1 by default. */
  readonly beta?: number;
}

/**
 * d²/(2·beta) where |d| < beta, else |d| − beta/2, with d = input − target, both f32 of one shape; |d| if beta is 0
 * (Girshick, arXiv 1504.08083, eq. 3; torch.nn.functional.smooth_l1_loss).
 * @throws EngineError 'shape' or 'dtype', 'usage' for a beta below 0
 */
export function smoothL1(input: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  const { beta = 1, reduction = 'mean' } = options;
  mustBePair('smoothL1', input, target);
  const difference = sub(input, target);
  return reduced(beta === 0 ? abs(difference) : elementwiseOps.smoothAbs.one([difference], { beta }), reduction);
}

export interface KlOptions {
  /** `batchMean`: the sum over the first axis's size, which is the divergence of a distribution; `mean` by default. */
  readonly reduction?: Reduction | 'batchMean';
  /** The target holds logarithms of probabilities too. */
  readonly logTarget?: boolean;
}

/**
 * What is lost where one distribution stands for another: t·(log t − input), 0 where t is 0, both f32 of one shape
 * (torch.nn.functional.kl_div). The input holds logarithms of probabilities.
 */
export function klDivergence(input: Tensor, target: Tensor, options: KlOptions = {}): Tensor {
  const { reduction = 'mean', logTarget = false } = options;
  mustBePair('klDivergence', input, target);
  const each = logTarget
    ? mul(exp(target), sub(target, input))
    : sub(elementwiseOps.xlogx.one([target], {}), mul(target, input));
  return reduction === 'batchMean' ? scale(sum(each), 1 / (input.shape[0] ?? 1)) : reduced(each, reduction);
}
