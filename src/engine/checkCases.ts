import { bindingsOf } from '../compile/bindings.js';
import { choose, keyOf, type Covered, type Refused, type VariantTable } from '../compile/choose.js';
import { cover } from '../compile/cover.js';
import { nodesOf, readsAndWrites } from '../compile/order.js';
import { rewrite } from '../compile/rewrite.js';
import { EngineError } from '../core/errors.js';
import type { Profile } from '../core/profile.js';
import { bytesOf, sizeOf } from '../core/shape.js';
import type { Device } from '../gpu/device.js';
import type { Pipelines } from '../gpu/pipelines.js';
import { Graph, type Node, type Tensor } from '../graph/graph.js';
import { kernels as shipped } from '../kernels/index.js';
import type { Kernel, Variant } from '../kernels/kernel.js';
import { Session } from './session.js';
import { valuesInAStep, type StepOptions } from './stepValues.js';
import { Store, type StateData } from './store.js';

export interface CaseOptions extends Pick<StepOptions, 'prepare' | 'warmUp' | 'known' | 'pipelines'> {
  /** Tensors besides the states that the plan is compiled for. */
  readonly keep?: readonly Tensor[];
  /** Instead of the engine's own. */
  readonly kernels?: readonly Kernel[];
  readonly table?: VariantTable;
  readonly refused?: Refused;
  /** How long the run is whose plan is taken apart; as `Session.compile`. */
  readonly expectedSteps?: number | undefined;
}

/** A run of nodes that one kernel covers, as a graph of its own: its operands are states, with the values that a step had. */
export interface RunCase {
  /** As `keyOf`: kernel, shapes, attributes. */
  readonly key: string;
  readonly kernel: string;
  readonly variant: string;
  /** Its ops, as in `conv2d → add → relu`. */
  readonly covers: string;
  /** How many runs of the graph are like it. */
  readonly count: number;
  readonly graph: Graph;
  /** What its kernel writes. */
  readonly outputs: readonly Tensor[];
  readonly values: ReadonlyMap<Tensor, StateData>;
  /** Floating-point operations of the mathematics. */
  readonly flops: number;
  /** Bytes of its operands and results, each once. */
  readonly bytes: number;
  readonly compile: Required<Pick<CaseOptions, 'kernels' | 'table' | 'refused'>> & Pick<CaseOptions, 'expectedSteps'>;
}

/**
 * Every different run of nodes that a plan of this graph would compute with one kernel, each as a graph of its own.
 *
 * The operands' values come from the GPU: the whole graph is compiled with all of them kept, and runs a step. So they
 * are what kernels meet in earnest, and those that are indices are valid.
 */
export async function runCases(device: Device, source: Graph, options: CaseOptions): Promise<readonly RunCase[]> {
  const { keep = [], kernels = shipped, table = new Map<string, string>(), refused = new Set<string>() } = options;
  const compile = { kernels, table, refused, expectedSteps: options.expectedSteps };
  const { graph, of } = rewrite(source, keep);
  const kept = new Set(keep.flatMap((tensor) => of(tensor) ?? []));
  const runs = cover(graph, { kernels, profile: device.profile, kept, refused });
  const operands = new Set(runs.flatMap((run) => readsAndWrites(run).reads));
  const { values } = await valuesInAStep(device, graph, operands, { ...options, ...compile });

  const keys = runs.map(keyOf);
  return runs.flatMap((run, i) => {
    if (keys.indexOf(keyOf(run)) < i) return [];
    const count = keys.filter((key) => key === keys[i]).length;
    const { withValues } = caseOf(run, device.profile, compile);
    const one = withValues(values);
    return [{ ...one, ...workOf(run, one, device.profile), count }];
  });
}

/** A run as a graph of its own, but for how much work it is. */
export type CaseWithoutWork = Omit<RunCase, 'count' | 'flops' | 'bytes'>;

/** A run as a graph of its own; `moved` leads from the tensors of the old graph to its own. */
export function caseOf(
  run: Covered,
  profile: Profile,
  compile: RunCase['compile'],
): {
  readonly variant: Variant;
  readonly outputs: readonly Tensor[];
  readonly moved: (old: Tensor) => Tensor;
  readonly withValues: (values: ReadonlyMap<Tensor, StateData>) => CaseWithoutWork;
} {
  const variant = choose(run, profile, compile.table, compile.refused, compile.expectedSteps);
  const { reads } = readsAndWrites(run);
  const { graph, moved } = alone(nodesOf(run), reads);
  const outputs = writtenBy(variant, profile).map(moved);
  const withValues = (values: ReadonlyMap<Tensor, StateData>): CaseWithoutWork => ({
    key: keyOf(run),
    kernel: run.kernel,
    variant: variant.name,
    covers: nodesOf(run)
      .map((node) => node.op)
      .join(' → '),
    graph,
    outputs,
    values: new Map(
      reads.flatMap((read) => {
        const data = values.get(read);
        return data === undefined ? [] : [[moved(read), data] as const];
      }),
    ),
    compile,
  });
  return { variant, outputs, moved, withValues };
}

