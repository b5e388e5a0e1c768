import type { Tensor, Values } from '../graph/graph.js';
import { defineOp, gamma, type Op } from '../graph/op.js';
import { mul } from './arithmetic.js';
import { blocksOf, groupOf, maybe, sameGroups, sumGroup, type Groups } from './groups.js';
import { mustBe, mustMatch } from './operands.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';

/** Smallest normal number of f32: results below it may be flushed to zero. */
const TINY = 2 ** -126;

export interface NormaliseAttrs {
  /** Which elements share a column of the statistics. */
  readonly groups: Groups;
  /** Which elements share a weight and a bias. */
  readonly channels: Groups;
  /** The operands after x and the statistics, in this order. */
  readonly parts: readonly NormPart[];
  /** Whether the statistics are those of x, so that a gradient passes through them too; else they are constants. */
  readonly own: 'centred' | 'uncentred' | 'none';
}

/** Weight and bias [channels]; live u32 [1]: rows of x beyond have no gradient. */
export type NormPart = 'weight' | 'bias' | 'live';

/** One of the operands after `first` others. */
const partOf = <T extends Tensor | Values>(
  operands: readonly T[],
  first: number,
  parts: readonly NormPart[],
  name: NormPart,
): T | undefined => (parts.includes(name) ? maybe(operands, first + parts.indexOf(name)) : undefined);

/** (x − mean)·(1/deviation) of element i. */
const normalised = (x: Values, statistics: Values, groups: Groups, i: number): number => {
  const g = groupOf(groups, i);
  return (x.flat(i) - statistics.at(0, g)) * statistics.at(1, g);
};

/**
 * The node behind every norm: y[i] = (x[i] − mean)·(1/deviation)·weight + bias; operands x of any shape, statistics
 * [2, groups] as `momentsOp` makes them, and `parts`.
 */
export const normaliseOp: Op<NormaliseAttrs> = defineOp('normalise', {
  infer: ([x, statistics, ...rest], { groups, channels, parts }) => {
    mustBe('normalise', 'x', x, 'f32');
    mustMatch('normalise', 'statistics', statistics, [2, groups.count]);
    parts.forEach((name, i) => {
      const part = maybe(rest, i);
      if (part === undefined) return;
      if (name === 'live') mustBe('normalise', name, part, 'u32', [1]);
      else mustMatch('normalise', name, part, [channels.count]);
    });
    return [{ shape: x.shape, dtype: 'f32' }];
  },
  at: (operands, index, { groups, channels, parts }) => {
    const [x, statistics] = operands;
    const i = flatOf(x, index);
    const c = groupOf(channels, i);
    const weight = partOf(operands, 2, parts, 'weight')?.at(c) ?? 1;
    return normalised(x, statistics, groups, i) * weight + (partOf(operands, 2, parts, 'bias')?.at(c) ?? 0);
  },
  errorBound: (operands, index, { groups, channels, parts }) => {
    const [x, statistics] = operands;
    const i = flatOf(x, index);
    const c = groupOf(channels, i);
    const weight = partOf(operands, 2, parts, 'weight')?.at(c) ?? 1;
    const bias = partOf(operands, 2, parts, 'bias')?.at(c) ?? 0;
    return gamma(5) * (Math.abs(normalised(x, statistics, groups, i) * weight) + Math.abs(bias)) + TINY;
  },
  gradient: (dy, operands, attrs) => {
    const [x, statistics] = operands;
    const { groups, channels, parts, own } = attrs;
    const weight = partOf<Tensor>(operands, 2, parts, 'weight');
    const live = partOf<Tensor>(operands, 2, parts, 'live');
    const sums = (): readonly Tensor[] => normSums.apply([dy, x, statistics], { groups, by: channels });
    const thunks: Record<NormPart, (() => Tensor) | undefined> = {
      weight: () => sums()[1] as Tensor,
      bias: () => sums()[0] as Tensor,
      live: undefined,
    };
    return [
      () =>
        own === 'none'
          ? mul(dy, factorsOf(x, statistics, weight))
          : ownGradient(dy, x, statistics, { groups, channels, centred: own === 'centred' }, weight, live),
      undefined,
      ...parts.map((name) => thunks[name]),
    ];
  },
  half: true,
});

const flatOf = (x: Values, index: readonly number[]): number =>
  x.shape.reduce((position, size, axis) => position * size + (index[axis] ?? 0), 0);

/** Where the statistics are constants of each channel, x [N, C, …] is scaled: weight/deviation, as [C, 1, …]. */
function factorsOf(x: Tensor, statistics: Tensor, weight: Tensor | undefined): Tensor {
  const C = statistics.shape[1] ?? 1;
  const inverse = reshape(slice(statistics, [{ start: 1 }]), [C]);
  const shape = [C, ...x.shape.slice(2).map(() => 1)];
  return reshape(weight === undefined ? inverse : mul(inverse, weight), shape);
}

function ownGradient(
  dy: Tensor,
  x: Tensor,
  statistics: Tensor,
  { groups, channels, centred }: { groups: Groups; channels: Groups; centred: boolean },
  weight: Tensor | undefined,
  live: Tensor | undefined,
): Tensor {
  // Where a group has one weight, it leaves the sums: then they are those that the gradients of weight and bias are.
  const inside = weight !== undefined && !sameGroups(groups, channels);
  const sums = normSums.apply([dy, x, statistics, ...(inside ? [weight] : [])], {
    groups,
    by: groups,
    ...(inside ? { channels } : {}),
  });
  const operands = [dy, x, statistics, ...sums, ...(weight === undefined ? [] : [weight])];
  const parts: readonly NormPart[] = [
    ...(weight === undefined ? [] : (['weight'] as const)),
    ...(live === undefined ? [] : (['live'] as const)),
  ];
  return normaliseGrad.one([...operands, ...(live === undefined ? [] : [live])], {
    groups,
    channels,
    parts,
    centred,
    inside,
  });
}

