// What crosses between Node and a page: JSON, and base64 for weights.

import { EngineError, weightsIn, writeSafetensors, type Dataset, type Weights } from '../index.js';
import type { RunEvent, RunOutcome, RunSettings } from './task.js';

/** Where a page finds its task, on the server that it came from. */
export const PATHS = { host: '/host.js', weights: '/weights', checkpoint: '/checkpoint', data: '/data' } as const;

/** A split as the page is told of it; images and labels lie under `/data/<split>.images` and `.labels`. */
export type PageSplit = Omit<Dataset, 'images' | 'labels'>;

export interface PageTask {
  readonly settings: RunSettings;
  readonly name: string;
  readonly source: string;
  readonly train: PageSplit;
  readonly test: PageSplit;
  readonly hasWeights: boolean;
  readonly hasCheckpoint: boolean;
  /** Whether checkpoints are wanted. */
  readonly saves: boolean;
}

/** What the page says, one after the other; `done` or `failed` is the last. */
export type PageMessage =
  | { readonly kind: 'event'; readonly event: RunEvent }
  /** A file's bytes in base64; the page waits until they are on the disk. */
  | { readonly kind: 'checkpoint'; readonly bytes: string }
  | { readonly kind: 'done'; readonly outcome: Omit<RunOutcome, 'weights'>; readonly weights?: string }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** What Node calls in the page. */
export interface PageHost {
  /** Returns at once; all else is told by messages. */
  start(task: PageTask): void;
  /** Ends the training after the steps that are submitted. */
  stop(): void;
}

declare global {
  /** Set by the page. */
  var weftHost: PageHost;
  /** Set by Node. */
  var weftTell: (message: PageMessage) => Promise<void>;
}

/** An error that JSON can hold. */
export type PlainError =
  | Pick<EngineError, 'code' | 'place' | 'given' | 'wanted' | 'wayOut'>
  | { readonly code: undefined; readonly message: string };

export function plainError(error: unknown): PlainError {
  if (error instanceof EngineError) {
    const { code, place, given, wanted, wayOut } = error;
    return { code, place, given, wanted, wayOut };
  }
  return { code: undefined, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function errorOf(plain: PlainError): Error {
  if (plain.code === undefined) return new Error(plain.message);
  const { code, wayOut, ...parts } = plain;
  return new EngineError(code, { ...parts, ...(wayOut !== undefined && { wayOut }) });
}

/** Weights as a file's bytes: one format on the disk and on the wire. */
export const packWeights = (weights: Weights): Uint8Array<ArrayBuffer> =>
  writeSafetensors(new Map([...weights].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }])));

export const unpackWeights = (bytes: Uint8Array): Weights => weightsIn(bytes, 'weights').weights;

/** In a page, which has no Buffer. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // As many arguments as every engine takes.
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(pieces.join(''));
}
