import { uniform } from '../core/random.js';
import { sizeOf, textOf, type Shape } from '../core/shape.js';
import type { Device } from '../gpu/device.js';
import type { Tensor } from '../graph/graph.js';
import { Elements, indexAt, valuesOf, type InHalf } from './checkBounds.js';
import type { CaseWithoutWork, OpenRun, RunCase } from './checkCases.js';
import type { StateData } from './store.js';

/** How a run on a GPU compares with its formulas. */
export interface RunCheck {
  readonly passed: boolean;
  /** The largest error in units of its bound: up to 1 is right. */
  readonly worst: number;
  /** That error by itself, and its bound. */
  readonly error: number;
  readonly bound: number;
  /** Where that was, and what was found there. */
  readonly where: string;
  /** Elements that were compared. */
  readonly samples: number;
}

/** Elements of each output that are compared, besides its corners. */
const SAMPLES = 256;
/** In a quick check, terms of sums that are added up for one output, and elements of it at the least. */
const TERMS = 2 ** 19;
const LEAST = 8;
/** A NaN with a payload of its own: what a kernel leaves unwritten holds it. */
const POISON = 0x7fc0_dead;

/**
 * Runs a case once on its GPU and compares what its kernel writes with the formulas: all corners and a few hundred
 * seeded elements, half of them at the edges, where tiles end. The bounds are derived from the formulas, so they hold
 * for every order of summation.
 */
export async function checkRun(device: Device, { run, session, reset }: OpenRun<CaseWithoutWork>): Promise<RunCheck> {
  for (const buffer of session.scratch.values()) {
    device.upload(buffer, 0, new Uint32Array(buffer.size / 4).fill(POISON));
  }
  reset();
  session.run();
  using reader = await session.readerOf(run.outputs);
  return compareRun(run, await reader.read());
}

/**
 * What a run's formulas say of what its kernel wrote, output by output.
 * @param quick fewer elements where their sums are long, and bounds only where they are needed
 * @param half what the kernel has in f16
 */
export function compareRun(
  { values, outputs }: Pick<RunCase, 'values' | 'outputs'>,
  found: ReadonlyMap<Tensor, StateData>,
  quick = false,
  half?: InHalf,
): RunCheck {
  const elements = new Elements((state) => valuesOf(state.shape, values.get(state) ?? []), quick, half);
  const most = (output: Tensor): number => (quick ? Math.max(LEAST, Math.floor(TERMS / termsOf(output))) : SAMPLES);
  return outputs
    .map((output) => compare(output, found.get(output) ?? [], elements, Math.min(most(output), SAMPLES)))
    .reduce(merge, { passed: true, worst: 0, error: 0, bound: 0, where: '', samples: 0 });
}

/** The longest sum among what an element is made of. */
function termsOf({ node }: Tensor): number {
  if (node === undefined) return 1;
  return Math.max(node.behaviour.terms ?? 1, ...node.inputs.map(termsOf));
}

function compare(output: Tensor, found: ArrayLike<number>, elements: Elements, most: number): RunCheck {
  const positions = samplesOf(output.shape, most);
  let worst = 0;
  let at = 0;
  for (const position of positions) {
    const ratio = elements.ratio(output, indexAt(output.shape, position), found[position] ?? NaN);
    if (ratio <= worst) continue;
    worst = ratio;
    at = position;
  }
  const index = indexAt(output.shape, at);
  const wanted = elements.of(output).at(...index);
  const bound = elements.tolerance(output, index);
  const where = `${output.name}[${index.join(', ')}] of ${textOf(output.shape)} is ${found[at]}, wanted ${wanted} ± ${bound}`;
  const error = worst === 0 ? 0 : Math.abs((found[at] ?? NaN) - wanted);
  return { passed: worst <= 1, worst, error, bound, where, samples: positions.length };
}

const merge = (a: RunCheck, b: RunCheck): RunCheck => {
  const larger = b.worst > a.worst || a.where === '' ? b : a;
  return { ...larger, passed: a.passed && b.passed, samples: a.samples + b.samples };
};

/** Row-major positions to look at, each once: every element of a small tensor, else all corners and `most` others. */
export function samplesOf(shape: Shape, most = SAMPLES): readonly number[] {
  const size = sizeOf(shape);
  if (size <= 2 * most) return Array.from({ length: size }, (_, position) => position);
  const corners = Array.from({ length: 2 ** shape.length }, (_, corner) =>
    shape.map((length, axis) => (((corner >> axis) & 1) === 0 ? 0 : length - 1)),
  );
  const seeded = Array.from({ length: most }, (_, sample) =>
    shape.map((length, axis) => {
      const place = uniform(sample, axis, 0);
      const edge = uniform(sample, axis, 1);
      if (sample % 2 === 0 && edge < 0.5) return edge < 0.25 ? 0 : length - 1;
      return Math.floor(place * length);
    }),
  );
  return [
    ...new Set([...corners, ...seeded].map((index) => index.reduce((sum, i, axis) => sum * (shape[axis] ?? 1) + i, 0))),
  ];
}
