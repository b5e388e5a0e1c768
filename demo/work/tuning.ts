// Where a run begins (its weights, what of them stays, the images that it learns), and what it changed.

import {
  EngineError,
  pretrained,
  transferWeights,
  WEIGHTS_METADATA,
  weightsIn,
  type Net,
  type Splits,
  type TrainerOptions,
  type Weights,
} from '../../src/index.js';
import { LEAST_STD, MOST_STD } from '../normalising.js';
import { isPreset } from '../protocol/netText.js';
import { NORMALISATION, type Normalisation, type Settings } from '../protocol.js';
import type { Kept, Measured } from '../protocol/tuning.js';
import { normalisationOf } from '../tuning.js';
import type { Desk, Run } from './desk.js';
import { withOwn } from './learned.js';
import { frozenGroups, modulesIn } from './modules.js';
import { Own } from './own.js';

export class Tuning {
  readonly #desk: Desk;
  readonly #own: Own;
  #kept: { readonly version: number; readonly weights: Weights } | undefined;
  #shipped: Promise<Weights> | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#own = new Own(desk);
  }

  get handlers(): Own['handlers'] {
    return this.#own.handlers;
  }

  /** Weights of a trainer; none for a run from random ones. */
  async begin(net: Net, settings: Settings): Promise<Pick<TrainerOptions, 'weights' | 'groups'>> {
    const given = await this.#weights(settings);
    if (given === undefined) return {};
    const { weights, taken, fresh } = transferWeights(net, given, { seed: settings.seed });
    const begun = { taken: modulesIn(taken), fresh: modulesIn(fresh.map(({ name }) => name)) };
    this.#desk.post({ type: 'begun', begun });
    return { weights, groups: frozenGroups(net, settings.frozen) };
  }

  /** The images of a source as the settings want them learned. */
  async learn({ learn, seed }: Settings, splits: Splits): Promise<Splits> {
    if (learn === 'set') return splits;
    const own = await this.#own.all();
    if (own.labels.length > 0) return withOwn(splits, own, learn, seed);
    throw new EngineError('data', { place: 'own digits', given: 'none', wanted: 'at least one that you wrote' });
  }

  /** Keeps the weights of now, for runs that begin with them. */
  async keep(accuracy: number | undefined): Promise<void> {
    const { run, post } = this.#desk;
    if (run === undefined) return;
    const { settings } = run;
    const { steps } = run.trainer;
    const weights = await run.use((trainer) => trainer.weights());
    const version = (this.#kept?.version ?? 0) + 1;
    this.#kept = { version, weights };
    post({ type: 'kept', kept: { version, ...normalisationOf(settings), net: settings.net, steps, accuracy } });
  }

  /** Keeps the weights of a file. @throws EngineError 'format' or 'weights' for another file, and nothing is kept */
  async take(file: File, net: string): Promise<void> {
    const { weights, metadata } = weightsIn(new Uint8Array(await file.arrayBuffer()), file.name);
    const named = metadata[WEIGHTS_METADATA.net];
    const version = (this.#kept?.version ?? 0) + 1;
    this.#kept = { version, weights };
    const kept: Kept = {
      version,
      net: named !== undefined && isPreset(named) ? named : net,
      steps: 0,
      accuracy: undefined,
      ...normalisationIn(metadata),
    };
    this.#desk.post({ type: 'kept', kept, use: true });
  }

  /**
   * Tells how well the net of a run does, on the test images and on the person's own digits. Not of a run from random
   * weights on its source alone, which knew nothing before.
   *
   * @param tested its accuracy on the test images, if it is known for the weights of now
   */
  async measure(when: 'before' | 'after', run: Run, tested?: number): Promise<void> {
    const { begin, learn } = run.settings;
    if (begin === 'random' && learn === 'set') return;
    const step = run.trainer.steps;
    const accuracy = tested ?? (await run.use((trainer) => trainer.evaluate())).accuracy;
    const { answers, labels } = await this.#own.answeredBy(run);
    const right = answers.filter((answer, i) => answer === labels[i]).length;
    const measured: Measured = {
      step,
      test: { accuracy, total: run.data.test.count },
      own: labels.length === 0 ? undefined : { right, total: labels.length },
    };
    this.#desk.post({ type: 'measured', when, measured });
  }

  async #weights({ begin, kept }: Settings): Promise<Weights | undefined> {
    if (begin === 'random') return undefined;
    if (begin === 'kept') {
      if (this.#kept?.version === kept) return this.#kept.weights;
      throw new EngineError('weights', {
        place: 'begin',
        given: `kept weights of the number ${kept}, which are gone`,
        wanted: 'weights that were kept on this page',
        wayOut: 'Keep some, or begin with others.',
      });
    }
    this.#shipped ??= pretrained();
    try {
      return await this.#shipped;
    } catch (error) {
      // A network that fails may be there again.
      this.#shipped = undefined;
      throw error;
    }
  }
}

/** What a file says that its weights know pixels as; MNIST's numbers where it says nothing that can be. */
function normalisationIn(metadata: Readonly<Record<string, string>>): Normalisation {
  const [mean, std] = [Number(metadata[WEIGHTS_METADATA.mean]), Number(metadata[WEIGHTS_METADATA.std])];
  return mean >= 0 && mean <= 1 && std >= LEAST_STD && std <= MOST_STD ? { mean, std } : NORMALISATION;
}
