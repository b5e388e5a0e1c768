// One device and at most one run on it. Runs in the Worker.

import { augmentations, browserNotes, RecoveringTrainer } from '../../src/index.js';
import type {
  Checkpoint,
  Device,
  EpochEvent,
  LostEvent,
  RestoredEvent,
  TrainerOptions,
  TrainEvent,
} from '../../src/index.js';
import { heldOutOf, hotOf, sameRun, type Hot, type Phase, type RunSummary, type Settings } from '../protocol.js';
import { confusionOf } from './answers.js';
import type { Around } from './around.js';
import type { Post, Run } from './desk.js';
import { Going } from './going.js';
import { openGpu } from './gpu.js';
import { netOf, netSummaries } from './nets.js';
import { optimizerOf } from './optimizing.js';
import type { Sources } from './sources.js';
import { Speed } from './speed.js';

const PIXELS = 28 * 28;
/** Short submits, so that a drawing is answered while training goes on. */
const PACE = { submitMs: 16 };
/** At most so much of a run is done again after a loss of its device; a state of these nets is read in a few milliseconds. */
const KEEP_MS = 1000;

/** A state to go on from, and how long the run had trained. */
interface Saved {
  readonly settings: Settings;
  readonly seconds: number;
}

export class Training {
  readonly #post: Post;
  readonly #sources: Sources;
  #device: Device | undefined;
  #run: Run | undefined;
  #recovering: RecoveringTrainer | undefined;
  /** On the test images, after the last epoch of this run. */
  #accuracy: number | undefined;
  /** Of training in this run. */
  #seconds = 0;
  #speed: Speed | undefined;
  #going: Going | undefined;
  #hot: Hot | undefined;
  #warming = false;
  /** What the page was told last of the run itself. */
  #phase: Phase = 'booting';
  /** Why no GPU is asked for any more until a person does. */
  #givenUp: Error | undefined;
  readonly #around: Around;

  constructor(post: Post, sources: Sources, around: Around) {
    this.#post = post;
    this.#sources = sources;
    this.#around = around;
  }

  get device(): Device | undefined {
    return this.#device;
  }

  get run(): Run | undefined {
    return this.#run;
  }

  /** On the test images, after the last epoch of this run. */
  get accuracy(): number | undefined {
    return this.#accuracy;
  }

  /** Whether there is a run that has taken a step. */
  get begun(): boolean {
    return this.#run !== undefined && this.#run.trainer.steps > 0;
  }

  async open(): Promise<void> {
    this.#tell('booting');
    this.close();
    this.#device?.[Symbol.dispose]();
    this.#device = undefined;
    const { profile } = await this.#open();
    const mnistKept = await this.#sources.isMnistKept();
    this.#post({ type: 'opened', adapter: profile.adapter, nets: netSummaries(), mnistKept });
  }

  /** Ends the run: its weights are gone. */
  close(): void {
    const run = this.#run;
    this.#run = undefined;
    this.#accuracy = undefined;
    this.#seconds = 0;
    this.#post({ type: 'run', run: undefined });
    if (run !== undefined) this.#recovering?.[Symbol.dispose]();
    this.#recovering = undefined;
    this.#givenUp = undefined;
  }

  /** The run has no GPU: what is asked of it from now on fails with the same error. */
  giveUp(error: unknown): void {
    this.#givenUp = error instanceof Error ? error : new Error(String(error));
    this.#phase = 'paused';
  }

