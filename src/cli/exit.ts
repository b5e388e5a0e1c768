// How a command ends: the number that a shell sees, and errors that name a flag.

import { EngineError } from '../index.js';

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  noAdapter: 3,
  diverged: 4,
  checksum: 5,
  interrupted: 130,
} as const;

/** Thrown where a person has stopped the command: no fault, and no sentence of its own. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  if (!(error instanceof EngineError)) return EXIT.failed;
  switch (error.code) {
    case 'usage':
    case 'weights': // for another net than --net
    case 'data': // that the net cannot take
      return EXIT.usage;
    case 'no-webgpu':
    case 'no-adapter':
    case 'missing':
      return EXIT.noAdapter;
    case 'diverged':
      return EXIT.diverged;
    case 'checksum':
      return EXIT.checksum;
    default:
      return EXIT.failed;
  }
}

/** A value on the command line that cannot be used. */
export function usageError(place: string, given: string, wanted: string, wayOut?: string): EngineError {
  return new EngineError('usage', { place, given, wanted, ...(wayOut !== undefined && { wayOut }) });
}

/**
 * Work on a file that a flag names. What is wrong with the file is wrong with the flag's value, so the error names both
 * and counts as usage; other errors pass.
 */
export async function asGiven<T>(flag: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const ofTheFile = ['file', 'format', 'data', 'weights', 'dtype'];
    if (!(error instanceof EngineError) || !ofTheFile.includes(error.code)) throw error;
    const { place, given, wanted, wayOut } = error;
    throw new EngineError('usage', {
      place: `${flag} ${place}`,
      given,
      wanted,
      ...(wayOut !== undefined && { wayOut }),
      cause: error,
    });
  }
}
