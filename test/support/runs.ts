import type { EngineError } from '../../src/core/errors.js';
import type { Device } from '../../src/gpu/device.js';
import type { Weights } from '../../src/nn/weights.js';
import type { StepMetrics, TrainEvent } from '../../src/train/events.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { Trainer } from '../../src/train/trainer.js';
import { must } from './gpuLaw.js';
import { tinyNet, tinySplits } from './tinyData.js';

/** A trainer of the tiny net on 24 images in batches of 8, but for what the options say. */
export const openTiny = (device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  Trainer.open({ device, net: tinyNet(), data: tinySplits(24), batch: 8, ...options });

/** Everything that a fit says until it ends. */
export async function eventsOf(fit: AsyncIterable<TrainEvent>): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of fit) events.push(event);
  return events;
}

/** Everything that a fit says, and the error that it ends with, if any. */
export async function eventsAndError(
  fit: AsyncIterable<TrainEvent>,
): Promise<{ readonly events: readonly TrainEvent[]; readonly error: EngineError | undefined }> {
  const events: TrainEvent[] = [];
  try {
    for await (const event of fit) events.push(event);
  } catch (error) {
    return { events, error: error as EngineError };
  }
  return { events, error: undefined };
}

/** The steps that were told, in the order of their telling. */
export const stepsOf = (events: readonly TrainEvent[]): StepMetrics[] =>
  events.flatMap((event) => (event.type === 'steps' ? event.steps : []));

/** The epochs that were told. */
export const epochsOf = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => (event.type === 'epoch' ? [event] : []));

/** Trains to so many steps, and gives the weights. */
export async function weightsAfter(trainer: Trainer, steps: number): Promise<Weights> {
  await eventsOf(trainer.fit({ steps, epochs: steps }));
  return trainer.weights();
}

/** The words of all weights, one after the other. */
export const bitsOf = (weights: Weights): number[] =>
  [...weights.values()].flatMap(({ data }) => [...new Uint32Array(data.buffer, data.byteOffset, data.length)]);

export const sameBits = (a: Weights, b: Weights): boolean => {
  const [left, right] = [bitsOf(a), bitsOf(b)];
  return left.length === right.length && left.every((word, i) => word === right[i]);
};

/** Throws unless all weights have the same bits. */
export function mustBeSameBits(given: Weights, wanted: Weights, what: string): void {
  for (const [name, { data }] of wanted) {
    const other = new Uint32Array(given.get(name)?.data.buffer ?? new ArrayBuffer(0));
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    const at = words.findIndex((word, i) => word !== other[i]);
    must(at < 0, () => `${what}: ${name}[${at}] is ${given.get(name)?.data[at]}; wanted ${data[at]}`);
  }
}