  /** Puts a GPU in the place of one that was lost while the run asked nothing of it. */
  async standAgain(): Promise<void> {
    if (this.#run !== undefined) await this.#run.use(async ({ device }) => device.mustBeWell());
    else if (this.#device?.loss !== undefined) await this.#open();
  }

  /**
   * Makes all ready that a run of these settings computes with: training, the pad's answers, the evaluation.
   * @param hurry asked before each part after the first: whether someone waits for training to begin
   */
  async warmUp(settings: Settings, hurry: () => boolean): Promise<void> {
    this.#tell('preparing');
    this.#warming = true;
    try {
      const run = await this.#prepare(settings);
      if (!hurry()) await run.use((trainer) => trainer.predict(new Uint8Array(PIXELS)));
      if (!hurry()) await run.use((trainer) => trainer.evaluate());
      if (!hurry() && heldOutOf(settings) > 0) await run.use((trainer) => trainer.validate());
    } finally {
      this.#warming = false;
    }
    // Whoever waits for training is told of that instead.
    if (!hurry()) this.#tell('ready');
    this.#around.moved();
  }

  /** Whether a run is being made ready. */
  get warming(): boolean {
    return this.#warming;
  }

  /** The run of another visit, as it was saved there; its data must be here. */
  async resume({ settings, seconds }: Saved, checkpoint: Checkpoint): Promise<void> {
    if (settings.data === 'mnist') await this.#sources.needMnist();
    this.close();
    const run = await this.#prepare(settings, (phase) => this.#tell(phase), checkpoint);
    this.#seconds = seconds;
    await run.use((trainer) => trainer.predict(new Uint8Array(PIXELS)));
    this.#around.moved();
  }

  /** The state of the run at hand, and the last one that was good where its device is gone for good. */
  async checkpoint(): Promise<Checkpoint | undefined> {
    const recovering = this.#recovering;
    const isGone = recovering?.trainer.device.loss !== undefined;
    return isGone ? recovering.lastGood : recovering?.checkpoint();
  }

  /** Data, weights and shaders for these settings, unless the run at hand has them; `tell` hears how far it is. */
  async #prepare(
    settings: Settings,
    tell: (phase: Phase) => void = () => undefined,
    resume?: Checkpoint,
  ): Promise<Run> {
    if (this.#run !== undefined && sameRun(this.#run.settings, settings)) return this.#run;
    if (this.#run !== undefined) this.close();
    tell('loading');
    const { net, data, ...options } = await this.optionsOf(settings, resume);
    tell('compiling');
    const recovering = await RecoveringTrainer.open({
      ...options,
      net,
      data,
      device: (lost) => this.#deviceAfter(lost),
      onRecovery: (event) => this.#tellRecovery(event),
      keepMs: KEEP_MS,
      pace: PACE,
      timings: true,
      onCompile: (done, total) => this.#post({ type: 'compiling', done, total }),
    });
    this.#recovering = recovering;
    this.#run = {
      settings,
      net,
      data,
      get trainer() {
        return recovering.trainer;
      },
      use: async (work) => {
        if (this.#givenUp !== undefined) throw this.#givenUp;
        return recovering.use(work);
      },
      options: { ...options, net, data },
    };
    this.#speed = new Speed(this.#post, this.#run);
    const run: RunSummary = { settings, stepsPerEpoch: recovering.trainer.stepsPerEpoch };
    this.#post({ type: 'run', run });
    return this.#run;
  }

  /** What makes a run of these settings what it is; `resume`: the state that it goes on from. */
  async optionsOf(settings: Settings, resume?: Checkpoint): Promise<TrainerOptions> {
    if (this.#device === undefined) throw new Error('The GPU is not open.');
    const net = netOf(settings.net);
    return {
      device: this.#device,
      net,
      data: await this.#around.learn(settings, this.#sources.of(settings)),
      ...(resume === undefined ? await this.#around.begin(net, settings) : { resume }),
      optimizer: optimizerOf(settings),
      ...(settings.clip > 0 && { clip: { norm: settings.clip } }),
      batch: settings.batch,
      seed: settings.seed,
      validation: heldOutOf(settings),
      mean: settings.mean,
      std: settings.std,
      ...(settings.augment !== 'none' && { augment: augmentations[settings.augment] }),
      notes: browserNotes(),
    };
  }

  /**
   * Trains until the settings' epochs are done, or the signal says to pause.
   * @param most so many steps instead
   */
  async train(settings: Settings, signal: AbortSignal, most?: number): Promise<void> {
    const run = await this.#prepare(settings, (phase) => this.#tell(phase));
    const recovering = this.#recovering;
    if (recovering === undefined) return;
    if (recovering.steps === 0) await this.#around.begins(run);
    this.#tell('training');
    const { stepsPerEpoch } = run.trainer;
    const going = (this.#going = new Going(this.#hot ?? hotOf(settings), stepsPerEpoch));
    for await (const event of going.fit(recovering, signal, most)) {
      if (event.type === 'steps') {
        this.#tellSteps(event);
        this.#speed?.note(event.steps, event.imagesPerSecond, going.last);
      } else if (event.type === 'epoch') await this.#tellEpoch(run, event);
      this.#around.moved();
      await this.#around.save(false);
    }
    const { steps } = recovering;
    this.#tell(steps >= going.last ? 'done' : 'paused');
    this.#around.moved();
    await this.#around.ends(run, steps % stepsPerEpoch === 0 ? this.#accuracy : undefined);
    await this.#around.save(true);
  }

  /** What the run at hand takes on at once, and another one when it begins. */
  take(hot: Hot): void {
    this.#hot = hot;
    this.#going?.take(hot);
  }

  #tell(phase: Phase): void {
    this.#phase = phase;
    this.#post({ type: 'phase', phase });
  }

  /** The device that is open, or another one in the place of a lost one. */
  async #deviceAfter(lost: Device | undefined): Promise<Device> {
    return lost === undefined && this.#device !== undefined ? this.#device : this.#open();
  }

  async #open(): Promise<Device> {
    const device = await openGpu();
    this.#device = device;
    void device.lost.then(() => this.#around.lost());
    return device;
  }

  /** Says that the device is gone, and afterwards what was going on when it went. */
  #tellRecovery(event: LostEvent | RestoredEvent): void {
    if (event.type === 'lost') this.#post({ type: 'phase', phase: 'restoring' });
    else {
      this.#givenUp = undefined;
      this.#post({ type: 'restored', step: event.step, sameBits: event.sameBits });
      this.#tell(this.#phase);
    }
  }

  /** Where images are held out, the test images are passed through besides: they judge no epoch. */
  async #tellEpoch(run: Run, event: EpochEvent): Promise<void> {
    const test = event.testLoss === undefined ? await run.use((trainer) => trainer.evaluate()) : undefined;
    const { testLoss = test?.loss ?? NaN, testAccuracy = test?.accuracy ?? NaN } = event;
    this.#accuracy = testAccuracy;
    this.#post({ type: 'epoch', row: { ...event, testLoss, testAccuracy } });
    this.#post({ type: 'confusion', confusion: confusionOf((test ?? event).confusion, event.step) });
  }

  #tellSteps({ steps, imagesPerSecond }: Extract<TrainEvent, { type: 'steps' }>): void {
    const losses = Float32Array.from(steps, ({ loss }) => loss);
    const accuracies = Float32Array.from(steps, ({ accuracy }) => accuracy);
    const [first, last] = [steps[0], steps.at(-1)];
    if (first === undefined || last === undefined) return;
    this.#seconds += steps.reduce((sum, { images }) => sum + images, 0) / imagesPerSecond;
    const { epoch } = last;
    this.#post(
      { type: 'steps', first: first.step, losses, accuracies, seconds: this.#seconds, epoch, imagesPerSecond },
      [losses.buffer, accuracies.buffer],
    );
  }
}
