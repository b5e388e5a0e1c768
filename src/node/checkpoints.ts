// A folder of checkpoints: the newest and the one before it, so that no moment is without a whole one.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../io/checkpoint.js';
import { codeOf, fileError, readBytes, writeAtomic } from './files.js';

/** Checkpoints that are kept. */
const KEPT = 2;
const NAME = /^step-(\d+)\.safetensors$/;
/** What `writeAtomic` leaves where the process was killed. */
const TEMPORARY = /^\.step-\d+\.safetensors\..*\.tmp$/;

export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly path: string;
  /** Why newer ones were passed over. */
  readonly skipped: readonly EngineError[];
}

export interface CheckpointFolder {
  /**
   * Writes one; when the call returns it is on the disk, and the one before it still is. Others go.
   * @returns its path
   * @throws EngineError 'file'; those that were there before then still are
   */
  save(checkpoint: Checkpoint): Promise<string>;
  /**
   * The newest that is whole.
   * @returns undefined if there is none at all
   * @throws EngineError 'file', 'format' or 'checksum' of the newest if there are some and none is whole
   */
  latest(): Promise<FoundCheckpoint | undefined>;
}

/** One writer at a time: two would take each other's files away. */
export function checkpointFolder(folder: string): CheckpointFolder {
  const pathOf = (name: string): string => join(folder, name);
  const list = async (): Promise<readonly string[]> => {
    try {
      return await readdir(folder);
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return [];
      throw fileError(folder, 'cannot be read', 'a folder', cause);
    }
  };
  const remove = async (name: string): Promise<void> => {
    try {
      await rm(pathOf(name), { force: true });
    } catch (cause) {
      throw fileError(pathOf(name), 'cannot be removed', 'a folder that can be written to', cause);
    }
  };

  return {
    async save(checkpoint) {
      const { step } = checkpoint.facts;
      const name = `step-${String(step).padStart(8, '0')}.safetensors`;
      await writeAtomic(pathOf(name), await writeCheckpoint(checkpoint));
      const names = await list();
      // Whoever goes on from here has found those of later steps damaged.
      const older = newestFirst(names).filter((other) => stepOf(other) < step);
      const kept = new Set([name, ...older.slice(0, KEPT - 1)]);
      const gone = names.filter((other) => TEMPORARY.test(other) || (NAME.test(other) && !kept.has(other)));
      for (const other of gone) await remove(other);
      return pathOf(name);
    },

    async latest() {
      const skipped: EngineError[] = [];
      for (const name of newestFirst(await list())) {
        try {
          const checkpoint = await readCheckpoint(await readBytes(pathOf(name)), pathOf(name));
          return { checkpoint, path: pathOf(name), skipped };
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          skipped.push(error);
        }
      }
      if (skipped[0] !== undefined) throw skipped[0];
      return undefined;
    },
  };
}

const stepOf = (name: string): number => Number(NAME.exec(name)?.[1] ?? NaN);

const newestFirst = (names: readonly string[]): readonly string[] =>
  names.filter((name) => NAME.test(name)).sort((a, b) => stepOf(b) - stepOf(a));
