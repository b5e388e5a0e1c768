// Files of a known digest from mirrors that nobody has to trust.

import { EngineError } from '../core/errors.js';
import { sha256 } from '../core/sha256.js';
import { type IdxRank, unpackIdx } from './idx.js';

/** An IDX file that mirrors hold, gzipped or not; the digest is that of the bytes inside. */
export interface RemoteFile {
  /** Its name on every mirror, with .gz. */
  readonly name: string;
  /** SHA-256 of the decompressed bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Size of the decompressed file. */
  readonly bytes: number;
  /** Size as it usually travels, for the progress line. */
  readonly packedBytes: number;
  readonly rank: IdxRank;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface DownloadOptions {
  /** Folders that hold the files, best first, without a slash at the end. */
  readonly mirrors: readonly string[];
  readonly fetch?: Fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A mirror that sends nothing for so long is left for the next one; in milliseconds. */
  readonly stallMs?: number | undefined;
  /** What has arrived of the file, and how much it will be as far as known; both in bytes as they travel. */
  readonly onBytes?: ((arrived: number, total: number) => void) | undefined;
}

const STALL_MS = 20_000;
/** Room for a gzip that does not compress, and no more. */
const SLACK_BYTES = 1 << 16;

/**
 * Fetches a file from the first mirror that gives the right bytes.
 *
 * @returns the decompressed bytes, of the right digest, and the mirror that gave them
 * @throws EngineError 'network' if no mirror gave anything, 'checksum' if one gave other bytes and none the right
 *   ones; the message names every mirror and its reason. An abort rejects with the signal's reason.
 */
export async function download(
  file: RemoteFile,
  options: DownloadOptions,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; mirror: string }> {
  const failures: { mirror: string; error: unknown }[] = [];
  for (const mirror of options.mirrors) {
    try {
      return { bytes: await downloadFrom(mirror, file, options), mirror };
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push({ mirror, error });
    }
  }
  const altered = failures.some(({ error }) => error instanceof EngineError && error.code !== 'network');
  throw new EngineError(altered ? 'checksum' : 'network', {
    place: file.name,
    given: failures.map(({ mirror, error }) => `${mirror}: ${reasonOf(error)}`).join(' | ') || 'no mirrors',
    wanted: `a mirror that gives the file with SHA-256 ${file.sha256.slice(0, 12)}…`,
    wayOut: 'Check the connection, name another mirror, or use a folder that holds the files',
    cause: failures.at(-1)?.error,
  });
}

/** The same from one mirror, whose failure is thrown as it is. */
export async function downloadFrom(
  mirror: string,
  file: RemoteFile,
  options: Omit<DownloadOptions, 'mirrors'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = `${mirror}/${file.name}`;
  const bytes = await unpackIdx(await readBody(url, file, options), url, file.rank, file.bytes);
  const found = await sha256(bytes);
  if (found !== file.sha256) {
    throw new EngineError('checksum', {
      place: url,
      given: `${bytes.length} bytes with SHA-256 ${found.slice(0, 12)}…`,
      wanted: `${file.bytes} bytes with ${file.sha256.slice(0, 12)}…`,
    });
  }
  return bytes;
}

/** Reads a body of at most the file's decompressed size (a mirror may strip the gzip) and a little. */
async function readBody(
  url: string,
  file: RemoteFile,
  { fetch = globalThis.fetch, signal, stallMs = STALL_MS, onBytes }: Omit<DownloadOptions, 'mirrors'>,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  const stalled = new AbortController();
  const stall = () => stalled.abort(refuse('network', url, `nothing for ${stallMs} ms`, 'an answer'));
  let timer = setTimeout(stall, stallMs);
  try {
    const response = await fetch(url, {
      signal: signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal]),
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw refuse('network', url, `HTTP ${response.status}`, '200');
    }
    const bound = file.bytes + SLACK_BYTES;
    // With a Content-Encoding the length counts other bytes than those that arrive here.
    const encoded = response.headers.has('content-encoding');
    const stated = encoded ? 0 : Number(response.headers.get('content-length') ?? 0);
    const chunks: Uint8Array[] = [];
    let arrived = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      timer = setTimeout(stall, stallMs);
      arrived += value.length;
      if (arrived > bound || stated > bound) {
        await reader.cancel().catch(() => undefined);
        throw refuse('checksum', url, `more than ${bound} bytes`, `at most ${file.bytes}`);
      }
      chunks.push(value);
      onBytes?.(arrived, Math.max(arrived, stated || file.packedBytes));
    }
    // Now the size is known, whatever was expected.
    onBytes?.(arrived, arrived);
    return joined(chunks, arrived);
  } catch (error) {
    throw stalled.signal.aborted ? stalled.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

const refuse = (code: 'network' | 'checksum', place: string, given: string, wanted: string) =>
  new EngineError(code, { place, given, wanted });

/** fetch hides why it failed in the cause of its error. */
function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return `${error.given} (wanted ${error.wanted})`;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message || error.cause.name : undefined;
  return cause === undefined ? error.message : `${error.message} (${cause})`;
}
