import { EngineError } from '../core/errors.js';
import { matches, type Pattern } from '../core/pattern.js';
import type { Tensor } from '../graph/graph.js';
import type { Segment } from '../ops/updates.js';
import type { Optimizer } from './optimizer.js';
import { mustBePositive } from './settings.js';

/** Parameters that are trained otherwise than the rest. */
export interface ParameterGroup {
  /** Which parameters, by their names in PyTorch. */
  readonly match: Pattern;
  /** Times the learning rate; 1 by default. */
  readonly rateFactor?: number;
  /** λ; the optimizer's by default. */
  readonly weightDecay?: number;
  /** Nothing here is trained, and no gradient is computed for it. */
  readonly frozen?: boolean;
}

/** What the groups make of an arena of parameters. */
export interface GroupedParameters {
  /** Those that are not frozen. */
  readonly trained: readonly Tensor[];
  /** Absent where all parameters are alike. */
  readonly segments?: readonly Segment[];
}

/**
 * The first group that matches a parameter has it; the others are trained by the optimizer's own settings.
 * @param members of the arena, in the order of their offsets
 * @throws EngineError 'usage' for a group that matches no parameter, a setting below 0, or if all parameters are frozen
 */
export function grouped(
  members: readonly Tensor[],
  groups: readonly ParameterGroup[],
  { weightDecay: otherwise }: Pick<Optimizer, 'weightDecay'>,
): GroupedParameters {
  if (groups.length === 0) return { trained: members };
  for (const group of groups) mustBeGroup(group, members);
  const all = members.map((member): Segment => {
    const group = groups.find(({ match }) => matches(member.name, match));
    const { rateFactor = 1, weightDecay = otherwise, frozen = false } = group ?? {};
    return { start: member.place?.offset ?? 0, rateFactor, weightDecay, trained: !frozen };
  });
  const trained = members.filter((_, k) => all[k]?.trained);
  if (trained.length === 0) {
    throw new EngineError('usage', {
      place: 'groups',
      given: 'every parameter frozen',
      wanted: 'at least one that is trained',
    });
  }
  return { trained, segments: all.filter((segment, k) => k === 0 || !isAlike(segment, all[k - 1])) };
}

const isAlike = (a: Segment, b: Segment | undefined): boolean =>
  a.rateFactor === b?.rateFactor && a.weightDecay === b.weightDecay && a.trained === b.trained;

function mustBeGroup({ match, rateFactor = 1, weightDecay = 0 }: ParameterGroup, members: readonly Tensor[]): void {
  mustBePositive(`group ${match}`, 'rate factor', rateFactor, true);
  mustBePositive(`group ${match}`, 'weight decay', weightDecay, true);
  if (members.some(({ name }) => matches(name, match))) return;
  throw new EngineError('usage', {
    place: 'groups',
    given: `${match}, which matches no parameter`,
    wanted: `a pattern for some of ${members.map(({ name }) => name).join(', ')}`,
  });
}