function workOf(
  run: Covered,
  { outputs }: Pick<RunCase, 'outputs'>,
  profile: Profile,
): Pick<RunCase, 'flops' | 'bytes'> {
  const { reads } = readsAndWrites(run);
  const fitting = run.variants.filter((one) => one.fits?.(profile) ?? true);
  return {
    flops: Math.min(...fitting.map((one) => flopsOf(one, profile))),
    bytes: total(reads.map((read) => readBytes(read, outputs))) + total(outputs.map((y) => bytesOf(y.shape, y.dtype))),
  };
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** The same nodes in a graph of their own, with states for operands; `moved` leads from the old tensors to the new. */
function alone(nodes: readonly Node[], reads: readonly Tensor[]): { graph: Graph; moved: (old: Tensor) => Tensor } {
  const graph = new Graph();
  const map = new Map<Tensor, Tensor>();
  const moved = (old: Tensor): Tensor => {
    const tensor = map.get(old);
    if (tensor !== undefined) return tensor;
    throw new EngineError('graph', {
      place: 'runCases',
      given: `${old.name}, from outside its run`,
      wanted: 'a tensor of the run',
    });
  };
  // What lay in one arena lies in one here, so that a kernel can bind it as one; not so what is written in place.
  const written = nodes.flatMap(({ inputs, behaviour }) => behaviour.inPlace.map(([, input]) => inputs[input]));
  reads.forEach((read, position) => {
    const name = `${position} ${read.name}`;
    const arena = read.place === undefined || written.includes(read) ? name : `${read.place.arena} alone`;
    map.set(read, graph.state(name, read.shape, { dtype: read.dtype, arena }));
  });
  for (const node of [...nodes].sort((a, b) => a.id - b.id)) {
    const outputs = node.behaviour.again(node.inputs.map(moved));
    node.outputs.forEach((old, position) => {
      const output = outputs[position];
      if (output !== undefined) map.set(old, output);
    });
    for (const [output, input] of node.behaviour.inPlace) {
      const [value, state] = [node.outputs[output], node.inputs[input]];
      if (value !== undefined && state !== undefined) graph.assign(moved(state), moved(value));
    }
  }
  return { graph, moved };
}

/** The tensors that a variant's dispatches write, temporaries apart. */
export function writtenBy(variant: Variant, profile: Profile): readonly Tensor[] {
  const written = variant.steps(profile).flatMap(({ code, bind }) =>
    bindingsOf(code).flatMap(({ name, access }) => {
      const slot = bind[name];
      return access === 'read' || slot === undefined || 'temporary' in slot ? [] : [slot];
    }),
  );
  return [...new Set(written)];
}

/** Of the mathematics: variants that add up partial sums do more. */
const flopsOf = (variant: Variant, profile: Profile): number => total(variant.steps(profile).map((step) => step.flops));

/** Bytes are a set's pixels and labels, of which a run takes as many as it makes elements. */
function readBytes({ shape, dtype }: Tensor, outputs: readonly Tensor[]): number {
  const made = Math.max(...outputs.map((output) => sizeOf(output.shape)));
  return dtype === 'u8' ? Math.min(bytesOf(shape, dtype), made) : bytesOf(shape, dtype);
}

/** A run on a device, ready to be replayed. */
export interface OpenRun<Run extends CaseWithoutWork = RunCase> extends Disposable {
  readonly run: Run;
  readonly session: Session;
  /** Sets the operands: runs that write in place change them. */
  reset(): void;
}

/** Compiles a run alone. Throws EngineError 'graph' if, alone, it would be computed otherwise. */
export async function openRun<Run extends CaseWithoutWork>(
  device: Device,
  run: Run,
  pipelines?: Pipelines,
): Promise<OpenRun<Run>> {
  // Its own kernel first: one that was refused in the net may match what stands alone.
  const all = run.compile.kernels;
  const kernels = [...all.filter(({ name }) => name === run.kernel), ...all.filter(({ name }) => name !== run.kernel)];
  mustBeCoveredAlike(run, kernels, device.profile);
  const store = new Store(device);
  const session = await Session.compile(store, run.graph, {
    ...run.compile,
    kernels,
    name: run.covers,
    keep: run.outputs,
    pipelines,
  });
  const reset = (): void => run.values.forEach((data, tensor) => store.write(tensor.name, data));
  reset();
  return {
    run,
    session,
    reset,
    [Symbol.dispose]: () => {
      session[Symbol.dispose]();
      store[Symbol.dispose]();
    },
  };
}

function mustBeCoveredAlike(run: CaseWithoutWork, kernels: readonly Kernel[], profile: Profile): void {
  const { graph, of } = rewrite(run.graph, run.outputs);
  const kept = new Set(run.outputs.flatMap((output) => of(output) ?? []));
  const { refused } = run.compile;
  const keys = cover(graph, { kernels, profile, kept, refused }).map(keyOf);
  if (keys.length === 1 && keys[0] === run.key) return;
  throw new EngineError('graph', {
    place: 'openRun',
    given: `${keys.join(', ')} once it stands alone`,
    wanted: run.key,
  });
}
