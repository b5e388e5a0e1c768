import { continued } from './continued.js';
import { givenFlags, parseFlags } from './flags.js';
import { mustBeJudged, trainingSettings } from './settings.js';
import { trainFlags } from './tables.js';
import type { RunSettings } from './task.js';
import { runTraining } from './training.js';
import { readWeights } from './weightsFile.js';

/** `weft train`: a net for the classes of the images, from random weights or from given ones. */
export async function train(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft train', trainFlags, words);
  const { net, mean, std, 'weights-in': weightsIn } = flags;
  const asked: RunSettings = { task: 'train', net, mean, std, training: trainingSettings(flags) };
  if (!flags.resume) mustBeJudged(flags);
  const start = weightsIn === undefined ? undefined : await readWeights('--weights-in', weightsIn);
  return runTraining(flags, (data, resume) => {
    if (resume === undefined) mustBeJudged(flags);
    const settings = resume === undefined ? asked : continued(flags, givenFlags(trainFlags, words), resume.facts);
    return { settings: { ...settings, classes: data.train.classes }, data, ...(start && { weights: start.weights }) };
  });
}
