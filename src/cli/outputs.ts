// Files that a run writes.

import { randomBytes } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder, openLines, type LineWriter } from '../node.js';
import { usageError } from './exit.js';
import type { RunEvent } from './task.js';

/**
 * Refuses a path where nothing could be written, before an hour of training is spent on it. Makes the folders that it
 * needs, and leaves a file that is there as it is.
 *
 * @throws EngineError 'usage' that names the flag
 */
export async function mustBeWritable(flag: string, path: string): Promise<void> {
  const refuse = (reason: string) =>
    usageError(flag, `${path}, where nothing can be written (${reason})`, 'a file to write');
  if (
    await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
  )
    throw refuse('it is a folder');
  if (/[/\\]$/.test(path)) throw refuse('it names a folder');
  const folder = dirname(resolve(path));
  try {
    await makeFolder(folder);
    // A trial tells more than permissions do: a read-only file system, a full disk, a name that is too long.
    const trial = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
    await (await open(trial, 'wx')).close();
    await rm(trial);
    // Weights replace a file, and metrics are written into it: then the file itself must allow it.
    if (flag === '--metrics') await (await open(path, 'a')).close();
  } catch (cause) {
    // "EACCES: permission denied, open '/…'"
    const message = cause instanceof Error ? cause.message : String(cause);
    if (['EEXIST', 'ENOTDIR'].includes(String(codeOf(cause)))) throw refuse('a part of the path is no folder');
    throw refuse(/^E\w+: ([^,]+)/.exec(message)?.[1] ?? message);
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

export interface MetricsFile {
  write(event: RunEvent): void;
  close(): void;
}

/** One line a step: `{"step":1,"loss":2.3025,"accuracy":0.1094}`. What another run left in the file goes. */
export async function openMetrics(path: string): Promise<MetricsFile> {
  const lines: LineWriter = await openLines(path);
  // A pipe or a terminal cannot be emptied, and holds nothing. A file keeps what it has until this run has a step.
  let old = (await stat(path)).isFile();
  return {
    write(event) {
      if (event.event !== 'steps') return;
      if (old) truncateSync(path);
      old = false;
      for (const { step, loss, accuracy } of event.steps) lines.write(JSON.stringify({ step, loss, accuracy }));
    },
    close: () => lines.close(),
  };
}