export interface NormSumsAttrs {
  readonly groups: Groups;
  /** Which elements are added up together. */
  readonly by: Groups;
  /** Which elements share a weight, where there is one. */
  readonly channels?: Groups;
}

/**
 * The two sums that the gradient of a norm needs: outputs Σ dy·w and Σ dy·w·x̂ over the elements of each group of `by`,
 * with x̂ = (x − mean)/deviation and w = 1 without a weight. Operands dy and x of one shape, statistics [2, groups],
 * perhaps weight [channels] → [by.count] each.
 */
export const normSums: Op<NormSumsAttrs> = defineOp('normSums', {
  infer: (operands, { groups, by, channels }) => {
    const [dy, x, statistics] = operands;
    mustBe('normSums', 'x', x, 'f32');
    mustMatch('normSums', 'dy', dy, x.shape);
    mustMatch('normSums', 'statistics', statistics, [2, groups.count]);
    const weight = maybe(operands, 3);
    if (weight !== undefined) mustMatch('normSums', 'weight', weight, [channels?.count ?? 1]);
    return [
      { shape: [by.count], dtype: 'f32' },
      { shape: [by.count], dtype: 'f32' },
    ];
  },
  at: (operands, [group], attrs, output) =>
    sumGroup(attrs.by, group, blocksOf(attrs.by, operands[0]), (i) => normTerm(operands, attrs, output, i)),
  errorBound: (operands, [group], attrs, output) => {
    const blocks = blocksOf(attrs.by, operands[0]);
    const size = sumGroup(attrs.by, group, blocks, (i) => Math.abs(normTerm(operands, attrs, output, i)));
    return gamma(blocks * attrs.by.run + 4) * size + TINY;
  },
});

function normTerm(operands: readonly Values[], attrs: NormSumsAttrs, output: number, i: number): number {
  const [dy, x, statistics] = operands as readonly [Values, Values, Values];
  const weight = attrs.channels === undefined ? 1 : (maybe(operands, 3)?.at(groupOf(attrs.channels, i)) ?? 1);
  return dy.flat(i) * weight * (output === 0 ? 1 : normalised(x, statistics, attrs.groups, i));
}

export interface NormaliseGradAttrs extends Omit<NormaliseAttrs, 'own'> {
  /** Whether the mean was subtracted. */
  readonly centred: boolean;
  /** Whether the sums have the weights in them; else a weight is a factor of all. */
  readonly inside: boolean;
}

/**
 * dx = rows that are live: 1/deviation·(dy·w − (s₀ + x̂·s₁)/n), else 0; s₀ counts only where the mean was subtracted.
 * Where the sums are without weights: w/deviation·(dy − (s₀ + x̂·s₁)/n). n is the count of a group's live elements.
 * Operands dy and x of one shape, statistics [2, groups], s₀ and s₁ [groups] of `normSums`, and `parts`.
 */
export const normaliseGrad: Op<NormaliseGradAttrs> = defineOp('normaliseGrad', {
  infer: ([dy, x, statistics, s0, s1], { groups }) => {
    mustBe('normaliseGrad', 'x', x, 'f32');
    mustMatch('normaliseGrad', 'dy', dy, x.shape);
    mustMatch('normaliseGrad', 'statistics', statistics, [2, groups.count]);
    mustMatch('normaliseGrad', 's0', s0, [groups.count]);
    mustMatch('normaliseGrad', 's1', s1, [groups.count]);
    return [{ shape: x.shape, dtype: 'f32' }];
  },
  at: (operands, index, attrs) => {
    const found = gradientTerms(operands, index, attrs);
    return found === undefined ? 0 : found.factor * (found.slope - (found.s0 + found.s1) / found.n);
  },
  errorBound: (operands, index, attrs) => {
    const found = gradientTerms(operands, index, attrs);
    if (found === undefined) return 0;
    // The factor, x̂ and its product have six roundings, the division five more, and two differences.
    const size = Math.abs(found.slope) + (Math.abs(found.s0) + Math.abs(found.s1)) / found.n;
    return gamma(14) * Math.abs(found.factor) * size + TINY;
  },
  half: true,
});

/** What an element of `normaliseGrad` is made of; undefined in a row that is not live. */
function gradientTerms(operands: readonly Values[], index: readonly number[], attrs: NormaliseGradAttrs) {
  const [dy, x, statistics, s0, s1] = operands as readonly [Values, Values, Values, Values, Values];
  const { groups, channels, parts, centred, inside } = attrs;
  const i = flatOf(x, index);
  const g = groupOf(groups, i);
  const blocks = Math.min(blocksOf(groups, x), partOf(operands, 5, parts, 'live')?.flat(0) ?? Infinity);
  if (i >= blocks * groups.count * groups.run) return undefined;
  const weight = partOf(operands, 5, parts, 'weight')?.at(groupOf(channels, i)) ?? 1;
  return {
    factor: statistics.at(1, g) * (inside ? 1 : weight),
    slope: dy.flat(i) * (inside ? weight : 1),
    s0: centred ? s0.at(g) : 0,
    s1: normalised(x, statistics, groups, i) * s1.at(g),
    n: blocks * groups.run,
  };
}
