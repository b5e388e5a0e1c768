declare module 'vitest' {
  export interface ProvidedContext {
    /** Why the GPU tests cannot run; empty if they can. */
    gpuMissing: string;
    /** Why the browser tests cannot run; empty if they can. */
    pagesMissing: string;
    /** The folder with page/ and demo/, built from the sources as they are. */
    pages: string;
  }
}

const tail = Symbol.for('weft.test.setup');
const shared = globalThis as { [tail]?: Promise<unknown> };

/**
 * Runs the task after those before it: both setups may install packages, and the system installs one at a time.
 * Vitest starts them together and gives each its own copy of this module, so the queue hangs on globalThis.
 *
 * @returns why the task failed, or ''. A setup that throws would end the run, with the tests of all others uncounted.
 */
export function inTurn(task: () => Promise<void>): Promise<string> {
  const turn = Promise.resolve(shared[tail]).then(task);
  const outcome = turn.then(
    () => '',
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
  shared[tail] = outcome;
  return outcome;
}
