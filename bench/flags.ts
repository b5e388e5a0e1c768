import { parseArgs, type ParseArgsConfig } from 'node:util';
import { EngineError, nets } from '../src/index.js';
import { benchNets } from './benchNets.js';
import { peerLayers } from './peers/contract.js';
import { peerList } from './peers/peerList.js';

export const commands = ['kernels', 'shapes', 'step', 'curve', 'peers', 'gpu', 'finetune', 'pretrain', 'page'] as const;
export type BenchCommand = (typeof commands)[number];

const places = ['chromium', 'node', 'here'] as const;
export type Place = (typeof places)[number];

/** What is asked of the bench. */
export interface Wanted {
  readonly command: BenchCommand;
  readonly nets: readonly string[];
  readonly allNets: boolean;
  readonly batches: readonly number[];
  /** Timed blocks of each subject. */
  readonly repeat: number;
  /** Milliseconds of a timed block; undefined for what suits the command and the adapter. */
  readonly block: number | undefined;
  /** Lengths of runs whose plans are measured; empty for the plan of a run of the default length. */
  readonly steps: readonly number[];
  /** Where the plans of the curve run. */
  readonly place: Place;
  readonly json: boolean;
  readonly software: boolean;
  /** Folder for charts and the whole result as JSON. */
  readonly out: string | undefined;
  /** Words of the peers. */
  readonly only: readonly string[];
  /** Fresh starts of each peer or plan. */
  readonly cold: number;
  /** Seconds. */
  readonly limit: number;
  readonly floor: number | undefined;
  readonly sizes: readonly number[];
  /** Folder of MNIST's four files. */
  readonly data: string | undefined;
}

/** All that there are. */
const options = {
  net: { type: 'string' },
  batch: { type: 'string' },
  repeat: { type: 'string' },
  block: { type: 'string' },
  steps: { type: 'string' },
  in: { type: 'string' },
  json: { type: 'boolean' },
  software: { type: 'boolean' },
  out: { type: 'string' },
  only: { type: 'string' },
  cold: { type: 'string' },
  limit: { type: 'string' },
  floor: { type: 'string' },
  sizes: { type: 'string' },
  data: { type: 'string' },
} as const satisfies NonNullable<ParseArgsConfig['options']>;

const words = peerList.map(({ word }) => word);

const CURVE_STEPS = '1,50,200,1000,5000,20000';

/** What is said after an error, which would be far up above all the flags. */
export const HELP = '`npm run bench -- --help` lists the commands and their flags.';

export const USAGE = `npm run bench -- kernels    every kernel of a training step alone, and the step
npm run bench -- shapes     matmul and convolution at other sizes
npm run bench -- step       rates, counts, encoding and memory of the training steps
npm run bench -- curve      seconds to the first step against steps/s, of the plans for runs of several lengths
npm run bench -- peers      the same training in other libraries, side by side
npm run bench -- gpu        what a real GPU is asked: steps, a large product, time to 98 and 99 %
npm run bench -- finetune   accuracy after few images of MNIST: the weights that ship, fine-tuned, against scratch
npm run bench -- pretrain   trains the weights that ship again; --out FOLDER writes them
npm run bench -- page       the demo page: seconds until it is ready and to the first curve, tasks of its main thread
  --net ${Object.keys(nets).join('|')}|all   several by commas; all by default, and the other sizes after them;
                  peers: tutorial and wide, of ${Object.keys(peerLayers).join(', ')}; curve: tutorial
  --batch 64      images a step; several by commas (step and gpu: 64,256,1024)
  --repeat 5      timed blocks of each subject; finetune: seeds, 3 by default
  --block 50      milliseconds of a block; 5 on a GPU, peers and curve 2000; page: 10000
  --steps 20000   length of the run that the plan is for, several by commas; kernels and step: 1000 by default,
                  curve: ${CURVE_STEPS} by default
  --json          a line of JSON for each row, for programs
  --out FOLDER    also charts (SVG, and PNG where Chromium is) and results.json
  --software      compute on the CPU even where a GPU is
curve:
  --in chromium   a fresh headless Chromium for each plan; node: a fresh process; here: this process, one plan
  --cold 1        starts of each plan
  --limit 300     seconds that a plan may take
peers:
  --only ${words.join(',')}
  --cold 3        loads of each page in a fresh browser
  --limit 300     seconds that a peer may take for one answer
  --floor 60      steps/s of PyTorch under which a round does not count; default 60 for batch 64 on two cores, else 0
  --sizes 512,1024   of the square products; gpu: 512,1024,2048,4096
page:
  --cold 3        visits, each in a fresh browser
  --limit 300     seconds that the page may take until it is ready
gpu, finetune, pretrain:
  --data FOLDER   of MNIST's four files; finetune needs it`;

