import { EngineError } from '../core/errors.js';

/** The format's number: a reader refuses what it does not know. */
export const CHECKPOINT_FORMAT = 1;

/** What a checkpoint says of its run in words and numbers. */
export interface CheckpointFacts {
  readonly format: typeof CHECKPOINT_FORMAT;
  /** Version of the engine that wrote it. */
  readonly engine: string;
  /** Digest of the plan: another one computes with other roundings. */
  readonly plan: string;
  /** Steps done. Epoch, place in the permutation, random numbers and schedule are functions of it and of the seed. */
  readonly step: number;
  /** Steps whose losses were told; those after them are still in the metrics. */
  readonly told: number;
  readonly epochsTold: number;
  /** Sums over the images of the epoch under way, of the steps that were told; and how long it has trained so far. */
  readonly epoch: { readonly images: number; readonly loss: number; readonly correct: number; readonly ms: number };
  readonly run: RunFacts;
  readonly data: DataFacts;
}

/** The settings that the rest of a run depends on. */
export interface RunFacts {
  readonly net: string;
  readonly optimizer: string;
  readonly rate: number;
  readonly batch: number;
  readonly accumulate: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly mean: number;
  readonly std: number;
  readonly expectedSteps: number;
  /** Images held out of the training set. */
  readonly validation: number;
}

/** The training set. */
export interface DataFacts {
  readonly name: string;
  readonly count: number;
  /** Of the digests of the images' bytes and of the labels', one after the other in hexadecimal. */
  readonly sha256: string;
}

type Kind = 'text' | 'whole' | 'number' | 'yes or no' | { readonly [key: string]: Kind };

const FACTS: Kind = {
  format: 'whole',
  engine: 'text',
  plan: 'text',
  step: 'whole',
  told: 'whole',
  epochsTold: 'whole',
  epoch: { images: 'whole', loss: 'number', correct: 'number', ms: 'number' },
  run: {
    net: 'text',
    optimizer: 'text',
    rate: 'number',
    batch: 'whole',
    accumulate: 'whole',
    seed: 'whole',
    shuffle: 'yes or no',
    mean: 'number',
    std: 'number',
    expectedSteps: 'whole',
    validation: 'whole',
  },
  data: { name: 'text', count: 'whole', sha256: 'text' },
};

/** Parses the facts and checks each. @throws EngineError 'format' */
export function mustBeFacts(place: string, text: string): CheckpointFacts {
  const fail = (given: string, wanted: string): never => {
    throw new EngineError('format', { place, given, wanted });
  };
  let facts: unknown;
  try {
    facts = JSON.parse(text);
  } catch {
    fail('facts that are no JSON', 'a checkpoint of weft');
  }
  const version = isRecord(facts) ? facts['format'] : undefined;
  if (version !== CHECKPOINT_FORMAT) {
    fail(`a checkpoint of format ${JSON.stringify(version) ?? 'unknown'}`, `format ${CHECKPOINT_FORMAT}`);
  }
  const wrong = firstWrong('', facts, FACTS);
  if (wrong !== undefined) fail(`${wrong[0]} that is not ${wrong[1]}`, 'the facts of a checkpoint');
  const checked = facts as CheckpointFacts;
  if (checked.told > checked.step) fail(`${checked.told} steps told of ${checked.step}`, 'no more than were done');
  return checked;
}

/** The path and kind of the first fact that is not what it should be. */
function firstWrong(path: string, value: unknown, kind: Kind): readonly [path: string, wanted: string] | undefined {
  if (typeof kind === 'string') return IS[kind](value) ? undefined : [path, kind];
  if (!isRecord(value)) return [path || 'the whole', 'an object'];
  for (const [key, inner] of Object.entries(kind)) {
    const wrong = firstWrong(path === '' ? key : `${path}.${key}`, value[key], inner);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const IS: Readonly<Record<Extract<Kind, string>, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  whole: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  'yes or no': (value) => typeof value === 'boolean',
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
