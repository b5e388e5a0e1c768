import type { Device } from '../../src/gpu/device.js';

/**
 * A law that a GPU must keep, free of any test runner, so that the same laws run in Node through Dawn and in a page.
 * `run` throws an Error that says what was found and what was wanted.
 */
export interface GpuLaw {
  readonly title: string;
  /** @param gpu where a law gets a device of its own, to lose it or to break it */
  run(device: Device, gpu: GPU): Promise<void>;
}

/** Throws with a sentence unless the claim holds. */
export function must(claim: boolean, sentence: () => string): asserts claim {
  if (!claim) throw new Error(sentence());
}

/** Throws unless two values are equal as JSON says them. */
export function mustEqual(given: unknown, wanted: unknown, what: string): void {
  const [left, right] = [JSON.stringify(given), JSON.stringify(wanted)];
  must(left === right, () => `${what}: ${left}; wanted ${right}`);
}

/** Throws unless the promise rejects with an EngineError of this code. */
export async function mustReject(promise: Promise<unknown>, code: string): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  must(
    error instanceof Error && 'code' in error && error.code === code,
    () => `rejected with ${String(error)}; wanted code ${code}`,
  );
}
