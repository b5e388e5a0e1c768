import type { Precision } from '../core/precision.js';
import type { Splits } from '../data/dataset.js';
import type { TestSettings } from '../engine/openTested.js';
import type { Device } from '../gpu/device.js';
import type { Checkpoint } from '../io/checkpoint.js';
import type { Kernel } from '../kernels/kernel.js';
import type { Net } from '../nn/net.js';
import type { Weights } from '../nn/weights.js';
import type { ParameterGroup } from '../optim/groups.js';
import type { TrainingAugmentation } from '../ops/augmentation.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { PlateauOptions } from '../optim/plateau.js';
import type { Schedule } from '../optim/schedules.js';
import type { StopEarly } from './best.js';
import type { Loss } from './losses.js';
import type { OtherBits } from './otherBits.js';
import type { LossScaleOptions } from './lossScale.js';
import type { PaceLimits } from './pace.js';
import type { ClipSettings } from './stepEnd.js';

export interface TrainerOptions extends TestSettings {
  readonly device: Device;
  readonly net: Net;
  readonly data: Splits;
  /** sgd() by default: rate 0.001, momentum 0.9. */
  readonly optimizer?: Optimizer;
  /**
   * `losses.crossEntropy()` by default, which goes with logits. Others are `losses.nll()`, and a function of one's own, which
   * must be given again when the run is resumed. Training, validation and the test images go by it; `predict`,
   * `mistakes` and `inspect` take what the net gives for logits, whatever the loss is.
   */
  readonly loss?: Loss;
  /**
   * A factor for the rate at each step, 0 for the first: see `schedules`. A checkpoint holds those by kind and settings; a
   * function of one's own must be given again when the run is resumed.
   */
  readonly schedule?: Schedule;
  /**
   * Reduces the rate at the end of an epoch that is no better than those before it. Where there is a validation set,
   * its loss and accuracy take the place of the test's.
   */
  readonly plateau?: PlateauOptions;
  /** Parameters with a rate, a decay of their own, or none at all. The first group that matches a parameter has it. */
  readonly groups?: readonly ParameterGroup[];
  /**
   * Bounds on gradients before the update: on their norm over all parameters (torch.nn.utils.clip_grad_norm_), or on each
   * element (clip_grad_value_).
   */
  readonly clip?: ClipSettings;
  /**
   * `f32` by default. `mixed`: activations and their gradients are stored in f16 and operands of products rounded to it,
   * while sums, losses, statistics, weights and updates stay f32; there is a loss scale then. It needs an adapter with
   * `shader-f16`. Evaluation and prediction stay f32.
   */
  readonly precision?: Precision;
  /**
   * Gradients are those of the loss times a scale, as torch.amp.GradScaler has it, with its defaults if it is {}: a step
   * whose gradients overflow is skipped and halves the scale, 2,000 good steps double it. Skipped steps have no update and
   * are no step of Adam's corrections; images and schedule go on. At a scale of 1 an overflow stops the run.
   */
  readonly lossScale?: LossScaleOptions;
  /**
   * Changes training images by chance, each anew in each epoch: see `augmentations` for amounts. What is drawn is a function
   * of seed, epoch and image. `noise` counts in pixels scaled to 0…1. `mixup` mixes images and labels of a batch.
   */
  readonly augment?: TrainingAugmentation;
  /**
   * Batches of a step; 1 by default. Gradients are the mean of theirs, each batch counting alike; metrics, rates and steps
   * count updates. An epoch's last step has the batches that are left.
   */
  readonly accumulate?: number;
  /** Images a batch; 64 by default. An epoch's last batch may be smaller and has its own mean. */
  readonly batch?: number;
  /** Of weights and shuffling; 1 by default. */
  readonly seed?: number;
  /** Another order every epoch; true by default. False: the order of the files. */
  readonly shuffle?: boolean;
  /** Of pixels scaled to 0…1; MNIST's 0.1307 and 0.3081 by default. */
  readonly mean?: number;
  readonly std?: number;
  /**
   * Images held out of the training set to judge epochs by, never trained on: a number of them, or below 1 a fraction; none
   * by default. As many of each class as there can be, chosen by the seed. The test set then waits for `evaluate()`.
   */
  readonly validation?: number;
  /** Where to start; PyTorch's default initialisation from the seed if absent. */
  readonly weights?: Weights;
  /**
   * A run to go on with: its weights, moments, counters and place. Settings that are left out are those of that run,
   * optimizer and schedule too, unless they are one's own; those that are given must equal them. The same adapter and
   * engine then give the same bits as a run without a break; where they are not the same, `onOtherBits` hears of it.
   */
  readonly resume?: Checkpoint;
  /** Hears, before the first step, why a resumed run will not come to the bits of a run without a break. */
  readonly onOtherBits?: (why: OtherBits) => void;
  /**
   * How many steps will be trained in all; 1,000 by default. The plan is chosen for it before the first step, by the time
   * to compile and to run: a long run is worth kernels that take seconds to compile, where the adapter is software.
   */
  readonly expectedSteps?: number;
  readonly pace?: Partial<PaceLimits>;
  /** Has some of the submits timed by the GPU's own clock: a mapped read at most every 250 ms. See `Trainer.timings`. */
  readonly timings?: boolean;
  /** Instead of the engine's own. */
  readonly kernels?: readonly Kernel[];
  /** Hears of every pipeline that is compiled. */
  readonly onCompile?: (done: number, total: number) => void;
}

export interface FitOptions {
  /** Ends when so many epochs are done since the run was begun; 1 if neither this nor `steps` is given. */
  readonly epochs?: number;
  /** Ends when so many steps are done since the run was begun, if that comes first. */
  readonly steps?: number;
  /** From here on, in place of the trainer's; it is still given the steps since the run was begun. */
  readonly schedule?: Schedule;
  /**
   * Ends after the epoch that makes so many without a better validation loss. They are counted over all calls of `fit`
   * and go on after a resume, and are counted anew after such an end.
   */
  readonly stopEarly?: StopEarly;
  /**
   * Keeps the weights of the epoch with the smallest validation loss, and restores them when `fit` ends by itself, by its
   * signal, by `break`, or because the loss is not finite. Moments and counters stay those of the last step: a later `fit` goes on with them. A checkpoint
   * holds them besides.
   */
  readonly keepBest?: boolean;
  /**
   * Whether the weights that `keepBest` has kept are restored when `fit` ends; true by default. False where a later fit
   * goes on from the last step: a run in pieces is then the run without breaks.
   */
  readonly restoreBest?: boolean;
  /** Ends the iteration after the steps that are submitted, as `break` does. A later `fit` goes on from there. */
  readonly signal?: AbortSignal;
}
