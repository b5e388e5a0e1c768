// The library: nets, training, data. Everything works on a GPU object, so a page, a Worker and Node are alike.

export { EngineError, type ErrorCode, type ErrorParts } from './core/errors.js';
export { openDevice, type Device, type DeviceLoss, type OpenOptions } from './gpu/device.js';
export type { DeviceCounts } from './gpu/counts.js';
export type { Precision } from './core/precision.js';
export type { AdapterName, Dialect, Profile, ProfileLimits } from './core/profile.js';
export { browserNotes } from './engine/browserNotes.js';
export { forgetNotes, memoryNotes, type Notes } from './engine/notes.js';
export type { SelfTestEvent, SelfTestWhen, TestSettings } from './engine/openTested.js';
export type { SelfTestReport } from './engine/selfTest.js';
export type { Tuned, TunedRun, TunedVariant } from './engine/tune.js';
export type { Pattern } from './core/pattern.js';
export type { DType, Shape } from './core/shape.js';

export * as layers from './nn/layers.js';
export type { Layer, LayerContext, LayerParameter, LayerState, NetMode, TrainMode } from './nn/layer.js';
export {
  functional,
  sequential,
  summaryText,
  type AppliedLayer,
  type Apply,
  type LayerSummary,
  type Net,
  type NetParameter,
  type NetState,
} from './nn/net.js';
export { best, figure, lenet5, mlp, nets, resnet, tutorial, wide } from './nn/nets.js';
export { initialWeights, isBatchCount, type Weights, type WeightTensor } from './nn/weights.js';
export { headOf, transferText, transferWeights, type Transfer, type TransferOptions } from './nn/transfer.js';

export { adagrad, type AdagradOptions } from './optim/adagrad.js';
export { adam, adamW, type AdamOptions } from './optim/adam.js';
export { lion, type LionOptions } from './optim/lion.js';
export { rmsprop, type RmspropOptions } from './optim/rmsprop.js';
export { sgd, type SgdOptions } from './optim/sgd.js';
export type { ParameterGroup } from './optim/groups.js';
export type { Optimizer, UpdateOperands } from './optim/optimizer.js';
export type { PlateauOptions } from './optim/plateau.js';
export * as schedules from './optim/schedules.js';
export type { Schedule } from './optim/schedules.js';

export { findRate, type FindRateOptions, type RateCurve, type RatePoint } from './train/findRate.js';
export {
  ranked,
  sweep,
  type SweepEvent,
  type SweepOptions,
  type SweepRank,
  type SweepRun,
  type SweepSetup,
} from './train/sweep.js';
export { draws, grid, type Chosen, type Setting, type SettingRange, type Settings } from './train/space.js';
export { factsOfData } from './train/checkpoints.js';
export { validationCount } from './train/settings.js';
export { Trainer } from './train/trainer.js';
export { RecoveringTrainer } from './train/recoveringTrainer.js';
export type { RecoveringOptions } from './train/reopening.js';
export type { StopEarly } from './train/best.js';
export type { Answers, Mistake } from './train/mistakes.js';
export { perClass, type ClassScores, type Scores } from './train/perClass.js';
export type { InspectOptions } from './train/inspector.js';
export type { InspectedValues, Inspection, LayerInspection } from './explain/inspection.js';
export { augmentations } from './train/augmentations.js';
export { augmentedImages, type AugmentedImagesOptions } from './train/augmentedImages.js';
export type { AugmentOptions, ElasticOptions, EraseOptions, TrainingAugmentation } from './ops/augmentation.js';
export { tuneTraining, type TuneTrainingOptions } from './train/tuneTraining.js';
export type { FitOptions, TrainerOptions } from './train/options.js';
export type { ClipSettings } from './train/stepEnd.js';
export * as losses from './train/losses.js';
export type { CrossEntropyLossOptions, Loss, NllLossOptions, WeightedRows } from './train/losses.js';
export type { OtherBits } from './train/otherBits.js';
export type { LossScale, LossScaleOptions } from './train/lossScale.js';
export type { PaceLimits } from './train/pace.js';
export type {
  Counters,
  EpochEvent,
  Evaluation,
  LostEvent,
  RestoredEvent,
  StepMetrics,
  StepTimings,
  TrainEvent,
} from './train/events.js';

export type { Dataset, Splits } from './data/dataset.js';
export { browserCache, clearBrowserCache } from './data/browserCache.js';
export { digits, type DigitsOptions } from './data/digits.js';
export { statisticsOf, type SetStatistics } from './data/statistics.js';
export { splitOff, subset } from './data/subset.js';
export { BOX, FRAME, frame } from './data/frame.js';
export type { Fetch, RemoteFile } from './data/download.js';
export { fromIdxFiles, type IdxFilesOptions } from './data/idxFiles.js';
export { inkOf } from './data/ink.js';
export {
  loadMnist,
  mirrorAnswers,
  mnistCached,
  NODE_MIRRORS,
  PAGE_MIRRORS,
  type ByteCache,
  type DownloadProgress,
  type MnistOptions,
} from './data/mnist.js';
export { chooseData, openData, type DataChoice, type DataSources } from './data/source.js';
export {
  readCheckpoint,
  STATE_PREFIX,
  writeCheckpoint,
  type Checkpoint,
  type CheckpointFacts,
  type CheckpointState,
} from './io/checkpoint.js';
export { pretrained, type PretrainedOptions } from './io/pretrained.js';
export { readSafetensors, writeSafetensors, type Safetensors, type WritableTensor } from './io/safetensors.js';
export { weightsIn } from './io/weightsIn.js';
export { WEIGHTS_METADATA, weightsOut, type TrainedOn } from './io/weightsOut.js';
