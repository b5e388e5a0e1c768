import { convGradWGemmKernel, convGradXGemmKernel } from './convGradGemm.js';
import { convGradXHeldKernel } from './convGradXHeld.js';
import { convGradWHeldKernel } from './convGradWHeld.js';
import { convPoolKernel } from './convPool.js';
import { convBiasReluKernel } from './convBiasRelu.js';
import { conv2dGradXKernel, conv2dKernel } from './conv2d.js';
import { conv2dGradWKernel } from './conv2dGradW.js';
import type { Kernel } from './kernel.js';
import {
  batchKernel,
  countEqualKernel,
  countPairsKernel,
  gatherImagesKernel,
  gatherLabelsKernel,
  labelledBatchKernel,
  liveMeanGradKernel,
  liveMeanKernel,
  scatterRowsKernel,
} from './batch.js';
import { advanceKernel, guardKernel, recordAndAdvanceKernel, recordKernel } from './control.js';
import { adagradKernel, adamKernel, clipFactorKernel, lionKernel, rmspropKernel, sgdKernel } from './updates.js';
import { accumulateKernel, addKernel, broadcastKernel, fillKernel, mulKernel, scaleKernel } from './elementwise.js';
import { denseGradWKernel, denseKernel, denseReluGradKernel } from './dense.js';
import { denseTailKernel } from './denseTail.js';
import { constantKernel } from './constant.js';
import { augmentKernel } from './augment.js';
import { dropoutKernel } from './dropout.js';
import { embeddingGradKernel, embeddingKernel } from './embedding.js';
import { mixRowsKernel, mixupKernel } from './mixup.js';
import { lossHeadKernel } from './lossHead.js';
import { adjustScaleKernel, rowOfUpdateKernel } from './lossScale.js';
import { mapKernels } from './map.js';
import { amaxKernel, aminKernel, argmaxKernel } from './extremes.js';
import { isCountedKernel, pickGradKernel, pickKernel } from './pick.js';
import { matmulKernel } from './matmul.js';
import { matmulBatchedKernel } from './matmulBatched.js';
import {
  argmaxRowsKernel,
  crossEntropyRowsGradKernel,
  crossEntropyRowsKernel,
  mixedCrossEntropyRowsGradKernel,
  mixedCrossEntropyRowsKernel,
} from './softmax.js';
import { logSoftmaxGradKernel, logSoftmaxKernel, softmaxGradKernel, softmaxKernel } from './softmaxAlong.js';
import { concatKernel, padKernel, permuteKernel, sliceKernel } from './movement.js';
import { normaliseGradKernel, normaliseKernel } from './normalise.js';
import { momentsKernel, normSumsKernel, runningStatisticsKernel, trackStatisticsKernel } from './norms.js';
import { sumKernel } from './sum.js';
import { avgPool2dGradKernel, avgPool2dKernel, maxPool2dGradKernel, maxPool2dKernel, winnersKernel } from './pool.js';
import { adaptiveAvgPool2dGradKernel, adaptiveAvgPool2dKernel, adaptiveMaxPool2dKernel } from './adaptivePool.js';
import { reluGradKernel, reluKernel } from './relu.js';
import { addTurnKernel, recordTurnKernel, turnKernel, whenDueKernel } from './turns.js';

/** Every kernel, those that cover longer runs first: the order in which they are asked. */
export const kernels: readonly Kernel[] = [
  denseTailKernel,
  lossHeadKernel,
  labelledBatchKernel,
  recordAndAdvanceKernel,
  convPoolKernel,
  convGradXHeldKernel,
  convGradWHeldKernel,
  convGradXGemmKernel(),
  convGradWGemmKernel(),
  convBiasReluKernel,
  denseKernel,
  denseReluGradKernel,
  denseGradWKernel,
  conv2dKernel,
  conv2dGradXKernel,
  conv2dGradWKernel,
  maxPool2dKernel,
  maxPool2dGradKernel,
  winnersKernel,
  avgPool2dKernel,
  avgPool2dGradKernel,
  adaptiveAvgPool2dKernel,
  adaptiveAvgPool2dGradKernel,
  adaptiveMaxPool2dKernel,
  reluKernel,
  reluGradKernel,
  matmulKernel,
  matmulBatchedKernel,
  sumKernel,
  amaxKernel,
  aminKernel,
  argmaxKernel,
  fillKernel,
  scaleKernel,
  accumulateKernel,
  addKernel,
  mulKernel,
  broadcastKernel,
  momentsKernel,
  normaliseKernel,
  normSumsKernel,
  normaliseGradKernel,
  runningStatisticsKernel,
  trackStatisticsKernel,
  permuteKernel,
  constantKernel,
  embeddingKernel,
  embeddingGradKernel,
  augmentKernel,
  mixupKernel,
  mixRowsKernel,
  dropoutKernel,
  sliceKernel,
  padKernel,
  concatKernel,
  ...mapKernels,
  pickKernel,
  pickGradKernel,
  isCountedKernel,
  softmaxKernel,
  softmaxGradKernel,
  logSoftmaxKernel,
  logSoftmaxGradKernel,
  crossEntropyRowsKernel,
  crossEntropyRowsGradKernel,
  mixedCrossEntropyRowsKernel,
  mixedCrossEntropyRowsGradKernel,
  argmaxRowsKernel,
  batchKernel,
  gatherImagesKernel,
  gatherLabelsKernel,
  scatterRowsKernel,
  liveMeanKernel,
  liveMeanGradKernel,
  countEqualKernel,
  countPairsKernel,
  guardKernel,
  advanceKernel,
  recordKernel,
  turnKernel,
  addTurnKernel,
  whenDueKernel,
  recordTurnKernel,
  adjustScaleKernel,
  rowOfUpdateKernel,
  clipFactorKernel,
  sgdKernel,
  adamKernel,
  rmspropKernel,
  adagradKernel,
  lionKernel,
];
