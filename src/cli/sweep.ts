// `weft sweep`: trains a net with many settings, ranks them on images held out, and shows the best the test set.

import { join } from 'node:path';
import { paintCharts } from '../chart/png.js';
import {
  factsOfData,
  nets,
  ranked,
  sweep,
  type Device,
  type Settings,
  type Splits,
  type SweepRun,
  type SweepSetup,
  type Weights,
} from '../index.js';
import { folderNotes, makeFolder, writeAtomic } from '../node.js';
import { openDataFlag } from './data.js';
import { EXIT, usageError } from './exit.js';
import { listed, parseFlags, type Values } from './flags.js';
import { heldOut, stepsOf, trainerOptions } from './learning.js';
import { mustBeWritable } from './outputs.js';
import type { Screen } from './screen.js';
import { openOwnDevice, watched } from './session.js';
import { trainingSettings, type TrainFlags } from './settings.js';
import { sweepChart } from './sweepChart.js';
import { openSweepFolder, type SweepDefinition, type SweepFolder } from './sweepFolder.js';
import { JsonSweep, TextSweep, type SweepResults } from './sweepResults.js';
import { runsOf, spaceOf, type SweepSpace } from './sweepSpace.js';
import { sweepFlags, sweptFlags } from './sweepTables.js';
import { trainFlags } from './tables.js';
import { readWeights } from './weightsFile.js';

type SweepFlags = Values<typeof sweepFlags>;

/** The chart's name in the folder of `--chart`. */
const CHART = 'sweep';
/** Images held out where nothing is said of it, at most; and the part of the training images, at most. */
const [HELD_OUT, PART] = [5000, 6];

export async function sweepCommand(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft sweep', sweepFlags, words);
  const { out, chart, 'weights-in': weightsIn } = flags;
  const rank = flags.rank === 'accuracy' ? 'accuracy' : 'loss';
  const space = spaceOf(flags);
  if (rank === 'loss' && ('label-smoothing' in space.grid || 'label-smoothing' in space.ranges)) {
    throw usageError('--rank', 'loss, where label-smoothing varies: losses of several kinds', 'accuracy');
  }
  const runs = runsOf(space, flags.seed);
  // Settings that make no sense together are refused before the first run is trained.
  for (const settings of runs) trainingSettings(flagsOf(flags, settings));
  const start = weightsIn === undefined ? undefined : (await readWeights('--weights-in', weightsIn)).weights;
  if (out !== undefined) await mustBeWritable('--out', join(out, 'sweep.json'));
  if (chart !== undefined) await mustBeWritable('--chart', join(chart, `${CHART}.svg`));

  return watched(flags.quiet, async ({ screen, signal }) => {
    const { splits: data, line } = await openDataFlag(flags.data, screen, signal);
    const held = heldOut(
      flags.validation ?? Math.max(1, Math.min(HELD_OUT, Math.floor(data.train.count / PART))),
      data.train.count,
    );
    const folder =
      out === undefined ? undefined : await openSweepFolder(out, await definitionOf(flags, space, data, held), rank);
    const results: SweepResults = flags.json
      ? new JsonSweep(screen, runs, rank)
      : new TextSweep(screen, runs, rank, flags.quiet);
    screen.note(`${screen.paint('dim', 'data')} ${line}`);
    const beginning = { data, validation: held, done: folder?.done ?? [] };
    const done: SweepRun[] = [...(folder?.done ?? [])];
    let test = folder?.tested;
    if (test !== undefined) results.begin(beginning);
    else {
      screen.progress(() => 'looking for a GPU');
      using device = await openOwnDevice(screen);
      results.begin(beginning);
      screen.progress(() => 'compiling');
      const setup = (settings: Settings): SweepSetup =>
        setupOf(flagsOf(flags, settings), { device, data, held, start });
      for await (const event of sweep({ runs, setup, rank, done: folder?.done ?? [], signal })) {
        if (event.type === 'begin') {
          const training = trainingSettings({ ...flagsOf(flags, event.settings), validation: held });
          results.follow(event.index, stepsOf(training, data.train.count), event.stepsPerEpoch);
        } else if (event.type === 'steps') results.steps(event.steps, event.imagesPerSecond);
        else if (event.type === 'run') {
          await folder?.keep(event.run, flagsOf(flags, event.run.settings));
          done.push(event.run);
          results.run(event.run);
          screen.progress(() => 'compiling');
        } else if (event.type === 'test') {
          const { loss, accuracy, confusion } = event.evaluation;
          test = { index: event.run.index, loss, accuracy, confusion };
          await folder?.finish(test, event.run, flagsOf(flags, event.run.settings));
        }
      }
      screen.progress(undefined);
    }
    if (signal.aborted && test === undefined) {
      results.stopped(done.length, folder !== undefined);
      return EXIT.interrupted;
    }
    results.done(done, test, fileOf(folder, done, rank));
    if (chart !== undefined) await draw(chart, `${flags.net}, ${data.name}`, done, runs, rank, screen);
    return test === undefined ? EXIT.diverged : EXIT.ok;
  });
}

