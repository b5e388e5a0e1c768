// Where this browser keeps a person's digits between visits: IndexedDB, in this origin alone.

import { openDB, type DBSchema } from 'idb';
import { EngineError } from '../../src/index.js';

const DATABASE = 'weft.own';
const PIXELS = 28 * 28;

export interface KeptDigit {
  readonly id: number;
  readonly label: number;
  /** [28, 28] */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** What lies there comes from elsewhere: another version of the page, or somebody's tools. */
interface Schema extends DBSchema {
  readonly digits: { readonly key: number; readonly value: object };
}

/** One connection a task: a database that somebody holds open cannot be cleared by anyone else. */
async function withDigits<T>(task: (database: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  const database = await open();
  try {
    return await task(database);
  } finally {
    database.close();
  }
}

const open = () =>
  openDB<Schema>(DATABASE, 1, {
    upgrade: (database) => void database.createObjectStore('digits', { keyPath: 'id', autoIncrement: true }),
  });

/** All of them, the oldest first. @throws EngineError 'format' where something else lies there */
export const keptDigits = (): Promise<KeptDigit[]> =>
  withDigits(async (database) => (await database.getAll('digits')).map(mustBeDigit));

/** @returns its id, which no other digit ever has */
export const keepDigit = (digit: Omit<KeptDigit, 'id'>): Promise<number> =>
  withDigits((database) => database.add('digits', digit));

export const removeDigit = (id: number): Promise<void> => withDigits((database) => database.delete('digits', id));

export const clearDigits = (): Promise<void> => withDigits((database) => database.clear('digits'));

function mustBeDigit(kept: Partial<Record<keyof KeptDigit, unknown>>): KeptDigit {
  const { id, label, pixels } = kept;
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
