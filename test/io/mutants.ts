import { pcg } from '../../src/core/random.js';
import { EngineError } from '../../src/core/errors.js';

/** A reader and a file that it reads; what it gives is told by its bytes. */
export interface Reader {
  readonly file: Uint8Array<ArrayBuffer>;
  read(bytes: Uint8Array<ArrayBuffer>): Promise<number> | number;
}

/** Values that headers are mistaken with. */
const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x22, 0x2c, 0x30, 0x39, 0x5d, 0x7d];

/** A file with up to five changes: bits, bytes, pieces cut out, doubled or set to one value, an end that is missing. */
export function mutant(file: Uint8Array<ArrayBuffer>, seed: number): Uint8Array<ArrayBuffer> {
  let state = pcg(seed + 1);
  const below = (most: number): number => {
    state = pcg(state);
    return state % Math.max(1, most);
  };
  let bytes = file.slice();
  for (let change = below(5); change >= 0; change--) {
    // Half of all changes hit the first bytes, where the sizes are.
    const at = below(below(2) === 0 ? Math.min(bytes.length, 64) : bytes.length);
    const length = 1 + below(below(2) === 0 ? 8 : 200);
    const kind = below(6);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    else if (kind === 1) bytes[at] = below(256);
    else if (kind === 2) bytes[at] = INTERESTING[below(INTERESTING.length)] ?? 0;
    else if (kind === 3) bytes.fill(INTERESTING[below(INTERESTING.length)] ?? 0, at, at + length);
    else if (kind === 4) bytes = joined(bytes.subarray(0, at), bytes.subarray(at + length));
    else bytes = joined(bytes.subarray(0, at + length), bytes.subarray(at));
  }
  return below(8) === 0 ? bytes.slice(0, below(bytes.length)) : bytes;
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * Reads so many mutants. Each is read, to no more than twice its bytes (16-bit numbers become 32), or refused by an
 * EngineError.
 * @returns how many were refused
 * @throws an Error that names the seed of a mutant that was met otherwise
 */
export async function readMutants({ file, read }: Reader, count: number): Promise<number> {
  let refused = 0;
  for (let seed = 0; seed < count; seed++) {
    const bytes = mutant(file, seed);
    try {
      const given = await read(bytes);
      if (given > 2 * bytes.length) throw new Error(`mutant ${seed}: ${given} bytes from ${bytes.length}`);
    } catch (error) {
      if (!(error instanceof EngineError)) throw new Error(`mutant ${seed}`, { cause: error });
      refused++;
    }
  }
  return refused;
}
