import { EngineError } from '../core/errors.js';
import { memoryNotes } from '../engine/notes.js';
import type { Device, DeviceLoss } from '../gpu/device.js';
import type { Checkpoint } from '../io/checkpoint.js';
import type { Schedule } from '../optim/schedules.js';
import type { LostEvent, RestoredEvent } from './events.js';
import type { TrainerOptions } from './options.js';
import { mustBeWholeSetting } from './settings.js';
import { Trainer } from './trainer.js';

export interface RecoveringOptions extends Omit<TrainerOptions, 'device'> {
  /**
   * Gives a device: first when the trainer is opened, and again when the one that it gave was lost, which it is then
   * handed. Devices are the caller's to dispose; one that is lost holds nothing any more.
   */
  readonly device: (lost: Device | undefined) => Promise<Device>;
  /**
   * Milliseconds after which the state of the run is kept again, in this process's memory, while `fit` runs: at most so
   * much of it is done again after a loss. 5,000 by default; 0: at every event.
   */
  readonly keepMs?: number;
  /** How often a new device is asked for until the run gets further than it was; 3 by default. */
  readonly attempts?: number;
  /**
   * Hears at once when the device is found to be lost, and when the run stands again, whatever call met the loss. While the
   * trainer is first opened, it hears of losses alone.
   */
  readonly onRecovery?: (event: LostEvent | RestoredEvent) => void;
}

/** A state that a run can go on from. */
export interface GoodState {
  readonly checkpoint: Checkpoint;
  /** A checkpoint cannot hold one of one's own; undefined: the checkpoint's. */
  readonly schedule: Schedule | undefined;
}

/** Opens trainers of one run, on one device after the other. */
export class Reopening {
  readonly #options: Omit<TrainerOptions, 'device'>;
  readonly #device: RecoveringOptions['device'];
  readonly #attempts: number;
  readonly #onRecovery: RecoveringOptions['onRecovery'];
  /** Since the run last got further. */
  #losses = 0;

  /** @throws EngineError 'usage' for settings out of range */
  constructor(recovering: RecoveringOptions) {
    const { device, keepMs: _, attempts = 3, onRecovery, ...options } = recovering;
    mustBeWholeSetting('attempts', attempts, 1);
    // Kernels that have passed on an adapter are not tested again on its next device, and those refused stay refused.
    this.#options = { notes: memoryNotes(), ...options };
    this.#device = device;
    this.#attempts = attempts;
    this.#onRecovery = onRecovery;
  }

  /** Later losses are no longer those of before. */
  gotFurther(): void {
    this.#losses = 0;
  }

  /**
   * Takes note of a loss, and tells of it.
   * @param error what a trainer on this device threw; it is thrown again if that is no loss
   * @param step how many steps were submitted
   * @throws EngineError 'device-lost' once a device was asked for as often as is allowed
   */
  lose(error: unknown, { loss }: Device, step: number): DeviceLoss {
    if (loss === undefined || !isLoss(error)) throw error;
    this.#onRecovery?.({ type: 'lost', step, loss });
    if (this.#losses++ < this.#attempts) return loss;
    this.#losses = 0;
    const after = `after ${this.#attempts} new devices since the run last got further`;
    throw givenUp(`${error.given}, ${after}`, 'a device that stays until the run gets further', error);
  }

  /**
   * A trainer in a good state, or at the beginning of the run; on yet another device where one is lost meanwhile.
   * @param lost the device that is to be replaced
   */
  async open(good: GoodState | undefined, lost?: Device): Promise<Trainer> {
    for (let replaced = lost; ;) {
      const device = await this.#next(replaced);
      try {
        return await Trainer.open({ ...this.#optionsFrom(good), device });
      } catch (error) {
        this.lose(error, device, good?.checkpoint.facts.step ?? 0);
        replaced = device;
      }
    }
  }

  async #next(lost: Device | undefined): Promise<Device> {
    try {
      return await this.#device(lost);
    } catch (error) {
      if (lost === undefined) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw givenUp(`a lost device, and none in its place (${reason})`, 'a device to go on with', error);
    }
  }

  #optionsFrom(good: GoodState | undefined): Omit<TrainerOptions, 'device'> {
    if (good === undefined) return this.#options;
    const { weights: _, schedule: __, ...options } = this.#options;
    return { ...options, resume: good.checkpoint, ...(good.schedule && { schedule: good.schedule }) };
  }
}

export const isLoss = (error: unknown): error is EngineError =>
  error instanceof EngineError && error.code === 'device-lost';

const givenUp = (given: string, wanted: string, cause: unknown): EngineError =>
  new EngineError('device-lost', {
    place: 'recovery',
    given,
    wanted,
    wayOut: 'Save `lastGood`, and resume from it once there is a GPU again: in a page after a reload.',
    cause,
  });
