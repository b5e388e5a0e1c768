import { EngineError } from '../core/errors.js';
import { isRecord, number, orNull, record, text, whole, yesOrNo } from './factChecks.js';
import { runFacts, type RunFacts } from './runFacts.js';

/** The format's number: a reader refuses what it does not know. */
export const CHECKPOINT_FORMAT = 2;

/** What a checkpoint says of its run in words and numbers. */
export interface CheckpointFacts {
  readonly format: typeof CHECKPOINT_FORMAT;
  /** Version of the engine that wrote it. */
  readonly engine: string;
  /** Digest of the plan: another one computes with other roundings. */
  readonly plan: string;
  /** Of the adapter, as it names itself. Absent in files of earlier versions. */
  readonly adapter?: string;
  /** Steps done. Epoch, place in the permutation, random numbers and schedule are functions of it and of the seed. */
  readonly step: number;
  /** Steps whose losses were told; those after them are still in the metrics. */
  readonly told: number;
  readonly epochsTold: number;
  /** Sums over the images of the epoch under way, of the steps that were told; and how long it has trained so far. */
  readonly epoch: { readonly images: number; readonly loss: number; readonly correct: number; readonly ms: number };
  readonly best: BestFacts;
  /**
   * What the last call of `fit` wanted of the validation losses. A later one is told anew; the command takes it from here.
   * Absent in files of earlier versions.
   */
  readonly watching?: WatchingFacts;
  /** What a plateau has counted: its best number, epochs without a better one, epochs in which none is counted. */
  readonly plateau: { readonly best: number | null; readonly bad: number; readonly cooling: number } | null;
  readonly run: RunFacts;
  readonly data: DataFacts;
}

/** The epoch with the smallest validation loss, and what early stopping has counted; null before the first. */
export interface BestFacts {
  readonly epoch: number | null;
  readonly loss: number | null;
  /** What a loss must be below, less the delta, to let the patience begin again. */
  readonly mark: number | null;
  /** Epochs without such a loss. */
  readonly bad: number;
}

export interface WatchingFacts {
  /** Absent where training was not to stop early. */
  readonly stopEarly?: { readonly patience: number; readonly minDelta: number };
  readonly keepBest: boolean;
}

/** The training set. */
export interface DataFacts {
  readonly name: string;
  readonly count: number;
  /** Of the digests of the images' bytes and of the labels', one after the other in hexadecimal. */
  readonly sha256: string;
}

const all = {
  format: whole,
  engine: text,
  plan: text,
  step: whole,
  told: whole,
  epochsTold: whole,
  epoch: record({ images: whole, loss: number, correct: number, ms: number }),
  best: record({ epoch: orNull(whole), loss: orNull(number), mark: orNull(number), bad: whole }),
  plateau: orNull(record({ best: orNull(number), bad: whole, cooling: number })),
  run: runFacts,
  data: record({ name: text, count: whole, sha256: text }),
};

const watching = record({ keepBest: yesOrNo }, { stopEarly: record({ patience: whole, minDelta: number }) });

const facts = record(all, { watching, adapter: text });

/** Parses the facts and checks each. @throws EngineError 'format' */
export function mustBeFacts(place: string, json: string): CheckpointFacts {
  const fail = (given: string, wanted: string, wayOut?: string): never => {
    throw new EngineError('format', { place, given, wanted, ...(wayOut !== undefined && { wayOut }) });
  };
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    fail('facts that are no JSON', 'a checkpoint of weft');
  }
  const version = isRecord(read) ? read['format'] : undefined;
  if (version === 1) {
    fail(
      'a checkpoint of format 1, which says nothing of schedule, groups, bounds and augmentation',
      `format ${CHECKPOINT_FORMAT}: a run that goes on by guess is another run`,
      'Begin a run with its weights; --weights-in reads them.',
    );
  }
  if (version !== CHECKPOINT_FORMAT) {
    fail(`a checkpoint of format ${JSON.stringify(version) ?? 'unknown'}`, `format ${CHECKPOINT_FORMAT}`);
  }
  const wrong = facts('', read);
  if (wrong !== undefined) fail(`${wrong[0]} that is not ${wrong[1]}`, 'the facts of a checkpoint');
  const checked = read as CheckpointFacts;
  if (checked.told > checked.step) fail(`${checked.told} steps told of ${checked.step}`, 'no more than were done');
  return checked;
}
