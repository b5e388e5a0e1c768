import type { DeviceLoss } from '../gpu/device.js';

/** One training step, as the GPU recorded it. */
export interface StepMetrics {
  /** 1 for the first step of the run. */
  readonly step: number;
  /** 1 for the first pass over the training images. */
  readonly epoch: number;
  /** Mean over the images of the step; perhaps not finite where a loss scale has skipped it. */
  readonly loss: number;
  /** Fraction of the step's images whose largest logit was the right one. */
  readonly accuracy: number;
  /** Images in the step: the batch, or fewer at an epoch's end. */
  readonly images: number;
}

/** What `Trainer.fit` yields. Numbers arrive late: the GPU never waits for a reader. */
export type TrainEvent =
  /** Every step once, in order, several at a time. */
  | {
      readonly type: 'steps';
      readonly steps: readonly StepMetrics[];
      /** Over the time since the event before. */
      readonly imagesPerSecond: number;
      /** Steps of the run so far whose update was skipped, because a gradient overflowed: 0 without a loss scale. */
      readonly skipped: number;
    }
  | EpochEvent;

/** An epoch is done. */
export interface EpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly step: number;
  /** Means over the epoch's images, while the weights changed under them. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** On the test images, with the weights at the epoch's end; absent where there is a validation set. */
  readonly testLoss?: number;
  readonly testAccuracy?: number;
  /** On the validation images, if there are any; the test images are then left alone. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** The epoch with the smallest validation loss so far. */
  readonly bestEpoch?: number;
  /** Patience is at its end: `fit` stops here. Absent where it goes on, or was not told to stop early. */
  readonly stopsEarly?: true;
  /** Of the test or validation images: confusion[label][answer], how many. */
  readonly confusion: readonly (readonly number[])[];
  /** Training alone: without the evaluation, and without compiling. */
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

/** The device is lost; what `RecoveringTrainer` has to say of it. */
export interface LostEvent {
  readonly type: 'lost';
  /** Steps submitted until then. */
  readonly step: number;
  readonly loss: DeviceLoss;
}

/** A run stands again, on a new device. */
export interface RestoredEvent {
  readonly type: 'restored';
  /** Where it goes on: steps of the last state that was kept, 0 where it begins anew. */
  readonly step: number;
  /** Why the device before was lost. */
  readonly loss: DeviceLoss;
  /** Whether adapter and plan are those of before, so that the run comes to the bits of one without a loss. */
  readonly sameBits: boolean;
}

/** What a set of images got from the net. */
export interface Evaluation {
  /** Mean over the images, by what each counts for in the loss. */
  readonly loss: number;
  /** Fraction of the images whose label names a class. */
  readonly accuracy: number;
  /** confusion[label][answer]: how many images. */
  readonly confusion: readonly (readonly number[])[];
  /** The answer for each image, in the order of the set. */
  readonly answers: Uint32Array;
  /** The loss of each image, times what it counts for. */
  readonly losses: Float32Array;
}

/** Milliseconds that a step takes of late; undefined while there was none to time. */
export interface StepTimings {
  /** On the CPU: to record and submit it. */
  readonly encodeMs: number | undefined;
  /** On the GPU, by its own clock; undefined too without `timings`, or where the adapter has no `timestamp-query`. */
  readonly gpuMs: number | undefined;
}

/** What compiling and replaying cost: counted, not timed, and since the device was opened where not said otherwise. */
export interface Counters {
  /** Dispatches of one training step. */
  readonly dispatchesPerStep: number;
  /** Of this trainer. */
  readonly steps: number;
  readonly submits: number;
  /** `queue.writeBuffer` calls. */
  readonly uploads: number;
  /** Staging buffers mapped for reading. */
  readonly mappedReads: number;
  /** None is made after the first step, nor after the first evaluation and prediction. */
  readonly bindGroups: number;
  readonly buffers: number;
  readonly pipelines: number;
  /** Bytes of the buffers that there are. */
  readonly bytes: number;
}
