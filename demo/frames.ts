// When things are drawn: together, in the next frame that is due.

/** At least so long between two drawn frames: 30 a second at most. */
export const SPACING_MS = 1000 / 30;
/** Frames come a little early or late of their time; one that is so near to its turn is taken. */
const EARLY_MS = 2;

/** Asks for a call before the next repaint; `now` in milliseconds. */
export type RequestFrame = (frame: (now: number) => void) => void;

/**
 * Draws what was asked for, each thing once, at most 30 frames a second over any length of time. A hidden page gets no
 * frames, draws nothing, and catches up when it is seen again.
 */
export class Frames {
  readonly #request: RequestFrame;
  readonly #waiting = new Set<() => void>();
  #asked = false;
  /** Before this no frame is drawn. */
  #due = -Infinity;

  constructor(request: RequestFrame) {
    this.#request = request;
  }

  ask(draw: () => void): void {
    this.#waiting.add(draw);
    this.#next();
  }

  #next(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#request((now) => {
      this.#asked = false;
      if (now < this.#due - EARLY_MS) this.#next();
      else this.#draw(now);
    });
  }

  #draw(now: number): void {
    // From its turn, not from the frame that came early: many of those do not add up to a higher rate.
    this.#due = Math.max(this.#due, now) + SPACING_MS;
    const drawings = [...this.#waiting];
    this.#waiting.clear();
    for (const draw of drawings) draw();
  }
}

/** The same, at most so often, in milliseconds: the first at once, and the last of many always. */
export function atMostEvery(ms: number, draw: () => void): () => void {
  let due = -Infinity;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return () => {
    if (waiting !== undefined) return;
    const go = () => {
      waiting = undefined;
      due = performance.now() + ms;
      draw();
    };
    const now = performance.now();
    if (now >= due) go();
    else waiting = setTimeout(go, due - now);
  };
}

let frames: Frames | undefined;

/** A function that asks for a drawing: many calls, one drawing. Everything on the page shares its frames. */
export function onFrames(draw: () => void): () => void {
  return () => {
    frames ??= new Frames((frame) => requestAnimationFrame(frame));
    frames.ask(draw);
  };
}
