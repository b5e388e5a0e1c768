import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, choose } from '../../src/compile/choose.js';
import { entryOf } from '../../src/compile/bindings.js';
import { EngineError } from '../../src/core/errors.js';
import type { Dialect } from '../../src/core/profile.js';
import { uniform } from '../../src/core/random.js';
import { openRun, runCases, type RunCase } from '../../src/engine/checkCases.js';
import { runsOf } from '../../src/engine/runs.js';
import { selfTest, withNaN, type SelfTestReport } from '../../src/engine/selfTest.js';
import type { StateData } from '../../src/engine/store.js';
import { Device } from '../../src/gpu/device.js';
import { Pipelines } from '../../src/gpu/pipelines.js';
import type { Graph } from '../../src/graph/graph.js';
import { kernels } from '../../src/kernels/index.js';
import { nets } from '../../src/nn/nets.js';
import { initialWeights } from '../../src/nn/weights.js';
import { openDawn } from '../../src/node/dawn.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import { adam } from '../../src/optim/adam.js';
import { sgd } from '../../src/optim/sgd.js';
import { rowsOf } from '../../src/train/rates.js';
import { trainGraph } from '../../src/train/graphs.js';
import { openOwn, type OwnDevice } from '../support/ownDevice.js';
import { canDoWithout, mutants, planted, type Planting } from '../support/plantKernel.js';
import { noiseSet } from '../support/tinyData.js';

// A small batch: formulas and steps cost little, and every kernel of the plans is there.
const BATCH = 8;
const set = noiseSet(20, 28, 10);
/** Constants of one text that are tried until one of them has an effect. */
const TRIES = 48;
/** Kernels with workgroup memory take a software adapter seconds to compile. */
const LONG_MS = 900_000;
/** The part of a result that has to be wrong: 256 samples do not find a single element among 60,000. */
const SHOWN = 1 / 32;

interface Subject {
  readonly title: string;
  readonly graph: Graph;
  readonly states: ReadonlyMap<string, StateData>;
}

const subjects: readonly Subject[] = [
  ...(['tutorial', 'figure', 'wide'] as const).map(
    (name) => [name, sgd({ nesterov: true, weightDecay: 0.01 })] as const,
  ),
  ['tutorial', adam({ weightDecay: 0.01 })] as const,
].map(([name, optimizer]) => {
  const net = nets[name]!();
  const settings = { batch: BATCH, seed: 1, shuffle: true, mean: 0.13, std: 0.31 };
  return {
    title: `${name} with ${optimizer.name}`,
    graph: trainGraph(net, set, settings, optimizer),
    states: new Map<string, StateData>([
      ...[...initialWeights(net, 1)].map(([state, { data }]) => [state, data] as const),
      ['train.images', set.images],
      ['train.labels', set.labels],
      ['guard', Uint32Array.of(ALL_FINITE)],
      ...Object.entries(rowsOf(optimizer)),
    ]),
  };
});

/** A text of a plan that is to be mutated. */
interface Target extends Planting {
  readonly subject: Subject;
  readonly entry: string;
  readonly code: string;
  /** Whether the run can be computed otherwise. */
  readonly replaceable: boolean;
}

/** Every entry point of every variant that the plans use, once. */
function targetsOf(device: Device): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const subject of subjects) {
    const { profile } = device;
    for (const run of runsOf(subject.graph, { kernels, profile }).runs) {
      const { name: variant, steps } = choose(run, profile, new Map(), new Set());
      const key = keyOf(run);
      for (const { code } of steps(profile)) {
        const entry = entryOf(code);
        const id = `${run.kernel}/${variant}: ${entry}`;
        if (!targets.has(id)) {
          const replaceable = canDoWithout(subject.graph, kernels, profile, `${key} ${variant}`);
          targets.set(id, { subject, key, kernel: run.kernel, variant, entry, code, replaceable });
        }
      }
    }
  }
  return [...targets.values()];
}

