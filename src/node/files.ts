// Files of this machine, with bounds and typed errors: nothing is read beyond a limit, no file is ever half written,
// and no error of a disk gets lost.

import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../core/errors.js';

/** Enough for every dataset and checkpoint here; a mistaken path to something huge ends soon. */
const DEFAULT_MAX_BYTES = 512 * 2 ** 20;

/**
 * The bytes of a file. Pipes are read too, to the same limit.
 *
 * @param file a path, or an address that begins with file:
 * @param maxBytes default 512 MiB
 * @throws EngineError 'file' if it cannot be read, is a folder, or is larger
 */
export async function readBytes(file: string | URL, maxBytes = DEFAULT_MAX_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  const path = typeof file === 'string' ? file : fileURLToPath(file);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const { size } = await handle.stat();
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    // A file may grow, and a pipe has no size, so what counts is what comes. `end` is the last byte that is read.
    if (size <= maxBytes) {
      for await (const chunk of handle.createReadStream({ end: maxBytes, highWaterMark: 2 ** 20, autoClose: false })) {
        chunks.push(chunk as Uint8Array);
        bytes += (chunk as Uint8Array).length;
      }
    }
    if (size > maxBytes || bytes > maxBytes) {
      throw new EngineError('file', {
        place: path,
        given: `more than ${maxBytes} bytes`,
        wanted: `a file of at most ${maxBytes} bytes`,
      });
    }
    const whole = new Uint8Array(bytes);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  } catch (cause) {
    throw fileError(path, 'cannot be read', 'a readable file', cause);
  } finally {
    await handle?.close();
  }
}

/**
 * Replaces a file as a whole, or makes it, with the folders that it needs. Whoever opens the path meanwhile, and after
 * a failure or a power cut, finds the old file or the new one, never a part. A symbolic link stays and its target is
 * replaced; the permissions of an old file are kept.
 *
 * @throws EngineError 'file'; the old file then stands as it was, and no temporary one is left
 */
export async function writeAtomic(path: string, content: Uint8Array | string): Promise<void> {
  let temporary: string | undefined;
  try {
    await makeFolder(dirname(path));
    const target = await realpath(path).catch(() => path);
    const old = await stat(target).catch(() => undefined);
    const folder = dirname(target);
    // In the same folder, since a rename is atomic only within one file system.
    temporary = join(folder, `.${basename(target)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
    const handle = await open(temporary, 'wx', 0o666);
    try {
      if (old?.isFile() === true) await handle.chmod(old.mode & 0o7777);
      await handle.writeFile(content);
      // Without this a rename may reach the disk before the bytes do.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
    temporary = undefined;
    await syncFolder(folder);
  } catch (cause) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(path, 'cannot be written', 'a place that can be written to', cause);
  }
}

/**
 * Makes a folder and those above it, as `mkdir -p`. Node's own `recursive` never returns where the system denies that a
 * folder's parent is there, as in /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory() === true) return;
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}

/** Brings a rename to the disk. Windows has no such call, and some file systems refuse it: there it is done by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
}

/** A file of lines that only grows, such as a run's metrics in JSONL. */
export interface LineWriter {
  readonly path: string;
  /**
   * Appends a line. It has left this process when the call returns, so not even a crash of ours loses it.
   *
   * @throws EngineError 'file' if the disk refuses it, 'usage' if the text holds a line break or the writer is closed
   */
  write(line: string): void;
  /** Brings all lines to the disk and closes the file. May be called again. @throws EngineError 'file' */
  close(): void;
}

/**
 * Opens a file for appending lines, and makes it and its folders if need be. Where an earlier run was cut off in the
 * midst of a line, that line is ended first, so that it spoils no other.
 *
 * Lines are written synchronously: some microseconds each, at the pace of metrics, for errors that arise where they
 * can be handled rather than in a promise that nobody awaits.
 *
 * @throws EngineError 'file' if it cannot be opened for writing
 */
export async function openLines(path: string): Promise<LineWriter> {
  try {
    await makeFolder(dirname(path));
    const { O_APPEND, O_CREAT, O_RDWR } = constants;
    const file = openSync(path, O_APPEND | O_CREAT | O_RDWR, 0o666);
    const { size } = fstatSync(file);
    const last = new Uint8Array(1);
    if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) writeAll(file, '\n');
    return lineWriter(path, file);
  } catch (cause) {
    throw fileError(path, 'cannot be opened', 'a file to append to', cause);
  }
}

function lineWriter(path: string, file: number): LineWriter {
  let open = true;
  return {
    path,
    write(line) {
      if (!open || /[\n\r]/.test(line)) {
        const given = open ? 'a line with a line break' : 'a line after the end';
        throw new EngineError('usage', { place: path, given, wanted: 'single lines, then close()' });
      }
      try {
        writeAll(file, `${line}\n`);
      } catch (cause) {
        throw fileError(path, 'cannot be written', 'a disk that takes more', cause);
      }
    },
    close() {
      if (!open) return;
      open = false;
      try {
        fsyncSync(file);
      } catch (cause) {
        // A pipe or a terminal has no disk to bring lines to.
        if (!['EINVAL', 'ENOTSUP'].includes(codeOf(cause))) throw fileError(path, 'cannot be written', 'a disk', cause);
      } finally {
        closeSync(file);
      }
    },
  };
}

/** A disk that is nearly full takes a part and refuses the rest at the next call. */
function writeAll(file: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** An error of the disk as one of ours. */
export function fileError(path: string, what: string, wanted: string, cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const code = codeOf(cause);
  const words = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new EngineError('file', { place: path, given: `${what} (${words})`, wanted, cause });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'not allowed',
  EPERM: 'not allowed',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EMFILE: 'too many open files',
};

/** The system's word for an error, as ENOENT; empty if it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