/** Where the weights of the best run are. */
const fileOf = (
  folder: SweepFolder | undefined,
  done: readonly SweepRun[],
  rank: 'loss' | 'accuracy',
): string | undefined => {
  const [best] = ranked(done, rank);
  return best === undefined || best.failed !== undefined ? undefined : folder?.weightsOf(best);
};

/** What `weft train` would be told for one run. */
function flagsOf(flags: SweepFlags, settings: Settings): TrainFlags {
  const given = Object.entries(flags).filter(([name]) => name in sweptFlags);
  return { ...parseFlags('weft train', trainFlags, []), ...Object.fromEntries(given), ...settings };
}

interface SetupParts {
  readonly device: Device;
  readonly data: Splits;
  readonly held: number;
  readonly start: Weights | undefined;
}

function setupOf(flags: TrainFlags, { device, data, held, start }: SetupParts): SweepSetup {
  const training = trainingSettings({ ...flags, validation: held });
  const net = nets[flags.net]?.(data.train.classes);
  if (net === undefined) throw usageError('--net', flags.net, listed(Object.keys(nets)));
  const { epochs, steps, stopEarly } = training;
  return {
    device,
    net,
    data,
    mean: flags.mean,
    std: flags.std,
    ...(start && { weights: start }),
    ...trainerOptions(training, data.train.count),
    validation: held,
    notes: folderNotes(),
    epochs,
    ...(steps !== undefined && { steps }),
    ...(stopEarly && { stopEarly }),
  };
}

/** Everything that results depend on. */
async function definitionOf(
  flags: SweepFlags,
  { grid, ranges, random }: SweepSpace,
  data: Splits,
  held: number,
): Promise<SweepDefinition> {
  const { name, count, sha256 } = await factsOfData(data);
  const base = Object.keys(sweptFlags).map((flag) => [`--${flag}`, flags[flag as keyof typeof sweptFlags]] as const);
  return {
    format: 1,
    data: { name, train: count, test: data.test.count, sha256 },
    '--grid': grid,
    '--range': ranges,
    '--random': random,
    '--rank': flags.rank,
    '--validation': held,
    '--weights-in': flags['weights-in'],
    ...Object.fromEntries(base),
  };
}

async function draw(
  folder: string,
  title: string,
  done: readonly SweepRun[],
  runs: readonly Settings[],
  rank: 'loss' | 'accuracy',
  screen: Screen,
): Promise<void> {
  const chart = sweepChart(title, done, Object.keys(runs[0] ?? {}), rank);
  await makeFolder(folder);
  await writeAtomic(join(folder, `${CHART}.svg`), new TextEncoder().encode(chart));
  const unpainted = await paintCharts(folder, new Map([[CHART, chart]]));
  screen.note(unpainted === undefined ? `drew ${folder}` : `drew ${folder}, without a PNG: ${unpainted}`);
}