for (const dialect of ['cpu', 'gpu'] satisfies Dialect[]) {
  describe(`the self-test of plans of the ${dialect} dialect`, () => {
    let own: OwnDevice;
    let device: Device;
    const pools = new Map<Subject, Promise<{ pipelines: Pipelines; runs: readonly RunCase[] }>>();

    beforeAll(async () => {
      own = await openOwn(await openDawn());
      device = new Device(own.inside, { ...own.device.profile, dialect });
    });
    afterAll(() => own[Symbol.asyncDispose]());

    const cleanRuns = (subject: Subject) => {
      const known = pools.get(subject);
      if (known !== undefined) return known;
      const open = async () => {
        const pipelines = new Pipelines(device);
        const { graph, states } = subject;
        const report = await selfTest(device, graph, { states, pipelines });
        expect(report.wrong).toEqual([]);
        expect(report.unchecked).toEqual([]);
        const runs = await runCases(device, graph, {
          pipelines,
          known: states,
          prepare: (store) => states.forEach((data, name) => store.write(name, data)),
        });
        return { pipelines, runs };
      };
      const opening = open();
      pools.set(subject, opening);
      return opening;
    };

    it.each(subjects)(
      'passes the whole plan of $title',
      async (subject) => {
        expect((await cleanRuns(subject)).runs.length).toBeGreaterThan(10);
      },
      LONG_MS,
    );

    it(
      'refuses every variant of which one constant is another',
      async () => {
        const told: string[] = [];
        for (const target of targetsOf(device)) {
          const { subject, kernel, variant, entry, key, replaceable, code } = target;
          const { pipelines, runs } = await cleanRuns(subject);
          const run = runs.find((one) => one.key === key)!;
          const title = `${kernel}/${variant}: ${entry}`;
          const fault = await firstWithEffect(device, withNaN(run) ?? run, target, pipelines);
          expect(fault, `a constant of ${title} that has an effect`).toBeDefined();
          const wrong = planted(kernels, target, (text) => (text === code ? fault! : text));
          const options = { kernels: wrong, states: subject.states, pipelines };
          const found = await selfTest(device, subject.graph, options).catch((error: unknown) => error);
          expect(title).toBe(replaceable ? refusedOf(found, target) : limitOf(found, target));
          told.push(title);
        }
        expect(told.length).toBeGreaterThan(15);
        device.mustBeWell();
      },
      LONG_MS,
    );
  });
}

/** The title of the variant, if a self-test refused it and another took its place. */
function refusedOf(found: unknown, { key, kernel, variant, entry }: Target): string {
  const { refused, runs } = found as SelfTestReport;
  const replaced = runs?.find((one) => one.key === key)?.variant;
  // Where no variant of its own kernel is left, other kernels have its nodes.
  const isRefused = refused?.has(`${key} ${variant}`) && replaced !== variant;
  return isRefused ? `${kernel}/${variant}: ${entry}` : `not refused: ${String(found)}`;
}

/** The title of the variant, if a self-test says that its run has no other. */
function limitOf(found: unknown, { kernel, variant, entry }: Target): string {
  const isLimit = found instanceof EngineError && found.code === 'limit' && found.place === `kernel ${kernel}`;
  return isLimit ? `${kernel}/${variant}: ${entry}` : `no limit: ${String(found)}`;
}

/** The first of a few mutants of whose results a part is wrong, by more than rounding. */
async function firstWithEffect(
  device: Device,
  run: RunCase,
  target: Target,
  pipelines: Pipelines,
): Promise<string | undefined> {
  const clean = await resultsOf(device, run, pipelines);
  const all = mutants(target.code);
  const order = all.map((text, i) => ({ text, rank: uniform(17, all.length, i) })).sort((a, b) => a.rank - b.rank);
  for (const { text } of order.slice(0, TRIES)) {
    const changed = planted(run.compile.kernels, target, (code) => (code === target.code ? text : code));
    const other = await resultsOf(device, { ...run, compile: { ...run.compile, kernels: changed } }, pipelines).catch(
      () => undefined,
    );
    if (other !== undefined && isOther(clean, other)) return text;
  }
  return undefined;
}

async function resultsOf(device: Device, run: RunCase, pipelines: Pipelines): Promise<readonly StateData[]> {
  using open = await openRun(device, run, pipelines);
  open.session.run();
  using reader = await open.session.readerOf(run.outputs);
  return [...(await reader.read()).values()];
}

function isOther(a: readonly StateData[], b: readonly StateData[]): boolean {
  return a.some((data, i) => {
    const numbers = [...data];
    const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const others = numbers.filter((value, at) => !(Math.abs(value - (b[i]?.[at] ?? NaN)) <= 1e-3 * largest));
    return others.length > SHOWN * numbers.length;
  });
}
