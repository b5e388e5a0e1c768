// A recorded run in the Worker's place: its replies, at the pace at which they came.

import type { Connection } from '../connection.js';
import type { Reply, Request } from '../protocol.js';

/** What `scripts/record.mjs` wrote down. */
export interface Recording {
  /** When: an ISO date. */
  readonly date: string;
  /** Milliseconds from the start of the run, negative before it; in order. */
  readonly replies: readonly (readonly [at: number, reply: Reply])[];
}

/** Longer silences are cut to this. */
const LONGEST_MS = 1500;

/** A timer: the browser's, or that of a test. */
export type After = (ms: number, call: () => void) => () => void;

const after: After = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};

/** Plays a recording: starts, pauses and begins again as a run does, and is deaf to everything else. */
export class Player implements Connection {
  readonly #recording: Recording;
  readonly #tell: (reply: Reply) => void;
  readonly #after: After;
  /** The first reply of the run itself. */
  readonly #first: number;
  #at = 0;
  #stop: (() => void) | undefined;

  /** Tells at once what was known before the run was begun. */
  constructor(recording: Recording, tell: (reply: Reply) => void, timer: After = after) {
    this.#recording = recording;
    this.#tell = tell;
    this.#after = timer;
    const { replies } = recording;
    this.#first = Math.max(
      0,
      replies.findIndex(([at]) => at >= 0),
    );
    for (; this.#at < this.#first; this.#at++) this.#tellOne();
  }

  send(request: Request): void {
    if (request.type === 'start') this.#play();
    else if (request.type === 'pause') this.#pause();
    else if (request.type === 'reset') this.#rewind();
  }

  #play(): void {
    if (this.#stop !== undefined) return;
    if (this.#at >= this.#recording.replies.length) this.#rewind();
    else if (this.#at > this.#first) this.#tell({ type: 'phase', phase: 'training' });
    this.#next();
  }

  #next(): void {
    const [now] = this.#recording.replies[this.#at] ?? [];
    const [before = now] = this.#recording.replies[this.#at - 1] ?? [];
    this.#stop = undefined;
    if (now === undefined || before === undefined) return;
    this.#stop = this.#after(Math.min(LONGEST_MS, Math.max(0, now - Math.max(0, before))), () => {
      this.#tellOne();
      this.#at++;
      this.#next();
    });
  }

  #pause(): void {
    if (this.#stop === undefined) return;
    this.#stop();
    this.#stop = undefined;
    this.#tell({ type: 'phase', phase: 'paused' });
  }

  #rewind(): void {
    this.#stop?.();
    this.#stop = undefined;
    // The run of before, with nothing done.
    const run = this.#recording.replies.map(([, reply]) => reply).findLast(({ type }) => type === 'run');
    if (run !== undefined) this.#tell(run);
    this.#tell({ type: 'phase', phase: 'ready' });
    this.#at = this.#first;
  }

  #tellOne(): void {
    const [, reply] = this.#recording.replies[this.#at] ?? [];
    if (reply !== undefined) this.#tell(reply);
  }
}
