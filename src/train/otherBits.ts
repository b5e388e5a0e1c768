import type { Plan } from '../compile/plan.js';
import { planDigest } from '../engine/variants.js';
import { ENGINE_VERSION } from '../engine/version.js';
import type { Device } from '../gpu/device.js';
import type { CheckpointFacts } from '../io/checkpointFacts.js';

/** What computes a run, besides its settings: the same gives the same bits. */
export type ComputedBy = Required<Pick<CheckpointFacts, 'engine' | 'plan' | 'adapter'>>;

/** Why a run that goes on comes to other bits than it would have come to without the break. */
export interface OtherBits {
  readonly changed: readonly (keyof ComputedBy)[];
  /** For people. */
  readonly sentence: string;
}

export function computedBy(plan: Plan, { profile }: Device): ComputedBy {
  return { engine: ENGINE_VERSION, plan: planDigest(plan), adapter: profile.adapter.description };
}

/** What is otherwise than when the checkpoint was taken; undefined where all is the same. */
export function otherBits(was: Pick<CheckpointFacts, keyof ComputedBy>, now: ComputedBy): OtherBits | undefined {
  const said: Readonly<Record<keyof ComputedBy, string>> = {
    engine: `engine ${now.engine} in place of ${was.engine}`,
    adapter: `${now.adapter || 'another adapter'} in place of ${was.adapter || 'another adapter'}`,
    plan: 'a plan of other kernels',
  };
  const changed = (['engine', 'adapter', 'plan'] as const).filter(
    (key) => was[key] !== undefined && was[key] !== now[key],
  );
  if (changed.length === 0) return undefined;
  const what = changed.map((key) => said[key]).join(', ');
  return { changed, sentence: `The run goes on, but not to the bits of a run without a break: ${what}.` };
}
