import type { TrainEvent, Trainer } from '../index.js';
import type { EpochEvent, RunMaterial, Sink, TrainingSettings } from './task.js';

/**
 * Trains until so many steps are done, and gives a checkpoint at the end of every epoch, after every `saveEvery` steps,
 * and where it was stopped.
 * @returns the last epoch's end, if nothing came after it
 */
export async function trainAndSave(
  trainer: Trainer,
  { saveEvery = Infinity }: TrainingSettings,
  steps: number,
  { signal, save }: RunMaterial,
  sink: Sink,
): Promise<EpochEvent | undefined> {
  const after = (every: number): number => (Math.floor(trainer.steps / every) + 1) * every;
  let last: EpochEvent | undefined;
  do {
    const next = save === undefined ? steps : Math.min(steps, after(trainer.stepsPerEpoch), after(saveEvery));
    for await (const event of trainer.fit({ steps: next, signal })) last = tell(event, sink);
    if (save !== undefined && trainer.steps > 0) await save(await trainer.checkpoint());
  } while (trainer.steps < steps && !signal.aborted);
  return last;
}

/** Passes an event on; returns it if it is an epoch's end, and nothing has come after it. */
function tell(event: TrainEvent, sink: Sink): EpochEvent | undefined {
  if (event.type === 'steps') {
    sink({ event: 'steps', steps: event.steps, imagesPerSecond: event.imagesPerSecond });
    return undefined;
  }
  const { type, step: _, confusion: __, ...numbers } = event;
  const told = { event: type, ...numbers };
  sink(told);
  return told;
}
