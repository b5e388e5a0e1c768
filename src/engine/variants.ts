import { choose, fitting, keyOf, type Covered, type VariantTable } from '../compile/choose.js';
import type { Plan } from '../compile/plan.js';
import { digestOf } from '../core/digest.js';
import type { Profile } from '../core/profile.js';
import type { Variant } from '../kernels/kernel.js';
import { classOf } from './adapterClass.js';
import type { AdapterNotes } from './notes.js';
import { SHIPPED } from './shipped.js';

/** The variants of a run that an adapter can be given, the default first. */
export function fittingVariants(run: Covered, profile: Profile): readonly Variant[] {
  const all = fitting(run, profile, new Set());
  if (all.length === 0) return [];
  const first = choose(run, profile, new Map(), new Set());
  return [first, ...all.filter((variant) => variant !== first)];
}

/** What a measurement of a run holds for: the run, and the text of every variant that took part. */
export const tuneKey = (run: Covered, profile: Profile): string => {
  const texts = fittingVariants(run, profile).flatMap(({ name, steps }) => [
    name,
    ...steps(profile).flatMap(({ code, groups }) => [code, groups.join()]),
  ]);
  return `${keyOf(run)} #${digestOf(texts.join('\n'))}`;
};

/** What a plan's self-test holds for: every dispatch, with its text and its workgroups. */
export const planDigest = ({ dispatches }: Plan): string =>
  digestOf(dispatches.map(({ code, groups, variant }) => [variant, groups.join(), code].join('\n')).join('\n'));

/**
 * The table for a plan of these runs: what was measured on this adapter, else what is shipped for its class. Names of
 * variants that a run does not have are passed over.
 */
export function tableFor(runs: readonly Covered[], profile: Profile, known: AdapterNotes): VariantTable {
  const shipped = SHIPPED[classOf(profile)] ?? {};
  const isMeasured = Object.keys(known.tuned).length > 0;
  return new Map(
    runs.flatMap((run) => {
      const key = keyOf(run);
      // A key of measurements takes the text of every variant, which is not made for nothing.
      const wanted = (isMeasured ? known.tuned[tuneKey(run, profile)]?.variant : undefined) ?? shipped[key];
      const isThere = fittingVariants(run, profile).some(({ name }) => name === wanted);
      return wanted !== undefined && isThere ? [[key, wanted] as const] : [];
    }),
  );
}
