// Dawn's promises in Node are kept by an immediate that asks the GPU for news and sets itself again: while one is
// pending, the event loop spins and takes a whole processor, half of what a software adapter has on a small machine. An
// immediate of ours that sleeps in between leaves it that processor (webgpu 0.6.2, SwiftShader, two cores, tutorial net:
// 22.7 → 13.0 ms a step).

/** How long a turn sleeps, in ms: the most that news of the GPU, or anything else in this process, may wait for it. */
const TURN_MS = 0.5;
/** What is answered sooner than this after it was asked is not slept for. */
const PATIENCE_MS = 1;

const cell = new Int32Array(new SharedArrayBuffer(4));
let waits = 0;
let turning = false;
let since = 0;

function turn(): void {
  turning = waits > 0;
  if (!turning) return;
  if (performance.now() - since > PATIENCE_MS) Atomics.wait(cell, 0, 0, TURN_MS);
  setImmediate(turn);
}

/** Lets the event loop of this process sleep between its turns until the returned function was called, by everyone. */
export function rest(): () => void {
  if (waits++ === 0) since = performance.now();
  if (!turning) setImmediate(turn);
  turning = true;
  return () => void waits--;
}
