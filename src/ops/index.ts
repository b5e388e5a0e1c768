export {
  activationOps,
  elu,
  gelu,
  leakyRelu,
  sigmoid,
  silu,
  softplus,
  tanh,
  type GeluOptions,
  type SoftplusOptions,
} from './activations.js';
export {
  adaptiveAvgPool2d,
  adaptiveAvgPool2dGrad,
  adaptiveAvgPool2dOp,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dOp,
  globalAvgPool,
  globalMaxPool,
} from './adaptivePool2d.js';
export { add, addOp, mul, mulOp } from './arithmetic.js';
export { avgPool2d, avgPool2dGrad, avgPool2dOp, type AvgPoolOptions } from './avgPool2d.js';
export {
  countEqual,
  countEqualOp,
  countPairs,
  countPairsOp,
  liveMean,
  liveMeanGrad,
  liveMeanOp,
  softmaxCrossEntropy,
} from './batch.js';
export {
  advance,
  advanceOp,
  ALL_FINITE,
  firstNonFinite,
  firstNonFiniteOp,
  recordStep,
  recordStepOp,
} from './control.js';
export { constant, constantOp, type ConstantAttrs, type ConstantOptions } from './constant.js';
export { concat, concatOp } from './concat.js';
export { conv1d, convTranspose1d, type Conv1dOptions, type ConvTranspose1dOptions } from './conv1d.js';
export { conv2d, conv2dGradW, conv2dGradX, conv2dOp } from './conv2d.js';
export { convTranspose2d, type ConvTranspose2dOptions } from './convTranspose2d.js';
export type { Conv2dOptions } from './convWindow.js';
export { clipFactor, clipFactorOp } from './clipFactor.js';
export {
  batchOf,
  batchOp,
  gatherImages,
  gatherImagesOp,
  gatherLabels,
  gatherLabelsOp,
  scatterRows,
  scatterRowsOp,
} from './data.js';
export {
  abs,
  clamp,
  div,
  elementwiseOps,
  equal,
  erf,
  exp,
  log,
  maximum,
  minimum,
  neg,
  pow,
  shift,
  sign,
  sqrt,
  square,
  sub,
  type ClampBounds,
} from './elementwise.js';
export { amax, amaxOp, amin, aminOp, argmax, argmaxOp, argmin } from './extremes.js';
export { std, variance, type VarianceOptions } from './statistics.js';
export {
  bceWithLogits,
  crossEntropy,
  klDivergence,
  l1,
  mse,
  nll,
  smoothL1,
  type BceOptions,
  type CrossEntropyOptions,
  type KlOptions,
  type LossOptions,
  type NllOptions,
  type Reduction,
  type SmoothL1Options,
} from './losses.js';
export { adjustScale, adjustScaleOp, rowOfUpdate, rowOfUpdateOp, type ScaleAttrs } from './lossScale.js';
export { isCounted, isCountedOp, pick, pickGrad, pickOp } from './pick.js';
export { defineMap, type MapOp, type MapOptions } from './map.js';
export { augment, augmentOp, type AugmentAttrs } from './augment.js';
export type { AugmentOptions, ElasticOptions, EraseOptions, TrainingAugmentation } from './augmentation.js';
export { dropout, dropoutOp, type DropoutAttrs } from './dropout.js';
export { embedding, embeddingGrad, embeddingOp } from './embedding.js';
export { dense, matmul, matmulOp, type MatmulLayout } from './matmul.js';
export { matmulBatched, matmulBatchedOp } from './matmulBatched.js';
export { maxPool2d, maxPool2dGrad, maxPool2dOp, winners } from './maxPool2d.js';
export {
  mixedCrossEntropy,
  mixedCrossEntropyRows,
  mixedCrossEntropyRowsGrad,
  mixedCrossEntropyRowsOp,
  type MixedLabels,
} from './mixedLoss.js';
export { mixRows, mixRowsOp, mixup, mixupOp, type MixupAttrs } from './mixup.js';
export { momentsOp, runningStatistics, runningStatisticsOp, trackStatistics, trackStatisticsOp } from './moments.js';
export { normaliseGrad, normaliseOp, normSums } from './normalise.js';
export { batchNorm, batchNormBy, groupNorm, layerNorm, rmsNorm, type Affine, type BatchStatistics } from './norms.js';
export { adagradUpdate, adamUpdate, lionUpdate, rmspropUpdate, sgdUpdate } from './optimizers.js';
export { pack, packOp } from './pack.js';
export { permute, permuteOp, transpose } from './permute.js';
export {
  adaptiveAvgPool1d,
  adaptiveMaxPool1d,
  avgPool1d,
  maxPool1d,
  type AvgPool1dOptions,
  type MaxPool1dOptions,
} from './pool1d.js';
export type { MaxPoolOptions, PoolOptions } from './poolWindow.js';
export { broadcastOp, broadcastTo, mean, sum, sumOp, sumTo, type ReduceOptions } from './reduce.js';
export { relu, reluGrad, reluOp } from './relu.js';
export { flatten, reshape, reshapeOp } from './reshape.js';
export { scale, scaleOp } from './scale.js';
export { pad, padOp, slice, sliceOp, type SliceRange } from './slice.js';
export {
  argmaxRows,
  argmaxRowsOp,
  crossEntropyRows,
  crossEntropyRowsGrad,
  crossEntropyRowsOp,
  logSoftmax,
  logSoftmaxGrad,
  logSoftmaxOp,
  softmax,
  softmaxGrad,
  softmaxOp,
} from './softmax.js';
export { addTurn, addTurnOp, recordTurn, recordTurnOp, turnOf, turnOp, whenDue, whenDueOp } from './turns.js';
export type { Segment, Update, UpdateAttrs } from './updates.js';
