import { parseArgs } from 'node:util';
import { EngineError, nets, type Net } from '../src/index.js';

/** What is asked of the bench. */
export interface Wanted {
  readonly nets: readonly (() => Net)[];
  readonly shapes: boolean;
  readonly batch: number;
  readonly repeat: number;
  /** Milliseconds of a timed block; undefined for what suits the adapter. */
  readonly block: number | undefined;
  readonly json: boolean;
  readonly software: boolean;
}

export const USAGE = `npm run bench -- kernels    every kernel of a training step alone, and the step
npm run bench -- shapes     matmul and convolution at other sizes
  --net ${Object.keys(nets).join('|')}|all   all by default, and the other sizes after them
  --batch 64      images a step
  --repeat 5      timed blocks of each kernel
  --block 50      milliseconds of a block; 5 on a GPU
  --json          a line of JSON for each row, for programs
  --software      compute on the CPU even where a GPU is`;

/** Throws EngineError 'usage' for words that it does not know. */
export function readFlags(words: readonly string[]): Wanted {
  const { values, positionals } = parsed(words);
  const [command, ...more] = positionals;
  if (more.length > 0 || (command !== 'kernels' && command !== 'shapes')) {
    throw usage('bench', positionals.join(' ') || 'no command', 'kernels or shapes');
  }
  const all = values.net === 'all';
  const chosen = Object.entries(nets).flatMap(([name, net]) => (all || values.net === name ? [net] : []));
  if (chosen.length === 0) throw usage('--net', values.net, `${Object.keys(nets).join(', ')} or all`);
  return {
    nets: command === 'kernels' ? chosen : [],
    shapes: command === 'shapes' || all,
    batch: whole('--batch', values.batch),
    repeat: whole('--repeat', values.repeat),
    block: values.block === undefined ? undefined : whole('--block', values.block),
    json: values.json,
    software: values.software,
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        net: { type: 'string', default: 'all' },
        batch: { type: 'string', default: '64' },
        repeat: { type: 'string', default: '5' },
        block: { type: 'string' },
        json: { type: 'boolean', default: false },
        software: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw usage('bench', cause instanceof Error ? cause.message : words.join(' '), 'the flags below', cause);
  }
}

function whole(flag: string, given: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= 1) return value;
  throw usage(flag, given, 'a whole number of at least 1');
}

const usage = (place: string, given: string, wanted: string, cause?: unknown): EngineError =>
  new EngineError('usage', { place, given, wanted, cause });
