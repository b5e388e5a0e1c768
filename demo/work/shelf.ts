// Where the last run lies: one record in the browser's IndexedDB, replaced whole or not at all.

import { openDB, type DBSchema } from 'idb';
import type { EpochRow, Settings } from '../protocol.js';

/** Everything from which a run goes on in another page. */
export interface ShelvedRun {
  readonly settings: Settings;
  readonly at: number;
  readonly steps: number;
  /** As `writeCheckpoint` writes it: its own digest tells whether it came back as it was. */
  readonly checkpoint: Uint8Array<ArrayBuffer>;
  /** Of every step. */
  readonly losses: Float32Array<ArrayBuffer>;
  readonly accuracies: Float32Array<ArrayBuffer>;
  readonly epochs: readonly EpochRow[];
  /** Of training. */
  readonly seconds: number;
}

interface Schema extends DBSchema {
  readonly runs: { readonly key: string; readonly value: ShelvedRun };
}

const LAST = 'last';

/** One connection a task: a database that somebody holds open cannot be cleared by anyone else. */
async function withShelf<T>(task: (shelf: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  const shelf = await open();
  try {
    return await task(shelf);
  } finally {
    shelf.close();
  }
}

const open = () => openDB<Schema>('weft', 1, { upgrade: (database) => void database.createObjectStore('runs') });

export const shelve = (run: ShelvedRun): Promise<void> =>
  withShelf(async (shelf) => {
    await shelf.put('runs', run, LAST);
  });

/** Undefined: there is none, or none of this version of the page. */
export const shelved = (): Promise<ShelvedRun | undefined> => withShelf((shelf) => shelf.get('runs', LAST));

export const clearShelf = (): Promise<void> => withShelf((shelf) => shelf.delete('runs', LAST));
