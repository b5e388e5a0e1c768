import type { RecoveringTrainer, StopEarly, TrainEvent } from '../index.js';
import type { EpochEvent, RunMaterial, RunOutcome, Sink, TrainingSettings } from './task.js';

/** How a training ended. */
export interface Trained extends Pick<RunOutcome, 'stoppedEarly' | 'best'> {
  /** The last epoch's end, if nothing came after it. */
  readonly last?: EpochEvent;
}

/**
 * Trains until so many steps are done, or the validation loss gets no better, and gives a checkpoint at the end of every
 * epoch, after every `saveEvery` steps, and where it was stopped. Checkpoints go on from the last step; the best weights,
 * where they are kept, come after the last of them.
 */
export async function trainAndSave(
  trainer: RecoveringTrainer,
  training: TrainingSettings,
  steps: number,
  { signal, save, resume }: RunMaterial,
  sink: Sink,
): Promise<Trained> {
  const { saveEvery = Infinity, stopEarly, keepBest = false } = training;
  const watching = { ...(stopEarly && { stopEarly }), keepBest };
  const after = (every: number): number => (Math.floor(trainer.steps / every) + 1) * every;
  const teller = new Teller(sink, training.precision === 'mixed', resume?.facts.best);
  let stoppedEarly = isOutOfPatience(stopEarly, resume);
  for (let ended = stoppedEarly; !ended; ended = stoppedEarly || trainer.steps >= steps || signal.aborted) {
    const next = save === undefined ? steps : Math.min(steps, after(trainer.trainer.stepsPerEpoch), after(saveEvery));
    for await (const event of trainer.fit({ steps: next, signal, ...watching, restoreBest: false })) {
      if (event.type !== 'restored') teller.tell(event);
      if (event.type === 'epoch') stoppedEarly = event.stopsEarly ?? false;
    }
    if (save !== undefined && trainer.steps > 0) await save(await trainer.checkpoint());
  }
  const { last, best } = teller;
  if (keepBest) for await (const _ of trainer.fit({ steps: 0, keepBest }));
  return { ...(last && { last }), ...(stoppedEarly && { stoppedEarly }), ...(keepBest && best && { best }) };
}

/** Whether a run that goes on has stopped early before: it then has nothing left to do. */
const isOutOfPatience = (stopEarly: StopEarly | undefined, resume: RunMaterial['resume']): boolean =>
  stopEarly !== undefined && resume !== undefined && resume.facts.best.bad >= stopEarly.patience;

/** Passes events on, and remembers what the last of them said. */
class Teller {
  readonly #sink: Sink;
  readonly #scaled: boolean;
  #skipped = 0;
  last: EpochEvent | undefined;
  best: Trained['best'];

  /** @param scaled whether steps may be skipped @param best of an earlier run */
  constructor(sink: Sink, scaled: boolean, best: { epoch: number | null; loss: number | null } | undefined) {
    this.#sink = sink;
    this.#scaled = scaled;
    if (best !== undefined && best.epoch !== null) this.best = { epoch: best.epoch, loss: best.loss ?? NaN };
  }

  tell(event: TrainEvent): void {
    if (event.type === 'steps') {
      this.#skipped = event.skipped;
      this.#sink({ event: 'steps', steps: event.steps, imagesPerSecond: event.imagesPerSecond });
      this.last = undefined;
      return;
    }
    const { type, step: _, confusion: __, imagesPerSecond, seconds, ...numbers } = event;
    const skipped = this.#scaled ? { skipped: this.#skipped } : {};
    this.last = { event: type, ...numbers, ...skipped, imagesPerSecond, seconds };
    if (event.bestEpoch === event.epoch) this.best = { epoch: event.epoch, loss: event.validationLoss ?? NaN };
    this.#sink(this.last);
  }
}
