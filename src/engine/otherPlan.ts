// A choice between whole plans of one graph: with a kernel that takes a long run of nodes, or with a kernel for each part.

import { fitting } from '../compile/choose.js';
import { digestOf } from '../core/digest.js';
import { EngineError } from '../core/errors.js';
import type { Graph } from '../graph/graph.js';
import type { Kernel } from '../kernels/kernel.js';
import type { AdapterNotes } from './notes.js';
import { runsOf, type RunOptions } from './runs.js';
import { tuneKey } from './variants.js';

/** Kernels beside which others can do the same, and which need not be the faster way: whole steps decide. */
const OPTIONAL: readonly string[] = ['denseTail'];

/** The plan of a graph without the optional kernels that it would have. */
export interface OtherPlan {
  /** Names of the kernels that are left out. */
  readonly without: readonly string[];
  /** All others, in their order. */
  readonly kernels: readonly Kernel[];
  /** What a comparison of the two plans holds for: all runs of both, each as `tuneKey`. */
  key(): string;
}

/** Undefined where a graph's plan has no optional kernel, or where nothing else computes what it covers. */
export function otherPlanOf(graph: Graph, options: RunOptions): OtherPlan | undefined {
  const { profile, refused = new Set<string>() } = options;
  const { runs } = runsOf(graph, options);
  const without = OPTIONAL.filter((name) => runs.some(({ kernel }) => kernel === name));
  if (without.length === 0) return undefined;
  const kernels = options.kernels.filter(({ name }) => !without.includes(name));
  const others = coveredBy(graph, { ...options, kernels });
  if (others?.every((run) => fitting(run, profile, refused).length > 0) !== true) return undefined;
  const key = (): string => digestOf([...new Set([...runs, ...others].map((run) => tuneKey(run, profile)))].join('\n'));
  return { without, kernels, key };
}

/**
 * The kernels of the plan that was measured to be the faster one on this adapter; all of them where nothing was. Notes
 * that leave out anything else than the optional kernels of this graph are passed over.
 */
export function kernelsFor(graph: Graph, options: RunOptions, { plans }: AdapterNotes): readonly Kernel[] {
  if (Object.keys(plans).length === 0) return options.kernels;
  const other = otherPlanOf(graph, options);
  if (other === undefined) return options.kernels;
  const without = plans[other.key()]?.without ?? [];
  const isOther = other.without.every((name) => without.includes(name)) && without.length === other.without.length;
  return isOther ? other.kernels : options.kernels;
}

/** Undefined where an op has no kernel. */
function coveredBy(graph: Graph, options: RunOptions) {
  try {
    return runsOf(graph, options).runs;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'graph') return undefined;
    throw error;
  }
}
