// The settings of a run: from options to facts that a checkpoint can hold, and from those of a checkpoint back.

import { EngineError } from '../core/errors.js';
import { EXPECTED_STEPS } from '../core/expectedSteps.js';
import { OWN, plainText, recipeOf, samePlain } from '../core/recipe.js';
import type { CheckpointFacts } from '../io/checkpointFacts.js';
import type { GroupFacts, RunFacts, ScaleFacts } from '../io/runFacts.js';
import type { ParameterGroup } from '../optim/groups.js';
import type { Optimizer } from '../optim/optimizer.js';
import { Plateau, type PlateauOptions } from '../optim/plateau.js';
import { remakeOptimizer, remakeSchedule } from '../optim/remake.js';
import { constant, type Schedule } from '../optim/schedules.js';
import { sgd } from '../optim/sgd.js';
import type { BatchSettings } from './graphs.js';
import type { Loss } from './losses.js';
import { scaleSettings } from './lossScale.js';
import type { TrainerOptions } from './options.js';
import { ownLoss, PLAIN_LOSS, remakeLoss } from './remakeLoss.js';
import { validationCount } from './settings.js';
import type { ClipSettings } from './stepEnd.js';

/** What a trainer goes by. */
export interface Run {
  readonly facts: RunFacts;
  readonly optimizer: Optimizer;
  /** The plain cross-entropy if absent. */
  readonly loss?: Loss | undefined;
  readonly schedule: Schedule;
  readonly plateau?: PlateauOptions | undefined;
  readonly groups: readonly ParameterGroup[];
  readonly clip?: ClipSettings | undefined;
  readonly augment?: BatchSettings['augment'];
  readonly lossScale?: ScaleFacts | undefined;
}

/** Settings as they were asked for; those that are absent are the run's, or the defaults. */
type Asked = { readonly [K in keyof RunFacts]?: RunFacts[K] | undefined };

/**
 * The settings of a run: as asked for, as they were where it was begun, or the defaults.
 * @throws EngineError 'usage' where one that was asked for is not that of the run that goes on, or where that one had an
 * optimizer or a schedule of its own which is not given again
 */
export function runOf(options: TrainerOptions): Run {
  const { optimizer, schedule, loss } = options;
  const asked = askedIn(options);
  if (options.resume === undefined) {
    const chosen = { optimizer: optimizer ?? sgd(), schedule: schedule ?? constant() };
    return { ...settingsOf(begun(asked, chosen.optimizer)), ...chosen, loss: loss && ownLoss(loss) };
  }
  const { facts } = options.resume;
  mustBeSameRun(facts, asked);
  return {
    ...settingsOf(facts.run),
    optimizer: optimizer ?? remakeOptimizer(facts.run.optimizer),
    schedule: schedule ?? remakeSchedule(facts.run.schedule),
    loss: ownLoss(loss ?? remakeLoss(facts.run.loss ?? PLAIN_LOSS)),
  };
}

function askedIn(options: TrainerOptions): Asked {
  const { net, data, optimizer, loss, schedule, plateau, groups, clip, augment, precision, lossScale, validation } =
    options;
  const { batch, accumulate, seed, shuffle, mean, std, expectedSteps } = options;
  return {
    net: net.name,
    optimizer: optimizer && optimizerFacts(optimizer),
    loss: loss && recipeOf(loss),
    schedule: schedule && recipeOf(schedule),
    plateau: plateau && new Plateau(plateau).settings,
    groups: groups?.map(groupFacts),
    clip,
    augment: augment && (Object.keys(augment).length === 0 ? null : augment),
    precision,
    lossScale: lossScale && scaleSettings(lossScale),
    batch,
    accumulate,
    seed,
    shuffle,
    mean,
    std,
    expectedSteps,
    validation: validation === undefined ? undefined : validationCount(validation, data.train.count),
  };
}

/** The facts of a run that begins. */
const begun = (asked: Asked, optimizer: Optimizer): RunFacts => ({
  net: asked.net ?? '',
  optimizer: optimizerFacts(optimizer),
  loss: asked.loss ?? PLAIN_LOSS,
  rate: optimizer.rate,
  schedule: asked.schedule ?? recipeOf(constant()),
  plateau: asked.plateau ?? null,
  groups: asked.groups ?? [],
  clip: asked.clip ?? null,
  augment: asked.augment ?? null,
  precision: asked.precision ?? 'f32',
  lossScale: asked.lossScale ?? (asked.precision === 'mixed' ? scaleSettings({}) : null),
  batch: asked.batch ?? 64,
  accumulate: asked.accumulate ?? 1,
  seed: asked.seed ?? 1,
  shuffle: asked.shuffle ?? true,
  mean: asked.mean ?? 0.1307,
  std: asked.std ?? 0.3081,
  expectedSteps: asked.expectedSteps ?? EXPECTED_STEPS,
  validation: asked.validation ?? 0,
});

function optimizerFacts(optimizer: Optimizer): RunFacts['optimizer'] {
  const recipe = recipeOf(optimizer);
  return recipe.kind === OWN ? { kind: OWN, name: optimizer.name } : recipe;
}

const groupFacts = ({ match, ...settings }: ParameterGroup): GroupFacts => ({
  match: typeof match === 'string' ? match : { expression: match.source, flags: match.flags },
  ...settings,
});

/** What facts say of a run, as options are given. */
const settingsOf = (facts: RunFacts): Omit<Run, 'optimizer' | 'schedule'> => ({
  facts,
  plateau: facts.plateau ?? undefined,
  groups: facts.groups.map(groupOf),
  clip: facts.clip ?? undefined,
  augment: facts.augment ?? undefined,
  lossScale: facts.lossScale ?? undefined,
});

function groupOf({ match, ...settings }: GroupFacts): ParameterGroup {
  if (typeof match === 'string') return { match, ...settings };
  const { expression, flags } = match;
  try {
    return { match: new RegExp(expression, flags), ...settings };
  } catch (cause) {
    const given = `/${expression}/${flags} for the names of a group`;
    throw new EngineError('format', { place: 'resume', given, wanted: 'a regular expression', cause });
  }
}

/** Throws EngineError 'usage' where a setting that was asked for is not that of the checkpoint's run. */
function mustBeSameRun({ run: told }: CheckpointFacts, asked: Asked): void {
  const run = { loss: PLAIN_LOSS, ...told };
  const other = (Object.keys(asked) as (keyof RunFacts)[]).filter(
    (key) => asked[key] !== undefined && !samePlain(asked[key], run[key]),
  );
  if (other.length === 0) return;
  throw new EngineError('usage', {
    place: 'resume',
    given: other.map((key) => `${key} ${plainText(asked[key])}`).join(', '),
    wanted: `as the run was begun: ${other.map((key) => `${key} ${plainText(run[key])}`).join(', ')}`,
    wayOut: 'Leave the setting out, or begin a run of its own with these weights.',
  });
}
