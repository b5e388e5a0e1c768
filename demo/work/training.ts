// One device and at most one run on it. Runs in the Worker.

import { augmentations, browserNotes, EngineError, openDevice, Trainer } from '../../src/index.js';
import type { Device, EpochEvent, Net, Splits, TrainerOptions, TrainEvent } from '../../src/index.js';
import { heldOutOf, sameRun, type Phase, type RunSummary, type Settings } from '../protocol.js';
import { confusionOf } from './answers.js';
import type { Post, Run } from './desk.js';
import { netOf, netSummaries } from './nets.js';
import { optimizerOf, scheduleOf } from './optimizing.js';
import { NORMALISATION, type Sources } from './sources.js';
import { Speed } from './speed.js';

const PIXELS = 28 * 28;
/** Short submits, so that a drawing is answered while training goes on. */
const PACE = { submitMs: 16 };

/** What a run takes from elsewhere, and who follows it. */
export interface Around {
  /** Weights to begin with, and which of them stay. */
  begin(net: Net, settings: Settings): Promise<Pick<TrainerOptions, 'weights' | 'groups'>>;
  /** The images to learn, from those of the source. */
  learn(settings: Settings, splits: Splits): Promise<Splits>;
  /** Hears whenever the weights have moved on, or are others. */
  moved(): void;
  /** Is waited for before the first step. */
  begins(run: Run): Promise<void>;
  /** After the last step so far; `tested` is the accuracy on the test images, if it is known for these weights. */
  ends(run: Run, tested: number | undefined): Promise<void>;
}

export class Training {
  readonly #post: Post;
  readonly #sources: Sources;
  #device: Device | undefined;
  #run: Run | undefined;
  /** On the test images, after the last epoch of this run. */
  #accuracy: number | undefined;
  /** Of training in this run. */
  #seconds = 0;
  #speed: Speed | undefined;
  #warming = false;
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
    // Absent in a Worker of a browser that keeps WebGPU to its pages, whatever the types say.
    const gpu: GPU | undefined = navigator.gpu;
    this.#device = await openDevice(gpu, { powerPreference: 'high-performance' });
    const mnistKept = await this.#sources.isMnistKept();
    this.#post({ type: 'opened', adapter: this.#device.profile.adapter, nets: netSummaries(), mnistKept });
  }

  /** Ends the run: its weights are gone. */
  close(): void {
    const run = this.#run;
    this.#run = undefined;
    this.#accuracy = undefined;
    this.#seconds = 0;
    this.#post({ type: 'run', run: undefined });
    run?.trainer[Symbol.dispose]();
  }

  /**
   * Makes all ready that a run of these settings computes with: training, the pad's answers, the evaluation.
   * @param hurry asked before each part after the first: whether someone waits for training to begin
   */
  async warmUp(settings: Settings, hurry: () => boolean): Promise<void> {
    this.#tell('preparing');
    this.#warming = true;
    try {
      const { trainer } = await this.#prepare(settings);
      if (!hurry()) await trainer.predict(new Uint8Array(PIXELS));
      if (!hurry()) await trainer.evaluate();
      if (!hurry() && heldOutOf(settings) > 0) await trainer.validate();
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

  /** Data, weights and shaders for these settings, unless the run at hand has them; `tell` hears how far it is. */
  async #prepare(settings: Settings, tell: (phase: Phase) => void = () => undefined): Promise<Run> {
    if (this.#run !== undefined && sameRun(this.#run.settings, settings)) return this.#run;
    if (this.#run !== undefined) this.close();
    tell('loading');
    const options = await this.optionsOf(settings);
    tell('compiling');
    const trainer = await Trainer.open({
      ...options,
      pace: PACE,
      timings: true,
      onCompile: (done, total) => this.#post({ type: 'compiling', done, total }),
    });
    this.#run = { settings, net: options.net, data: options.data, trainer };
    this.#speed = new Speed(this.#post, trainer);
    const run: RunSummary = { settings, stepsPerEpoch: trainer.stepsPerEpoch };
    this.#post({ type: 'run', run });
    return this.#run;
  }

  /** What makes a run of these settings what it is. */
  async optionsOf(settings: Settings): Promise<TrainerOptions> {
    if (this.#device === undefined) throw new Error('The GPU is not open.');
    const net = netOf(settings.net);
    return {
      device: this.#device,
      net,
      data: await this.#around.learn(settings, this.#sources.of(settings)),
      ...(await this.#around.begin(net, settings)),
      optimizer: optimizerOf(settings),
      ...(settings.clip > 0 && { clip: { norm: settings.clip } }),
      batch: settings.batch,
      seed: settings.seed,
      validation: heldOutOf(settings),
      ...NORMALISATION,
      ...(settings.augment !== 'none' && { augment: augmentations[settings.augment] }),
      notes: browserNotes(),
    };
  }

  /** Trains until the settings' epochs are done, or the signal says to pause. */
  async train(settings: Settings, signal: AbortSignal): Promise<void> {
    const run = await this.#prepare(settings, (phase) => this.#tell(phase));
    const { trainer } = run;
    if (trainer.steps === 0) await this.#around.begins(run);
    if (trainer.rate !== settings.rate) trainer.rate = settings.rate;
    this.#tell('training');
    const { epochs } = settings;
    const last = epochs * trainer.stepsPerEpoch;
    const schedule = scheduleOf(settings.schedule, last);
    for await (const event of trainer.fit({ epochs, schedule, signal })) {
      if (event.type === 'steps') {
        this.#tellSteps(event);
        this.#speed?.note(event.steps, event.imagesPerSecond, last);
      } else await this.#tellEpoch(trainer, event);
      this.#around.moved();
    }
    this.#tell(trainer.steps >= last ? 'done' : 'paused');
    this.#around.moved();
    await this.#around.ends(run, trainer.steps % trainer.stepsPerEpoch === 0 ? this.#accuracy : undefined);
  }

  set rate(rate: number) {
    if (this.#run !== undefined) this.#run.trainer.rate = rate;
  }

  #tell(phase: Phase): void {
    this.#post({ type: 'phase', phase });
  }

  /** Where images are held out, the test images are passed through besides: they judge no epoch. */
  async #tellEpoch(trainer: Trainer, event: EpochEvent): Promise<void> {
    const test = event.testLoss === undefined ? await trainer.evaluate() : undefined;
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

/** What an error means for the run. */
export function phaseAfter(error: unknown, prepared: boolean): Phase {
  const code = error instanceof EngineError ? error.code : undefined;
  if (code === 'diverged') return 'diverged';
  // After any error of its own the GPU answers no further call.
  if (code === 'device-lost' || code === 'gpu') return 'lost';
  return prepared ? 'paused' : 'ready';
}
