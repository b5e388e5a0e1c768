// `weft tune`: which variants of the kernels are right and fastest on this machine.

import {
  EngineError,
  forgetNotes,
  nets,
  openDevice,
  tuneTraining,
  type Dataset,
  type Splits,
  type Tuned,
  type TunedRun,
} from '../index.js';
import { ensureGpu, folderNotes } from '../node.js';
import { EXIT, usageError } from './exit.js';
import { listed, parseFlags } from './flags.js';
import { Screen } from './screen.js';
import { columns } from './columns.js';
import { tuneFlags } from './planTables.js';
import { stepOf } from './stepFlags.js';

/** Seeded by a step that has no common factor with 256, so that every byte comes. */
const STRIDE = 167;

export async function tune(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft tune', tuneFlags, words);
  const screen = new Screen({ quiet: flags.quiet });
  const net = nets[flags.net]?.();
  if (net === undefined) throw usageError('--net', flags.net, listed(Object.keys(nets)));
  const step = stepOf(flags);
  const { gpu } = await ensureGpu();
  if (gpu === undefined) throw new EngineError('no-adapter', { place: 'Node', given: 'no adapter', wanted: 'a GPU' });
  using device = await openDevice(gpu, { powerPreference: 'high-performance' });
  const notes = folderNotes();
  const { description } = device.profile.adapter;
  if (flags.forget) {
    await forgetNotes(notes, device.profile);
    if (flags.json) screen.result(JSON.stringify({ event: 'forgotten', adapter: description }));
    else screen.result(`What was known of ${description} is forgotten.`);
    return EXIT.ok;
  }
  screen.note(`${screen.paint('dim', 'adapter')} ${description}`);
  const { settings, optimizer, update } = step;
  const tuned = await tuneTraining({
    device,
    net,
    data: noise(flags.images),
    optimizer,
    ...settings,
    ...update,
    notes,
    onRun: (run, done, total) => {
      screen.progress(() => `timing, ${done} of ${total} kernels`);
      if (flags.json) screen.result(JSON.stringify({ event: 'kernel', ...run }));
    },
  });
  screen.progress(undefined);
  const { adapterClass, plans, chosenPlan, without, refused } = tuned;
  if (flags.json) {
    screen.result(
      JSON.stringify({
        event: 'tuned',
        adapter: description,
        adapterClass,
        plans,
        chosenPlan,
        without,
        wrong: [...refused],
      }),
    );
  } else for (const line of report(tuned, screen)) screen.result(line);
  return EXIT.ok;
}

/** Images and labels of a set of that size: kernels are made for it, and their time does not depend on what it shows. */
function noise(count: number): Splits {
  const set = (images: number): Dataset => ({
    images: Uint8Array.from({ length: images * 784 }, (_, i) => (i * STRIDE) % 256),
    labels: Uint8Array.from({ length: images }, (_, i) => i % 10),
    count: images,
    rows: 28,
    columns: 28,
    classes: 10,
  });
  return { name: 'noise', source: 'bytes in turn', train: set(count), test: set(1) };
}

function report({ runs, plans, chosenPlan, without, adapterClass }: Tuned, screen: Screen): string[] {
  const bold = (text: string) => screen.paintResult('bold', text);
  const wrong = runs.flatMap(({ kernel, variants }) =>
    variants.flatMap(({ name, wrong: reason }) => (reason === undefined ? [] : [`${kernel}/${name}: ${reason}`])),
  );
  return [
    bold(`Kernels, ms each (${adapterClass})`),
    ...columns([
      ['kernel', 'operands', 'times', 'chosen', 'variants'],
      ...runs.map((run) => [run.kernel, operandsOf(run), String(run.count), run.chosen ?? 'none', timesOf(run)]),
    ]),
    '',
    bold('Whole steps, ms each'),
    ...columns(
      plans.map(({ name, dispatches, ms, wrong: reason }) => [
        name === chosenPlan ? `${name}, chosen` : name,
        reason ?? `${figure(ms)}, ${dispatches} dispatches`,
      ]),
    ),
    ...(without.length === 0 ? [] : [`Training does without ${without.join(', ')} here.`]),
    ...(wrong.length === 0 ? [] : ['', bold('Wrong here, and not used'), ...wrong]),
  ];
}

/** `conv2d(64×1×28×28 6×1×3×3)…` → its shapes. */
const operandsOf = ({ key }: TunedRun): string => /\(([^)]*)\)/.exec(key)?.[1] ?? '';

const timesOf = ({ variants }: TunedRun): string =>
  variants
    .map(({ name, ms, wrong }) => `${name} ${wrong === undefined ? (ms === undefined ? '·' : figure(ms)) : 'wrong'}`)
    .join(', ');

const figure = (ms: number | undefined): string => (ms === undefined ? '' : ms.toPrecision(3));
