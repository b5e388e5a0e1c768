import { recipeOf } from '../core/recipe.js';
import { splitOff } from '../data/subset.js';
import { tune, type Tuned, type TuneOptions } from '../engine/tune.js';
import { initialWeights } from '../nn/weights.js';
import { sgd } from '../optim/sgd.js';
import { ALL_FINITE } from '../ops/control.js';
import { trainGraph } from './graphs.js';
import { firstScale, scaleSettings } from './lossScale.js';
import type { TrainerOptions } from './options.js';
import { rowsOf } from './rates.js';
import { ignoredBy, ownLoss } from './remakeLoss.js';
import { mustBePixels, mustBeWholeSetting, mustSuit, validationCount } from './settings.js';
import { statesWith } from './shared.js';

export interface TuneTrainingOptions
  extends
    Pick<
      TrainerOptions,
      | 'device'
      | 'net'
      | 'data'
      | 'optimizer'
      | 'groups'
      | 'clip'
      | 'accumulate'
      | 'augment'
      | 'loss'
      | 'lossScale'
      | 'batch'
      | 'seed'
      | 'shuffle'
      | 'validation'
      | 'mean'
      | 'std'
      | 'kernels'
    >,
    Pick<TuneOptions, 'notes' | 'onRun' | 'signal' | 'halving' | 'plans' | 'time'> {}

/**
 * Finds the fastest right kernels for training a net on this adapter. With `notes`, a trainer that is opened with the same
 * notes and settings and as many images uses them; kernels whose text is the same are used with other settings too.
 *
 * @throws EngineError 'usage' or 'data' as `Trainer.open`; 'limit' if a run has no variant that is right
 */
export async function tuneTraining(options: TuneTrainingOptions): Promise<Tuned> {
  const { device, net, data, optimizer = sgd(), batch = 64, mean = 0.1307, std = 0.3081, ...others } = options;
  const { groups, clip, accumulate, augment, loss, lossScale, validation, seed = 1, shuffle = true, ...rest } = others;
  mustBeWholeSetting('batch', batch, 1, 65_536);
  mustBeWholeSetting('seed', seed, 0, 2 ** 32 - 1);
  mustBePixels(mean, std);
  mustSuit(net, data, loss && ignoredBy(recipeOf(loss)));
  const settings = { batch, seed, shuffle, mean, std, augment, loss: loss && ownLoss(loss) };
  const held = validation === undefined ? 0 : validationCount(validation, data.train.count);
  const train = held > 0 ? splitOff(data.train, held, seed).rest : data.train;
  const graph = trainGraph(net, train, settings, optimizer, {
    groups,
    clip,
    accumulate,
    lossScale,
  });
  const states = statesWith(initialWeights(net, seed), {
    'train.images': train.images,
    'train.labels': train.labels,
    guard: Uint32Array.of(ALL_FINITE),
    ...rowsOf(optimizer, lossScale !== undefined),
    ...(lossScale && firstScale(scaleSettings(lossScale))),
  });
  return tune(device, graph, { ...rest, states });
}
