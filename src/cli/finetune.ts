import {
  headOf,
  nets,
  pretrained,
  subset,
  transferWeights,
  type Checkpoint,
  type ParameterGroup,
  type Splits,
} from '../index.js';
import { readBytes } from '../node.js';
import { continued } from './continued.js';
import { usageError } from './exit.js';
import { finetuneFlags } from './finetuneTable.js';
import { givenFlags, listed, parseFlags, type Values } from './flags.js';
import { mustBeJudged, trainingSettings } from './settings.js';
import { runTraining, type Job } from './training.js';
import { readWeights, trainedOn, type SavedWeights } from './weightsFile.js';

type FinetuneFlags = Values<typeof finetuneFlags>;

/** Weights that a training starts from, and where they are from. */
interface Start extends SavedWeights {
  readonly from: string;
}

/** `weft finetune`: goes on from trained weights, on other images or other classes. */
export async function finetune(words: readonly string[]): Promise<number> {
  const flags = parseFlags('weft finetune', finetuneFlags, words);
  const own = groupsOf(flags);
  const groups = own.length > 0 ? { groups: own } : {};
  const training = { ...trainingSettings(flags), ...groups, evaluateFirst: true };
  if (!flags.resume) mustBeJudged(flags);
  const start = await readStart(flags);
  return runTraining(flags, (data, resume): Job => {
    const { classes } = data.train;
    if (resume !== undefined) {
      const asked = continued(flags, givenFlags(finetuneFlags, words), resume.facts);
      const settings = { ...asked, classes, training: { ...asked.training, ...groups } };
      return { settings, data: fewOf(data, flags.images ?? fewerThan(data, resume), resume.facts.run.seed) };
    }
    mustBeJudged(flags);
    const { net, mean, std } = trainedOn(start, flags);
    const made = nets[net]?.(classes);
    if (made === undefined) throw usageError('--net', net, listed(Object.keys(nets)));
    const fresh = flags['replace-head'] ? [headOf(made)] : [];
    const { weights, ...transfer } = transferWeights(made, start.weights, { seed: flags.seed, fresh });
    return {
      settings: { task: 'train', net, classes, mean, std, training },
      data: fewOf(data, flags.images, flags.seed),
      weights,
      transfer: { event: 'transfer', from: start.from, ...transfer },
    };
  });
}

async function readStart({ 'weights-in': path, net, resume }: FinetuneFlags): Promise<Start> {
  if (path !== undefined) return { from: path, ...(await readWeights('--weights-in', path)) };
  if (net !== undefined && net !== 'tutorial' && !resume) {
    const wayOut = 'The weights that ship are of the tutorial net.';
    throw usageError('--net', `${net}, without --weights-in`, 'trained weights of that net', wayOut);
  }
  const weights = await pretrained({ read: readBytes });
  return { from: 'the weights that ship, trained on generated digits', weights, mean: undefined, std: undefined };
}

/** As many training images as are wanted; all if no number is. */
function fewOf(data: Splits, images: number | undefined, seed: number): Splits {
  const { train } = data;
  if (images === undefined) return data;
  if (images > train.count) throw usageError('--images', String(images), `at most ${train.count}, which there are`);
  return { ...data, train: subset(train, images, seed) };
}

/** How many images a run was begun with, if not with all. */
const fewerThan = ({ train }: Splits, { facts: { data } }: Checkpoint): number | undefined =>
  data.count < train.count ? data.count : undefined;

/** Parameters that are frozen, then those with a rate of their own: the first pattern that means one has it. */
export function groupsOf({ freeze, 'lr-for': rates }: Pick<FinetuneFlags, 'freeze' | 'lr-for'>): ParameterGroup[] {
  return [
    ...patternsOf('--freeze', freeze).map((match) => ({ match, frozen: true })),
    ...patternsOf('--lr-for', rates).map((one) => {
      const [, match = '', factor = ''] = /^(.+)=([^=]*)$/.exec(one) ?? [];
      const rateFactor = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(factor) ? Number(factor) : NaN;
      if (Number.isFinite(Math.fround(rateFactor))) return { match, rateFactor };
      throw usageError('--lr-for', `"${one}"`, '<pattern>=<factor>, such as conv*=0.1');
    }),
  ];
}

/** All of a flag that may be given again, each time with commas between what it names. */
const patternsOf = (flag: string, given: readonly string[]): string[] =>
  given.flatMap((text) => {
    const patterns = text.split(',').map((one) => one.trim());
    if (patterns.includes('')) throw usageError(flag, `"${text}"`, 'patterns, with commas between them');
    return patterns;
  });
