import { fitting, keyOf } from '../../src/compile/choose.js';
import type { Profile } from '../../src/core/profile.js';
import { runsOf } from '../../src/engine/runs.js';
import { fittingVariants } from '../../src/engine/variants.js';
import type { Graph } from '../../src/graph/graph.js';
import type { Kernel } from '../../src/kernels/kernel.js';

/** One variant of one run. */
export interface Planting {
  readonly key: string;
  readonly kernel: string;
  readonly variant: string;
}

/** The kernels, of which one variant of one run has other WGSL: as a driver may miscompile it. */
export const planted = (
  kernels: readonly Kernel[],
  { key, kernel, variant }: Planting,
  change: (code: string) => string,
): readonly Kernel[] =>
  kernels.map((one): Kernel => {
    if (one.name !== kernel) return one;
    return {
      ...one,
      match: (node, uses) => {
        const match = one.match(node, uses);
        if (match === undefined || keyOf({ ...match, kernel }) !== key) return match;
        const variants = match.variants.map((way) =>
          way.name === variant
            ? {
                ...way,
                steps: (profile: Parameters<typeof way.steps>[0]) =>
                  way.steps(profile).map((step) => ({ ...step, code: change(step.code) })),
              }
            : way,
        );
        return { ...match, variants };
      },
    };
  });

/** A number in WGSL, and what stands before and behind it. */
const LITERAL = /(?<![\w.@])\d+(\.\d+)?(?=u?(?![\w.]))/g;

/**
 * The texts that come of one by making one of its constants larger by 1. Left out are bindings, types and sizes of
 * workgroups: what WebGPU itself checks.
 */
export function mutants(code: string): readonly string[] {
  let at = 0;
  return code.split('\n').flatMap((line) => {
    const start = at;
    at += line.length + 1;
    if (/@workgroup_size|@binding|^\s*\/\/|array<|^\s*(var<|struct|enable|requires|alias)/.test(line)) return [];
    return [...line.matchAll(LITERAL)].map(({ index, 0: found }) => {
      const larger = found.includes('.') ? (Number(found) + 1).toFixed(1) : String(Number(found) + 1);
      return code.slice(0, start + index) + larger + code.slice(start + index + found.length);
    });
  });
}

/** A kernel that returns at once: nothing is faster, and nothing more wrong. */
export const returningAtOnce = (code: string): string =>
  code.replace(/(@compute[^{]*\{)/, '$1\n  if (true) { return; }');

/** Every run of a graph that this adapter could compute in more than one way, with the variant that is the default. */
export function replaceableRuns(graph: Graph, kernels: readonly Kernel[], profile: Profile): readonly Planting[] {
  return runsOf(graph, { kernels, profile }).runs.flatMap((run) => {
    const key = keyOf(run);
    const [first] = fittingVariants(run, profile);
    const isReplaceable = first !== undefined && canDoWithout(graph, kernels, profile, `${key} ${first.name}`);
    return isReplaceable ? [{ key, kernel: run.kernel, variant: first.name }] : [];
  });
}

/** Whether a graph can be computed without a variant: by another of its kernel, or by other kernels. */
export function canDoWithout(graph: Graph, kernels: readonly Kernel[], profile: Profile, refusal: string): boolean {
  const refused = new Set([refusal]);
  return runsOf(graph, { kernels, profile, refused }).runs.every((run) => fitting(run, profile, refused).length > 0);
}
