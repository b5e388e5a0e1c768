// From losses to recipes and back.

import { recipeOf, samePlain, type Recipe } from '../core/recipe.js';
import { cannotMake } from '../optim/remake.js';
import { crossEntropy, nll, type Loss } from './losses.js';

/** The recipe of the loss that training has where nothing is said of it. */
export const PLAIN_LOSS: Recipe = recipeOf(crossEntropy());

/** The loss, unless it is the plain cross-entropy, which has kernels of its own. */
export const ownLoss = (loss: Loss): Loss | undefined => (samePlain(recipeOf(loss), PLAIN_LOSS) ? undefined : loss);

/** The label that a loss ignores, if any. */
export function ignoredBy(recipe: Recipe | undefined): number | undefined {
  const ignoreIndex = recipe?.['ignoreIndex'];
  return typeof ignoreIndex === 'number' ? ignoreIndex : undefined;
}

/** The loss of a recipe. @throws EngineError 'usage' for one of one's own, or settings out of range */
export function remakeLoss({ kind, ...settings }: Recipe): Loss {
  // What is read from a file was checked against the settings of its kind.
  if (kind === 'crossEntropy') return crossEntropy(settings);
  if (kind === 'nll') return nll(settings);
  throw cannotMake('loss', kind, 'a function that was written by hand');
}
