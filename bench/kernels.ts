import { digits, initialWeights, sgd, type Device, type Net } from '../src/index.js';
import { openRun, runCases, Session, Store, trainGraph, type OpenRun, type Plan } from '../src/lab.js';
import { timeInTurns, type Spread, type Subject, type TimingOptions } from './timing.js';

/** One kernel of a plan, timed alone. */
export interface KernelRow {
  readonly kernel: string;
  readonly variant: string;
  readonly covers: string;
  readonly shape: string;
  /** How often the step has it. */
  readonly count: number;
  readonly ms: Spread;
  /** Of the mathematics, once. */
  readonly flops: number;
  readonly bytes: number;
}

export interface StepRow {
  readonly net: string;
  readonly batch: number;
  readonly dispatches: number;
  readonly ms: Spread;
}

/** All guards well: no number of a step has been infinite. */
const ALL_FINITE = 0xffff_ffff;

/** Sets every state of a training step as the trainer does. */
function prepare(store: Store, net: Net, batch: number): void {
  const { train } = digits({ train: batch * 4, test: 1, seed: 1 });
  const optimizer = sgd();
  const rates = new Float32Array(store.state('rates').shape.reduce((a, b) => a * b, 1));
  for (let row = 0; row < rates.length / 4; row++) rates.set(optimizer.row(row + 1, optimizer.rate), row * 4);
  store.write('rates', rates);
  store.write('train.images', train.images);
  store.write('train.labels', train.labels);
  store.write('guard', Uint32Array.of(ALL_FINITE));
  for (const [name, { data }] of initialWeights(net, 1)) store.write(name, data);
}

export async function benchNet(
  device: Device,
  net: Net,
  batch: number,
  timing: TimingOptions,
): Promise<{ rows: readonly KernelRow[]; step: StepRow }> {
  const graph = trainGraph(
    net,
    { count: batch * 4, rows: 28, columns: 28 },
    { batch, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081 },
    sgd(),
  );
  const cases = await runCases(device, graph, { prepare: (store) => prepare(store, net, batch) });
  using store = new Store(device);
  using session = await Session.compile(store, graph, { name: 'train' });
  prepare(store, net, batch);
  const open: OpenRun[] = [];
  for (const run of cases) open.push(await openRun(device, run));
  const copies = await copiesOf(store, session.plan);
  const subjects: Subject[] = [session, ...open.map((one) => one.session), ...copies.map((one) => one.session)];
  const [step, ...spreads] = await timeInTurns(subjects, timing);
  const rows = [
    ...open.map(({ run }) => ({
      ...run,
      shape: run.graph.states.map((state) => state.shape.join('×') || '1').join(' · '),
    })),
    ...copies.map(({ row }) => row),
  ].map((row, i): KernelRow => ({
    kernel: row.kernel,
    variant: row.variant,
    covers: row.covers,
    shape: row.shape,
    count: row.count,
    flops: row.flops,
    bytes: row.bytes,
    ms: spreads[i] as Spread,
  }));
  for (const one of open) one[Symbol.dispose]();
  for (const one of copies) one.session[Symbol.dispose]();
  return { rows, step: { net: net.name, batch, dispatches: session.plan.dispatches.length, ms: step as Spread } };
}

/** The copies that compilation added: one dispatch each. */
async function copiesOf(store: Store, plan: Plan) {
  const copies = [];
  for (const dispatch of plan.dispatches.filter(({ covers }) => /^(copy|assign) /.test(covers))) {
    copies.push({
      session: await Session.open(store, { ...plan, dispatches: [dispatch] }),
      row: {
        kernel: dispatch.entry,
        variant: dispatch.variant,
        covers: dispatch.covers,
        shape: '',
        count: 1,
        flops: 0,
        bytes: dispatch.bytes,
      },
    });
  }
  return copies;
}
