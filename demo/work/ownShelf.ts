// Where this browser keeps a person's digits between visits: IndexedDB, in this origin alone.

import { EngineError } from '../../src/index.js';

const DATABASE = 'weft.own';
const DIGITS = 'digits';
const PIXELS = 28 * 28;

export interface KeptDigit {
  readonly id: number;
  readonly label: number;
  /** [28, 28] */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

export interface Shelf {
  all(): Promise<KeptDigit[]>;
  /** @returns its id, which no other digit ever has */
  add(digit: Omit<KeptDigit, 'id'>): Promise<number>;
  remove(id: number): Promise<void>;
  clear(): Promise<void>;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed.')));
  });

/** Throws where the browser keeps nothing. */
export async function openShelf(): Promise<Shelf> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener('upgradeneeded', () => {
    opening.result.createObjectStore(DIGITS, { keyPath: 'id', autoIncrement: true });
  });
  const database = await done(opening);
  // A page of another tab may need another form of it.
  database.addEventListener('versionchange', () => database.close());
  const digits = (mode: IDBTransactionMode) => database.transaction(DIGITS, mode).objectStore(DIGITS);
  return {
    all: async () => (await done(digits('readonly').getAll() as IDBRequest<unknown[]>)).map(mustBeDigit),
    add: async (digit) => Number(await done(digits('readwrite').add(digit))),
    remove: (id) => done(digits('readwrite').delete(id)),
    clear: () => done(digits('readwrite').clear()),
  };
}

function mustBeDigit(kept: unknown): KeptDigit {
  const { id, label, pixels } = (kept ?? {}) as Partial<Record<keyof KeptDigit, unknown>>;
  if (typeof id === 'number' && isClass(label) && pixels instanceof Uint8Array && pixels.length === PIXELS)
    return { id, label, pixels: new Uint8Array(pixels) };
  throw new EngineError('format', {
    place: `IndexedDB ${DATABASE}`,
    given: 'something that is no digit',
    wanted: 'a class from 0 to 9 and an image of 28×28 bytes',
    wayOut: 'Delete all of your digits on this page, or the data of this site in the browser.',
  });
}

const isClass = (label: unknown): label is number =>
  typeof label === 'number' && Number.isInteger(label) && label >= 0 && label <= 9;
