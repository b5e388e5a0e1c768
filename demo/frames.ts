/** At least so long between two drawings of one thing: 25 a second at most. */
const SPACING_MS = 40;

/**
 * A function that asks for a drawing: many calls, one drawing in the next frame that is due. A hidden page draws nothing
 * and catches up when it is seen again.
 */
export function onFrames(draw: () => void): () => void {
  let asked = false;
  let last = -Infinity;
  const frame = (now: number) => {
    if (now - last < SPACING_MS) {
      requestAnimationFrame(frame);
      return;
    }
    asked = false;
    last = now;
    draw();
  };
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(frame);
  };
}
