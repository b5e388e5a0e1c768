// A checkpoint: everything from which a training goes on as if it had never stopped, in one safetensors file.
//
//   tensors      the weights under their own names, so that whatever reads weights reads checkpoints; all other states of
//                the run (moments, counters, guard, metrics) under `weft/` and their name
//   metadata     weft.checkpoint: the facts below, as JSON · weft.net, weft.mean, weft.std: as in files of weights ·
//                weft.digest: SHA-256 of the file as it is without this entry

import { EngineError } from '../core/errors.js';
import { sha256 } from '../core/sha256.js';
import { sameShape, type Shape } from '../core/shape.js';
import { mustBeFacts, type CheckpointFacts } from './checkpointFacts.js';
import { readSafetensors, writeSafetensors, type SafeTensor, type WritableTensor } from './safetensors.js';

export type { CheckpointFacts } from './checkpointFacts.js';

/** A state's values, row-major. */
export interface CheckpointState {
  readonly shape: Shape;
  readonly data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

export interface Checkpoint {
  /** Parameters and running statistics by PyTorch's names. */
  readonly weights: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array<ArrayBuffer> }>;
  /** All else that outlives a step, but for data and rates, which the run has anyway. */
  readonly states: ReadonlyMap<string, CheckpointState>;
  readonly facts: CheckpointFacts;
}

/** What begins the names of states that are no weights. */
export const STATE_PREFIX = 'weft/';
const KEYS = {
  facts: 'weft.checkpoint',
  digest: 'weft.digest',
  net: 'weft.net',
  mean: 'weft.mean',
  std: 'weft.std',
} as const;

/** A checkpoint as a file's bytes; equal checkpoints give equal bytes. */
export async function writeCheckpoint({ weights, states, facts }: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const tensors = new Map<string, WritableTensor>([
    ...[...weights].map(([name, state]) => [name, tensorOf(state)] as const),
    ...[...states].map(([name, state]) => [STATE_PREFIX + name, tensorOf(state)] as const),
  ]);
  const { net, mean, std } = facts.run;
  const metadata = {
    [KEYS.facts]: JSON.stringify(facts),
    [KEYS.net]: net,
    [KEYS.mean]: String(mean),
    [KEYS.std]: String(std),
  };
  const digest = await sha256(writeSafetensors(tensors, metadata));
  return writeSafetensors(tensors, { ...metadata, [KEYS.digest]: digest });
}

/**
 * Reads a checkpoint; nothing of it is given out before all of it was checked.
 *
 * @param place who is named in errors, as a file's path
 * @throws EngineError 'format' for what is no checkpoint, 'checksum' for one whose bytes are not those that were written
 */
export async function readCheckpoint(bytes: Uint8Array, place = 'checkpoint'): Promise<Checkpoint> {
  const { tensors, metadata } = readSafetensors(bytes, place);
  const { [KEYS.digest]: digest, ...rest } = metadata;
  const text = rest[KEYS.facts];
  if (digest === undefined || text === undefined) {
    throw new EngineError('format', {
      place,
      given: 'a safetensors file without the facts of a checkpoint',
      wanted: 'a checkpoint of weft',
      wayOut: 'Weights alone are read by --weights-in.',
    });
  }
  const writable = new Map([...tensors].map(([name, tensor]) => [name, mustBeWritable(place, name, tensor)]));
  const found = await sha256(writeSafetensors(writable, rest));
  if (found !== digest) {
    throw new EngineError('checksum', {
      place,
      given: `a digest of ${found.slice(0, 12)}…`,
      wanted: `${digest.slice(0, 12)}…, which the file says of itself`,
      wayOut: 'The file is damaged; take the checkpoint before it.',
    });
  }
  const states = new Map<string, CheckpointState>();
  const weights = new Map<string, { shape: Shape; data: Float32Array<ArrayBuffer> }>();
  for (const [name, { shape, data }] of writable) {
    if (name.startsWith(STATE_PREFIX)) states.set(name.slice(STATE_PREFIX.length), { shape, data });
    else if (data instanceof Float32Array) weights.set(name, { shape, data });
    else throw noCheckpoint(place, `${name} of whole numbers`, 'weights of f32');
  }
  return { weights, states, facts: mustBeFacts(place, text) };
}

/** Whether two checkpoints hold the same states bit for bit. */
export function sameStates(a: Checkpoint, b: Checkpoint): boolean {
  const all = ({ weights, states }: Checkpoint): ReadonlyMap<string, CheckpointState> =>
    new Map<string, CheckpointState>([
      ...weights,
      ...[...states].map(([name, state]) => [STATE_PREFIX + name, state] as const),
    ]);
  const [left, right] = [all(a), all(b)];
  if (left.size !== right.size) return false;
  return [...left].every(([name, { shape, data }]) => {
    const other = right.get(name);
    if (other === undefined || !sameShape(shape, other.shape)) return false;
    const words = wordsOf(other.data);
    return wordsOf(data).every((word, i) => word === words[i]);
  });
}

const wordsOf = ({ buffer, byteOffset, length }: CheckpointState['data']): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

const tensorOf = ({ shape, data }: CheckpointState): WritableTensor =>
  data instanceof Float32Array ? { dtype: 'F32', shape, data } : { dtype: 'U32', shape, data };

function mustBeWritable(place: string, name: string, tensor: SafeTensor): WritableTensor & CheckpointState {
  const { dtype, shape, data } = tensor;
  // Read data lie in memory of their own.
  if (dtype === 'F32') return { dtype, shape, data: data as Float32Array<ArrayBuffer> };
  if (dtype === 'U32') return { dtype, shape, data: data as Uint32Array<ArrayBuffer> };
  throw noCheckpoint(place, `${name} of ${dtype}`, 'states of F32 and U32');
}

const noCheckpoint = (place: string, given: string, wanted: string): EngineError =>
  new EngineError('format', { place, given, wanted });
