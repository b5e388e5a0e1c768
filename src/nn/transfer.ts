import { EngineError } from '../core/errors.js';
import { matches, type Pattern } from '../core/pattern.js';
import { sameShape, sizeOf, textOf } from '../core/shape.js';
import type { Net } from './net.js';
import { initialWeights, isBatchCount, type Weights, type WeightTensor } from './weights.js';

/** What became of weights that were trained for another net, or on other images. */
export interface Transfer {
  /** Of every parameter of the net. */
  readonly weights: Weights;
  /** Parameters that have the given values. */
  readonly taken: readonly string[];
  /** Parameters that begin anew, and why. */
  readonly fresh: readonly { readonly name: string; readonly reason: string }[];
  /** What was given and has no place in the net. */
  readonly unused: readonly string[];
}

export interface TransferOptions {
  /** Of the parameters that begin anew; 1 by default. */
  readonly seed?: number;
  /** Parameters that begin anew though the given ones would fit, such as those of the head. */
  readonly fresh?: readonly Pattern[];
}

/**
 * Weights for a net from those of another: by name, where the shapes agree. All else begins anew, as PyTorch begins.
 *
 * @throws EngineError 'weights' if not one parameter is taken, 'usage' for a pattern that means no parameter
 */
export function transferWeights(net: Net, given: Weights, options: TransferOptions = {}): Transfer {
  const { seed = 1, fresh = [] } = options;
  for (const pattern of fresh) {
    if (net.parameters.some(({ name }) => matches(name, pattern))) continue;
    throw new EngineError('usage', {
      place: 'transfer',
      given: `${pattern}, which means no parameter`,
      wanted: `a pattern for some of ${net.parameters.map(({ name }) => name).join(', ')}`,
    });
  }
  const weights = new Map<string, WeightTensor>();
  const taken: string[] = [];
  const anew: { name: string; reason: string }[] = [];
  for (const [name, own] of initialWeights(net, seed)) {
    const trained = given.get(name);
    const reason = whyNot(own, trained, () => fresh.some((pattern) => matches(name, pattern)));
    if (trained !== undefined && reason === undefined) taken.push(name);
    else anew.push({ name, reason: reason ?? 'absent' });
    weights.set(name, reason === undefined ? (trained ?? own) : own);
  }
  const unused = [...given.keys()].filter((name) => !weights.has(name) && !isBatchCount(name));
  if (taken.length > 0) return { weights, taken, fresh: anew, unused };
  throw new EngineError('weights', {
    place: `net ${net.name}`,
    given: `weights of which none can be taken (${anew.map(({ name, reason }) => `${name}: ${reason}`).join('; ')})`,
    wanted: 'at least one parameter of the same name and shape',
    wayOut: 'Choose the net that the weights were trained for, or one that shares layers with it.',
  });
}

function whyNot(own: WeightTensor, trained: WeightTensor | undefined, isFresh: () => boolean): string | undefined {
  if (trained === undefined) return 'not among the given';
  if (!sameShape(trained.shape, own.shape) || trained.data.length !== sizeOf(own.shape)) {
    return `${textOf(trained.shape)} among the given, ${textOf(own.shape)} here`;
  }
  return isFresh() ? 'as asked' : undefined;
}

/** The parameters of a net's last layer that has any, as a pattern: what begins anew for other classes. */
export function headOf(net: Net): Pattern {
  const last = net.parameters.at(-1)?.name ?? '';
  return `${last.slice(0, last.lastIndexOf('.'))}.*`;
}

/** A transfer as lines of text, for people. */
export function transferText({ taken, fresh, unused }: Omit<Transfer, 'weights'>): string {
  return [
    `taken: ${taken.join(', ')}`,
    ...(fresh.length > 0 ? [`anew: ${fresh.map(({ name, reason }) => `${name} (${reason})`).join(', ')}`] : []),
    ...(unused.length > 0 ? [`not used: ${unused.join(', ')}`] : []),
  ].join('\n');
}
