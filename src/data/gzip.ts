import { EngineError } from '../core/errors.js';

/** DEFLATE cannot say more than 1032 bytes with one, so a longer claim is false (zlib's technical details). */
const DEFLATE_RATIO = 1032;
/** Fed in pieces, so that a bomb is stopped soon after it passes its bound. */
const FEED_BYTES = 1 << 14;

/** Whether the bytes begin as a gzip stream does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses a gzip stream whose own first bytes say how long it is.
 *
 * @param bytes the gzip stream
 * @param place who asks, for the error
 * @param headBytes how many decompressed bytes `measure` needs
 * @param measure the total decompressed size in bytes, from the first `headBytes`; throws if they are wrong
 * @returns exactly the measured number of bytes
 * @throws EngineError 'format' if the stream is damaged, or holds more or fewer bytes than measured: it is left as
 *   soon as it passes that size, so a bomb costs no more memory than the honest file
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  place: string,
  headBytes: number,
  measure: (head: Uint8Array) => number,
): Promise<Uint8Array<ArrayBuffer>> {
  const refuse = (given: string, wanted: string, cause?: unknown) =>
    new EngineError('format', { place, given, wanted, cause });
  const head = new Uint8Array(headBytes);
  let whole: Uint8Array<ArrayBuffer> | undefined;
  let filled = 0;

  const take = (chunk: Uint8Array) => {
    if (whole === undefined) {
      const missing = chunk.subarray(0, headBytes - filled);
      head.set(missing, filled);
      filled += missing.length;
      if (filled < headBytes) return;
      const total = measure(head);
      if (total > bytes.length * DEFLATE_RATIO) {
        throw refuse(
          `${bytes.length} compressed bytes for a claimed ${total}`,
          `at most ${DEFLATE_RATIO} for each one`,
        );
      }
      whole = new Uint8Array(total);
      whole.set(head);
      chunk = chunk.subarray(missing.length);
    }
    if (filled + chunk.length > whole.length) {
      throw refuse(`a gzip stream that goes on after ${whole.length} bytes`, 'the size that its header states');
    }
    whole.set(chunk, filled);
    filled += chunk.length;
  };

  const reader = slices(bytes).pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      take(value);
    }
  } catch (error) {
    // A stream that failed by itself cannot be cancelled; the first error is the one that matters.
    await reader.cancel().catch(() => undefined);
    if (error instanceof EngineError) throw error;
    throw refuse(
      `a damaged gzip stream (${error instanceof Error ? error.message : String(error)})`,
      'a whole one',
      error,
    );
  }
  if (whole === undefined || filled < whole.length) {
    throw refuse(`a gzip stream that ends after ${filled} bytes`, `${whole?.length ?? `at least ${headBytes}`}`);
  }
  return whole;
}

function slices(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + FEED_BYTES));
      at += FEED_BYTES;
    },
  });
}
