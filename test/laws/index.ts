import type { GpuLaw } from '../support/gpuLaw.js';
import { activationLaws } from './activations.js';
import { adaptivePoolLaws } from './adaptivePool.js';
import { augmentLaws } from './augment.js';
import { augmentedLaws } from './augmented.js';
import { controlLaws } from './control.js';
import { convLaws } from './conv2d.js';
import { convGemmLaws } from './convGemm.js';
import { convGradGemmLaws } from './convGradGemm.js';
import { convPoolGpuLaws } from './convPoolGpu.js';
import { countLaws } from './counts.js';
import { dataLaws } from './data.js';
import { determinismLaws } from './determinism.js';
import { divergenceLaws } from './divergence.js';
import { elementwiseLaws } from './elementwise.js';
import { dropoutLaws } from './dropout.js';
import { embeddingLaws } from './embedding.js';
import { epochLaws } from './epochs.js';
import { evaluateLaws } from './evaluate.js';
import { extremeLaws } from './extremes.js';
import { familyLaws } from './families.js';
import { fitLaws } from './fit.js';
import { fusedLaws } from './fused.js';
import { inPlaceLaws } from './inPlace.js';
import { inspectLaws } from './inspect.js';
import { learningLaws } from './learning.js';
import { lossLaws } from './loss.js';
import { lossScaleLaws } from './lossScale.js';
import { lossFunctionLaws } from './losses.js';
import { matmulLaws } from './matmul.js';
import { matmulBatchedLaws } from './matmulBatched.js';
import { matmulGemmLaws } from './matmulGemm.js';
import { mixedLaws } from './mixed.js';
import { mixupLaws } from './mixup.js';
import { mistakeLaws } from './mistakes.js';
import { modeLaws } from './modes.js';
import { movementLaws } from './movement.js';
import { optimizerLaws } from './optimizers.js';
import { normLaws } from './norms.js';
import { parityLaws, shortBatchLaws } from './parity.js';
import { poolLaws } from './pool.js';
import { randomConvLaws } from './randomConvs.js';
import { randomNetLaws } from './randomNets.js';
import { rateLaws } from './rates.js';
import { recoveryLaws } from './recovery.js';
import { recoveryEndLaws } from './recoveryEnds.js';
import { recoveryRefusedLaws } from './recoveryRefused.js';
import { reluLaws } from './relu.js';
import { resumeLaws } from './resume.js';
import { resumedLaws } from './resumed.js';
import { scaledLaws } from './scaled.js';
import { sessionLaws } from './session.js';
import { softmaxLaws } from './softmax.js';
import { storeLaws } from './store.js';
import { sumLaws } from './sum.js';
import { sweepLaws } from './sweep.js';
import { trainingLossLaws } from './trainingLosses.js';
import { turnLaws } from './turns.js';
import { updatingLaws } from './updating.js';
import { validationLaws } from './validation.js';

/** Every law that a GPU must keep, by what it is about. Node runs them where their subject lies, a page runs this list. */
export const laws: Readonly<Record<string, readonly GpuLaw[]>> = {
  convolution: convLaws,
  'runs of ops in one kernel': fusedLaws,
  'convolutions as products of matrices': convGemmLaws,
  'the way back of convolutions as products of matrices': convGradGemmLaws,
  'convolution to pool in one kernel': convPoolGpuLaws,
  'random convolutions': randomConvLaws,
  pools: poolLaws,
  'adaptive pools': adaptivePoolLaws,
  'products of matrices': matmulLaws,
  'large products of matrices': matmulGemmLaws,
  'products of matrices in batches': matmulBatchedLaws,
  sums: sumLaws,
  'the largest, the smallest, and where': extremeLaws,
  'arithmetic, element by element': elementwiseLaws,
  'elements that move': movementLaws,
  'formulas, element by element': familyLaws,
  'rows of a table': embeddingLaws,
  dropout: dropoutLaws,
  augmentation: augmentLaws,
  'images in pairs': mixupLaws,
  norms: normLaws,
  relu: reluLaws,
  activations: activationLaws,
  'softmax, its loss and its batches': softmaxLaws,
  losses: lossFunctionLaws,
  'the dataset on the GPU': dataLaws,
  epochs: epochLaws,
  'guard and counters': controlLaws,
  'updates and the norm of gradients': optimizerLaws,
  'turns of several batches': turnLaws,
  'a loss scale': lossScaleLaws,
  'kernels that write in place': inPlaceLaws,
  'random nets': randomNetLaws,
  'evaluate on a GPU': evaluateLaws,
  'a Store': storeLaws,
  'a Session': sessionLaws,
  'a trained net is that of an f64 loop': parityLaws,
  'a short last batch': shortBatchLaws,
  'what training makes, submits and reads': countLaws,
  'the same seed on the same adapter': determinismLaws,
  'what is not finite': divergenceLaws,
  'rates on the GPU': rateLaws,
  'groups, bounds, turns and schedules': updatingLaws,
  'training with a loss scale': scaledLaws,
  validation: validationLaws,
  'mistakes and the confusion matrix': mistakeLaws,
  'looks at every layer': inspectLaws,
  'losses that a trainer is given': trainingLossLaws,
  fit: fitLaws,
  sweeps: sweepLaws,
  'training on augmented images': augmentedLaws,
  'training on mixed images': mixedLaws,
  checkpoints: resumeLaws,
  'a run that goes on': resumedLaws,
  'training and evaluation differ': modeLaws,
  learning: learningLaws,
  'a device that goes away': lossLaws,
  'a run that outlives its device': recoveryLaws,
  'a recovery that does not go smoothly': recoveryEndLaws,
  'a recovery that gets no new device': recoveryRefusedLaws,
};
