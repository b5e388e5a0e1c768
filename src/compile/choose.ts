import { EXPECTED_STEPS } from '../core/expectedSteps.js';
import { EngineError } from '../core/errors.js';
import type { Profile } from '../core/profile.js';
import { totalSeconds } from '../kernels/cost.js';
import type { Match, Variant } from '../kernels/kernel.js';

/** A match and the kernel that made it. */
export interface Covered extends Match {
  readonly kernel: string;
}

/** Measured winners: from a run's key to the name of its variant. The tuner writes it; nobody else. */
export type VariantTable = ReadonlyMap<string, string>;

/** Variants that failed a check on this adapter, as `key variant`. The self-test adds to it; nobody else. */
export type Refused = ReadonlySet<string>;

/** What a run computes, apart from where in a net it stands: kernel, shapes, attributes. */
export const keyOf = ({ kernel, nodes, again = [] }: Covered): string =>
  [
    kernel,
    ...[...again, ...nodes].map((node) => {
      const shapes = node.inputs.map((input) => input.shape.join('×')).join(' ');
      return `${node.op}(${shapes})${JSON.stringify(node.attrs)}`;
    }),
  ].join(' ');

/** The variants of a run that this adapter can run and that no check has refused. */
export const fitting = (run: Covered, profile: Profile, refused: Refused): readonly Variant[] =>
  run.variants.filter(
    (variant) =>
      (variant.dialect === 'any' || variant.dialect === profile.dialect) &&
      (variant.fits?.(profile) ?? true) &&
      !refused.has(`${keyOf(run)} ${variant.name}`),
  );

/**
 * The variant of a run for this adapter: the table's if it has one, else the first that fits; where that one's cost is
 * known, the one that takes the least time to compile and to run so many steps.
 */
export function choose(
  run: Covered,
  profile: Profile,
  table: VariantTable,
  refused: Refused,
  expectedSteps = EXPECTED_STEPS,
): Variant {
  const variants = fitting(run, profile, refused);
  const chosen =
    variants.find((variant) => variant.name === table.get(keyOf(run))) ?? cheapest(variants, expectedSteps);
  if (chosen !== undefined) return chosen;
  throw new EngineError('limit', {
    place: `kernel ${run.kernel}`,
    given: `no variant of ${run.variants.map((variant) => variant.name).join(', ')} on ${profile.adapter.description}`,
    wanted: 'one that this adapter can run and that its self-test did not refuse',
  });
}

function cheapest(variants: readonly Variant[], steps: number): Variant | undefined {
  const known = variants.flatMap((variant) => (variant.cost === undefined ? [] : [{ variant, cost: variant.cost }]));
  if (variants[0]?.cost === undefined) return variants[0];
  return known.reduce((a, b) => (totalSeconds(b.cost, steps) < totalSeconds(a.cost, steps) ? b : a)).variant;
}
