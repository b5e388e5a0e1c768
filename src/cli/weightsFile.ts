// Weights in a safetensors file: which net they fit, and how the pixels were that they were trained on.

import { nets, WEIGHTS_METADATA, weightsIn, weightsOut, type TrainedOn, type Weights } from '../index.js';
import { readBytes, writeAtomic } from '../node.js';
import { asGiven, usageError } from './exit.js';
import { DEFAULT_PIXELS } from './tables.js';

export interface SavedWeights {
  readonly weights: Weights;
  /** Of the pixels that they were trained on; undefined where the file does not say. */
  readonly mean: number | undefined;
  readonly std: number | undefined;
}

/** @throws EngineError 'usage' that names the flag, for a file that cannot be read or holds other than numbers */
export function readWeights(flag: string, path: string): Promise<SavedWeights> {
  return asGiven(flag, async () => {
    const { weights, metadata } = weightsIn(await readBytes(path), path);
    const number = (key: string) => {
      const value = Number(metadata[key] ?? NaN);
      return Number.isFinite(value) ? value : undefined;
    };
    return { weights, mean: number(WEIGHTS_METADATA.mean), std: number(WEIGHTS_METADATA.std) };
  });
}

/** Replaces the file as a whole. The same weights give the same bytes. @throws EngineError 'file' */
export function saveWeights(path: string, weights: Weights, on: TrainedOn): Promise<void> {
  return writeAtomic(path, weightsOut(weights, on));
}

/** Whether weights are those of this net, told apart into so many classes. */
function fits(name: string, classes: number | undefined, weights: Weights): boolean {
  const net = nets[name]?.(classes);
  if (net === undefined) return false;
  const wanted = [...net.parameters, ...net.states];
  return (
    wanted.length === weights.size &&
    wanted.every(({ name: own, shape }) => weights.get(own)?.shape.join() === shape.join())
  );
}

/** What the last dense layer tells apart; undefined if there is none. */
function classesOf(weights: Weights): number | undefined {
  const biases = [...weights].flatMap(([name, { shape }]) => {
    const [, layer] = /^fc(\d+)\.bias$/.exec(name) ?? [];
    return layer === undefined ? [] : [{ layer: Number(layer), classes: shape[0] ?? 0 }];
  });
  const last = biases.sort((a, b) => b.layer - a.layer)[0];
  return last === undefined || last.classes === 0 ? undefined : last.classes;
}

/** The flags of commands that take trained weights. */
interface TrainedFlags {
  readonly 'weights-in': string | undefined;
  readonly net: string | undefined;
  readonly mean: number | undefined;
  readonly std: number | undefined;
}

export interface Trained extends TrainedOn {
  readonly weights: Weights;
  /** Undefined for those of the net as it comes. */
  readonly classes: number | undefined;
}

/** What `--weights-in` holds; the file says what no flag does. @throws EngineError 'usage' */
export async function readTrained(command: string, flags: TrainedFlags): Promise<Trained> {
  const path = flags['weights-in'];
  if (path === undefined) throw usageError(command, 'no --weights-in', '--weights-in f.safetensors');
  return trainedOn(await readWeights('--weights-in', path), flags);
}

/**
 * The net that weights were trained for, by the names and shapes of its parameters, whatever its classes. It is the
 * tutorial's if they fit none: its complaint then says what is wrong with them.
 */
export function trainedOn({ weights, mean, std }: SavedWeights, flags: Omit<TrainedFlags, 'weights-in'>): Trained {
  const classes = classesOf(weights);
  const net = flags.net ?? Object.keys(nets).find((name) => fits(name, classes, weights)) ?? 'tutorial';
  return {
    weights,
    net,
    classes: fits(net, classes, weights) ? classes : undefined,
    mean: flags.mean ?? mean ?? DEFAULT_PIXELS.mean,
    std: flags.std ?? std ?? DEFAULT_PIXELS.std,
  };
}
