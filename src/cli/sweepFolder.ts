// `--out`: a sweep in a folder, so that it can go on. What stands there is always whole.
//
//   sweep.json              what the sweep is
//   runs.jsonl              a line for each run that is done
//   best-<run>.safetensors  the weights of the best so far
//   test.json               what the best did on the test images: the sweep is over

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EngineError,
  ranked,
  type Evaluation,
  type SweepRank,
  type SweepRun,
  type TrainedOn,
  type Weights,
} from '../index.js';
import { makeFolder, readBytes, writeAtomic } from '../node.js';
import { asGiven, usageError } from './exit.js';
import { readWeights, saveWeights } from './weightsFile.js';

const [DEFINITION, RUNS, TEST] = ['sweep.json', 'runs.jsonl', 'test.json'];
const BEST = /^best-(\d+)\.safetensors$/;

/** All that its results depend on, by name; a value is anything that JSON holds. */
export type SweepDefinition = Readonly<Record<string, unknown>>;

/** What the best run did on the test images. */
export type SweepTest = Pick<Evaluation, 'loss' | 'accuracy' | 'confusion'> & { readonly index: number };

export interface SweepFolder {
  /** Runs that are done already; the best has its weights, if they are there. */
  readonly done: readonly SweepRun[];
  /** Of a sweep that is over. */
  readonly tested: SweepTest | undefined;
  /** @throws EngineError 'file' */
  keep(run: SweepRun, trained: TrainedOn): Promise<void>;
  /** @param run the best, with its weights @throws EngineError 'file' */
  finish(test: SweepTest, run: SweepRun, trained: TrainedOn): Promise<void>;
  /** The file of the best run's weights. */
  weightsOf(run: SweepRun): string;
}

/**
 * The sweep that is in a folder, or will be.
 * @throws EngineError 'usage' that names --out if it is another sweep, or cannot be read
 */
export async function openSweepFolder(
  folder: string,
  definition: SweepDefinition,
  rank: SweepRank,
): Promise<SweepFolder> {
  const at = (name: string): string => join(folder, name);
  await makeFolder(folder);
  const names = await readdir(folder);
  const read = (name: string) => asGiven('--out', async () => (names.includes(name) ? textOf(at(name)) : undefined));
  const [said, lines = '', test] = [await read(DEFINITION), await read(RUNS), await read(TEST)];
  if (said === undefined && (lines !== '' || test !== undefined)) {
    throw usageError('--out', `${folder}, with runs of a sweep that nothing tells of`, 'an empty folder');
  }
  if (said !== undefined) await asGiven('--out', () => mustBeSame(at(DEFINITION), said, definition));
  const runs = await asGiven('--out', () =>
    lines.split('\n').flatMap((line, i) => runOf(line, `${at(RUNS)}:${i + 1}`)),
  );
  const tested = test === undefined ? undefined : await asGiven('--out', () => testOf(test, at(TEST)));
  const weightsOf = ({ index }: SweepRun): string => at(`best-${index + 1}.safetensors`);
  const [best] = ranked(runs, rank);
  const kept: Weights | undefined =
    best !== undefined && names.includes(`best-${best.index + 1}.safetensors`)
      ? (await readWeights('--out', weightsOf(best))).weights
      : undefined;
  const done = runs.map((run) => (run === best && kept !== undefined ? { ...run, weights: kept } : run));
  if (said === undefined) await writeAtomic(at(DEFINITION), `${JSON.stringify(definition, null, 2)}\n`);

  return {
    done,
    tested,
    weightsOf,
    async keep({ weights, ...run }, trained) {
      const all = [...runs, run];
      const isBest = ranked(all, rank)[0] === run;
      // Before its line: a run without one is done again, a best run without weights would have to be.
      if (isBest && weights !== undefined) await saveWeights(weightsOf(run), weights, trained);
      await writeAtomic(at(RUNS), all.map((each) => `${JSON.stringify(each)}\n`).join(''));
      runs.push(run);
      if (!isBest) return;
      for (const name of await readdir(folder)) {
        if (BEST.test(name) && at(name) !== weightsOf(run)) await rm(at(name), { force: true });
      }
    },
    async finish(result, run, trained) {
      if (run.weights !== undefined) await saveWeights(weightsOf(run), run.weights, trained);
      await writeAtomic(at(TEST), `${JSON.stringify(result)}\n`);
    },
  };
}

const textOf = async (path: string): Promise<string> => new TextDecoder().decode(await readBytes(path));

const fail = (place: string, given: string, wanted: string, wayOut?: string): EngineError =>
  new EngineError('format', { place, given, wanted, ...(wayOut !== undefined && { wayOut }) });

/** @throws EngineError 'format' unless the text is one JSON object */
function objectOf(text: string, place: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw fail(place, 'no JSON object', 'what a sweep has written');
}

function mustBeSame(place: string, text: string, definition: SweepDefinition): void {
  const found = objectOf(text, place);
  // As a file would have it: without what is undefined.
  const wanted = objectOf(JSON.stringify(definition), place);
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    const [there, here] = [found[name], wanted[name]].map((value) => JSON.stringify(value) ?? 'nothing');
    if (there === here) continue;
    const wayOut = 'Give the same settings to go on with it, or another folder.';
    throw fail(place, `another sweep, with ${name} ${there}`, `${name} ${here}`, wayOut);
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function runOf(line: string, place: string): SweepRun[] {
  if (line === '') return [];
  const run = objectOf(line, place);
  const { index, settings, loss, accuracy, failed, steps, seconds } = run;
  const counted = [index, steps].every((value) => Number.isInteger(value) && Number(value) >= 0) && isNumber(seconds);
  const ended = failed === undefined ? isNumber(loss) && isNumber(accuracy) : isFailure(failed);
  if (counted && ended && typeof settings === 'object' && settings !== null) return [run as unknown as SweepRun];
  throw fail(
    place,
    'no run of a sweep',
    'index, settings, steps, seconds, and loss and accuracy or why there are none',
  );
}

const isFailure = (failed: unknown): boolean =>
  typeof failed === 'object' && failed !== null && 'code' in failed && 'message' in failed;

function testOf(text: string, place: string): SweepTest {
  const test = objectOf(text, place);
  if (Number.isInteger(test['index']) && isNumber(test['loss']) && isNumber(test['accuracy'])) {
    return test as unknown as SweepTest;
  }
  throw fail(place, 'no result of a sweep', 'index, loss and accuracy');
}