const DEFAULT_BATCHES: Readonly<Record<BenchCommand, string>> = {
  kernels: '64',
  shapes: '64',
  step: '64,256,1024',
  curve: '64',
  peers: '64',
  gpu: '64,256,1024',
  finetune: '32',
  pretrain: '64',
  page: '64',
};

/** What each command goes by, beside --software and --out: a flag that it would pass over is refused. */
const FLAGS = {
  kernels: ['net', 'batch', 'repeat', 'block', 'steps', 'json'],
  shapes: ['repeat', 'block', 'json'],
  step: ['net', 'batch', 'repeat', 'block', 'steps', 'json'],
  curve: ['net', 'batch', 'repeat', 'block', 'steps', 'in', 'cold', 'limit', 'json'],
  peers: ['net', 'batch', 'repeat', 'block', 'only', 'cold', 'limit', 'floor', 'sizes', 'json'],
  gpu: ['net', 'batch', 'repeat', 'block', 'sizes', 'data', 'json'],
  finetune: ['repeat', 'data', 'json'],
  pretrain: ['data'],
  page: ['block', 'cold', 'limit', 'json'],
} as const satisfies Readonly<Record<BenchCommand, readonly (keyof typeof options)[]>>;

/** Where it is not every net. */
const DEFAULT_NETS: Partial<Record<BenchCommand, readonly string[]>> = {
  curve: ['tutorial'],
  peers: ['tutorial', 'wide'],
};

/** Throws EngineError 'usage' for words that it does not know. */
export function readFlags(given: readonly string[]): Wanted {
  const { values, positionals } = parsed(given);
  const [name, ...more] = positionals;
  const command = commands.find((one) => one === name);
  if (more.length > 0 || command === undefined) {
    throw usage('bench', positionals.join(' ') || 'no command', commands.join(', '));
  }
  const flags: readonly string[] = [...FLAGS[command], 'software', 'out'];
  const foreign = Object.keys(values).find((flag) => !flags.includes(flag));
  if (foreign !== undefined) {
    throw usage(`--${foreign}`, `a flag that ${command} does not go by`, flags.map((flag) => `--${flag}`).join(', '));
  }
  const named = listed(values.net ?? 'all');
  const allNets = named.join() === 'all';
  const own = DEFAULT_NETS[command] ?? Object.keys(benchNets);
  const known = Object.keys(command === 'peers' ? peerLayers : nets);
  const chosen = allNets ? own : named;
  const strange = chosen.filter((one) => !known.includes(one));
  if (strange.length > 0) throw usage('--net', strange.join(', '), `${known.join(', ')} or all`);
  const placeName = values.in ?? 'chromium';
  const place = places.find((one) => one === placeName);
  if (place === undefined) throw usage('--in', placeName, places.join(' or '));
  const lengths = values.steps ?? (command === 'curve' ? CURVE_STEPS : undefined);
  const steps = lengths === undefined ? [] : listed(lengths);
  if (place === 'here' && steps.length !== 1)
    throw usage('--steps', steps.join(','), 'one length: a start has one plan');
  const only = listed(values.only ?? words.join(','));
  const unknown = only.filter((word) => !words.includes(word));
  if (unknown.length > 0) throw usage('--only', unknown.join(', '), `some of ${words.join(', ')}`);
  return {
    command,
    nets: chosen,
    allNets,
    batches: listed(values.batch ?? DEFAULT_BATCHES[command]).map((one) => whole('--batch', one)),
    repeat: whole('--repeat', values.repeat ?? (command === 'finetune' ? '3' : '5')),
    block: values.block === undefined ? undefined : whole('--block', values.block),
    steps: steps.map((one) => whole('--steps', one)),
    place,
    json: values.json ?? false,
    software: values.software ?? false,
    out: values.out,
    only,
    cold: coldOf(command, values.cold),
    limit: whole('--limit', values.limit ?? '300'),
    floor: values.floor === undefined ? undefined : whole('--floor', values.floor, 0),
    sizes: listed(values.sizes ?? (command === 'gpu' ? '512,1024,2048,4096' : '512,1024')).map((one) =>
      whole('--sizes', one),
    ),
    data: values.data,
  };
}

/** Fresh starts; the peers can do without any. */
function coldOf(command: BenchCommand, given: string | undefined): number {
  return whole('--cold', given ?? (command === 'curve' ? '1' : '3'), command === 'curve' || command === 'page' ? 1 : 0);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    throw usage('bench', cause instanceof Error ? cause.message : args.join(' '), 'flags that there are', cause);
  }
}

const listed = (text: string): readonly string[] => text.split(',').map((one) => one.trim());

function whole(flag: string, given: string, least = 1): number {
  const value = Number(given);
  if (given !== '' && Number.isInteger(value) && value >= least) return value;
  throw usage(flag, given, `a whole number of at least ${least}`);
}

const usage = (place: string, given: string, wanted: string, cause?: unknown): EngineError =>
  new EngineError('usage', { place, given, wanted, cause });
