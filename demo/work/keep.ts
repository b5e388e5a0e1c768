// Nothing is lost: the run is saved every half minute and at each pause, and goes on in another page.

import { readCheckpoint, weightsOut, writeCheckpoint, type Checkpoint } from '../../src/index.js';
import { NORMALISATION, type ExportName, type Reply, type SavedRun } from '../protocol.js';
import type { Desk, Handlers, Run } from './desk.js';
import { Journal } from './journal.js';
import { clearShelf, shelve, shelved, type ShelvedRun } from './shelf.js';

/** Between two saves while it trains. */
const SAVE_EVERY_MS = 30_000;

/** What the keeper asks of the training. */
export interface Keepable {
  /** The state of the run at hand, if there is one. */
  checkpoint(): Promise<Checkpoint | undefined>;
  /** Makes that run ready again. */
  resume(saved: ShelvedRun, checkpoint: Checkpoint): Promise<void>;
}

export class Keeper {
  readonly #desk: Desk;
  readonly #training: Keepable;
  readonly #journal = new Journal();
  #savedAt = performance.now();
  /** The run that lies there, where it is one of this visit. */
  #kept: Run | undefined;
  /** Saves one after the other. */
  #saving: Promise<void> = Promise.resolve();

  readonly handlers: Handlers<'resume' | 'forget' | 'export'> = {
    resume: () => this.#desk.inLine(() => this.#resume()),
    forget: () => {
      this.#desk.beside(this.#forget());
    },
    export: ({ what }) => this.#desk.beside(this.#export(what)),
  };

  constructor(desk: Desk, training: Keepable) {
    this.#desk = desk;
    this.#training = training;
  }

  /** Listens to what the page is told. */
  hear(reply: Reply): void {
    this.#journal.hear(reply);
  }

  /** Tells what lies there from the visit before. */
  async tell(): Promise<void> {
    const saved = await shelved();
    this.#desk.post({ type: 'saved', saved: saved && summaryOf(saved) });
  }

  /** Whether so much time has passed that the run should be saved. */
  get due(): boolean {
    return performance.now() - this.#savedAt >= SAVE_EVERY_MS;
  }

  /** Saves the run at hand as it is. */
  save(): Promise<void> {
    this.#savedAt = performance.now();
    // What could not be saved is told, stops no run, and is tried again at the next time.
    this.#saving = this.#saving.then(() => this.#save()).catch((error: unknown) => this.#desk.tellFault(error));
    return this.#saving;
  }

  async #save(): Promise<void> {
    const { run } = this.#desk;
    if (run === undefined) return;
    const checkpoint = await this.#training.checkpoint();
    if (checkpoint === undefined) return;
    // Steps after those that were told are told again by whoever goes on with it.
    const steps = checkpoint.facts.told;
    // Another run has begun meanwhile, or none has: that is not the one to be saved.
    if (run !== this.#desk.run || steps === 0) return;
    const told = this.#journal.until(steps);
    if (run !== this.#kept) {
      // A few steps of another run are not worth the last one, which may have taken hours.
      const isShort = steps < run.trainer.stepsPerEpoch && 1000 * told.seconds < SAVE_EVERY_MS;
      if (isShort && (await shelved()) !== undefined) return;
      this.#kept = run;
    }
    const saved: ShelvedRun = {
      settings: run.settings,
      at: Date.now(),
      steps,
      checkpoint: await writeCheckpoint(checkpoint),
      ...told,
    };
    await shelve(saved);
    this.#desk.post({ type: 'saved', saved: summaryOf(saved) });
  }

  async #forget(): Promise<void> {
    await this.#saving;
    await clearShelf();
    this.#desk.post({ type: 'saved', saved: undefined });
  }

  async #resume(): Promise<void> {
    const saved = await shelved();
    if (saved === undefined) return;
    // A run that was saved before this could be chosen has MNIST's numbers.
    const settings = { ...NORMALISATION, ...saved.settings };
    await this.#training.resume({ ...saved, settings }, await readCheckpoint(saved.checkpoint, 'the saved run'));
    this.#kept = this.#desk.run;
    const { losses, accuracies, epochs, seconds } = saved;
    const { post } = this.#desk;
    const imagesPerSecond = epochs.at(-1)?.imagesPerSecond ?? 0;
    post({ type: 'steps', first: 1, losses, accuracies, seconds, epoch: epochs.length + 1, imagesPerSecond });
    for (const row of epochs) post({ type: 'epoch', row });
    post({ type: 'phase', phase: 'paused' });
  }

  async #export(what: ExportName): Promise<void> {
    const { run, post } = this.#desk;
    if (run === undefined) return;
    post({ type: 'file', ...(await this.#fileOf(what, run)) });
  }

  async #fileOf(what: ExportName, run: Run): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
    const text = (all: string) => new TextEncoder().encode(all);
    const steps = run.trainer.steps;
    const { mean, std } = run.settings;
    const { losses, accuracies, epochs } = this.#journal.until(steps);
    if (what === 'weights') {
      return {
        name: `weft-step-${steps}.safetensors`,
        bytes: weightsOut(await run.use((trainer) => trainer.weights()), { net: run.net.name, mean, std }),
      };
    }
    if (what === 'onnx') {
      const [{ onnxOut }, weights] = await Promise.all([
        import('../../src/onnx.js'),
        run.use((trainer) => trainer.weights()),
      ]);
      return {
        name: `weft-step-${steps}.onnx`,
        bytes: onnxOut(run.net, weights, { normalisation: { mean, std } }),
      };
    }
    if (what === 'steps') {
      const rows = Array.from(losses, (loss, i) => `${i + 1},${loss},${accuracies[i] ?? ''}`);
      return { name: `weft-step-${steps}.csv`, bytes: text(['step,loss,accuracy', ...rows, ''].join('\n')) };
    }
    const adapter = this.#desk.device?.profile.adapter;
    const whole = { settings: run.settings, steps, adapter, epochs, losses: [...losses], accuracies: [...accuracies] };
    return { name: `weft-step-${steps}.json`, bytes: text(JSON.stringify(whole)) };
  }
}

const summaryOf = ({ settings, steps, at }: ShelvedRun): SavedRun => ({ settings, steps, at });
