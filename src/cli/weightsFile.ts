// Weights in a safetensors file: which net they fit, and how the pixels were that they were trained on.

import {
  EngineError,
  isBatchCount,
  nets,
  readSafetensors,
  STATE_PREFIX,
  writeSafetensors,
  type Weights,
} from '../index.js';
import { readBytes, writeAtomic } from '../node.js';
import { asGiven, usageError } from './exit.js';
import { DEFAULT_PIXELS } from './tables.js';

interface SavedWeights {
  readonly weights: Weights;
  /** Of the pixels that they were trained on; undefined where the file does not say. */
  readonly mean: number | undefined;
  readonly std: number | undefined;
}

/** A checkpoint is a file of weights with more in it, and PyTorch's has counts. */
const isWeight = ([name]: readonly [string, unknown]): boolean => !name.startsWith(STATE_PREFIX) && !isBatchCount(name);

/** Names in the file's metadata, which hold text alone. */
const META = { net: 'weft.net', mean: 'weft.mean', std: 'weft.std' } as const;

/** @throws EngineError 'usage' that names the flag, for a file that cannot be read or holds other than numbers */
export function readWeights(flag: string, path: string): Promise<SavedWeights> {
  return asGiven(flag, async () => {
    const { tensors, metadata } = readSafetensors(await readBytes(path), path);
    const weights = new Map(
      [...tensors].filter(isWeight).map(([name, { shape, data, dtype }]) => {
        if (data instanceof Float32Array) return [name, { shape, data: new Float32Array(data) }];
        throw new EngineError('weights', {
          place: path,
          given: `${name} of ${dtype}`,
          wanted: 'floating-point numbers',
        });
      }),
    );
    const number = (key: string) => {
      const value = Number(metadata[key] ?? NaN);
      return Number.isFinite(value) ? value : undefined;
    };
    return { weights, mean: number(META.mean), std: number(META.std) };
  });
}

export interface TrainedOn {
  readonly net: string;
  readonly mean: number;
  readonly std: number;
}

/** Replaces the file as a whole. The same weights give the same bytes. @throws EngineError 'file' */
export async function saveWeights(path: string, weights: Weights, { net, mean, std }: TrainedOn): Promise<void> {
  const tensors = [...weights].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }] as const);
  const metadata = { [META.net]: net, [META.mean]: String(mean), [META.std]: String(std) };
  await writeAtomic(path, writeSafetensors(new Map(tensors), metadata));
}

/**
 * The net that weights were trained for, by the names and shapes of its parameters; the tutorial's, whose complaint
 * then says what is wrong with them, if they fit none.
 */
function netThatFits(weights: Weights): string {
  const fitting = Object.entries(nets).find(([, make]) => {
    const { parameters, states } = make();
    const wanted = [...parameters, ...states];
    const fits = wanted.every(({ name, shape }) => weights.get(name)?.shape.join() === shape.join());
    return fits && wanted.length === weights.size;
  });
  return fitting?.[0] ?? 'tutorial';
}

/** The flags of commands that take trained weights. */
interface TrainedFlags {
  readonly 'weights-in': string | undefined;
  readonly net: string | undefined;
  readonly mean: number | undefined;
  readonly std: number | undefined;
}

/** What `--weights-in` holds; the file says what no flag does. @throws EngineError 'usage' */
export async function readTrained(
  command: string,
  flags: TrainedFlags,
): Promise<TrainedOn & { readonly weights: Weights }> {
  const path = flags['weights-in'];
  if (path === undefined) throw usageError(command, 'no --weights-in', '--weights-in f.safetensors');
  const { weights, mean, std } = await readWeights('--weights-in', path);
  return {
    weights,
    net: flags.net ?? netThatFits(weights),
    mean: flags.mean ?? mean ?? DEFAULT_PIXELS.mean,
    std: flags.std ?? std ?? DEFAULT_PIXELS.std,
  };
}
