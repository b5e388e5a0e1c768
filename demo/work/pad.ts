// What the net takes the pad for, again and again while it learns.

import { frame } from '../../src/index.js';
import { sameRun, type Settings } from '../protocol.js';
import type { Desk, Handlers } from './desk.js';
import { pixelsOfImage } from './imageFile.js';
import { INK, inkOfStrokes } from './strokes.js';

const PIXELS = 28 * 28;

interface Paper {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly label?: number;
  /** It is not what the person drew. */
  readonly image?: boolean;
}

export class Pad {
  readonly #desk: Desk;
  /** Makes a run ready that nobody has asked to train. */
  readonly #warmUp: (settings: Settings) => Promise<void>;
  #paper: Paper | undefined;
  #answering = false;
  #askedAgain = false;
  /** The answer that is being worked out. */
  #turn: Promise<void> = Promise.resolve();
  /** What was answered last. */
  #answered: Paper | undefined;
  /** The last question, while the net that is to answer it is being prepared. */
  #waiting: (() => Promise<void>) | undefined;
  /** Settings that no net could be prepared for: a moving pen does not ask for it again and again. */
  #refused: Settings | undefined;

  readonly handlers: Handlers<'draw' | 'sample' | 'showImage'> = {
    draw: ({ strokes, settings }) => {
      // Before there is a net: a run that begins meanwhile answers it.
      this.#paper = strokes.length === 0 ? undefined : { pixels: frame(inkOfStrokes(strokes), INK, INK) };
      if (strokes.length === 0) this.#desk.beside(this.answer());
      else this.#withNet(settings, () => this.answer());
    },
    sample: ({ settings, index }) => this.#withNet(settings, () => this.#sample(settings, index)),
    showImage: ({ file, settings }) => this.#withNet(settings, () => this.#show(file)),
  };

  /** Beside the handlers: what a person draws meanwhile is newer. */
  async #show(file: File): Promise<void> {
    this.#paper = { pixels: await pixelsOfImage(file), image: true };
    return this.answer();
  }

  constructor(desk: Desk, warmUp: (settings: Settings) => Promise<void>) {
    this.#desk = desk;
    this.#warmUp = warmUp;
  }

  /** A person tries anew: what was refused may be asked for again. */
  forgive(): void {
    this.#refused = undefined;
  }

  /** Answers what is on the pad: one question at a time, and the newest pad always gets its answer. */
  async answer(): Promise<void> {
    this.#askedAgain = true;
    if (this.#answering) return;
    this.#answering = true;
    try {
      while (this.#askedAgain) {
        this.#askedAgain = false;
        await (this.#turn = this.#answerOnce());
      }
    } finally {
      this.#answering = false;
    }
  }

  /** Resolves when what is on the pad has its answer: what is only looked at comes after it. */
  async settled(): Promise<void> {
    while (this.#answering && this.#answered !== this.#paper) await this.#turn.catch(() => undefined);
  }

  /** A pad that is touched before any training gets the answers of an untrained net. */
  #withNet(settings: Settings, ask: () => Promise<void>): void {
    if (this.#desk.run !== undefined) {
      this.#desk.beside(ask());
      return;
    }
    if (this.#refused !== undefined && sameRun(this.#refused, settings)) return;
    const first = this.#waiting === undefined;
    this.#waiting = ask;
    if (!first) return;
    this.#desk.inLine(async () => {
      try {
        this.#refused = settings;
        if (this.#desk.run === undefined) await this.#warmUp(settings);
        this.#refused = undefined;
        await this.#waiting?.();
      } finally {
        this.#waiting = undefined;
      }
    });
  }

  /** Puts a test image on the pad: one of the run's own, if there is a run. */
  #sample(settings: Settings, index: number | undefined): Promise<void> {
    const { test } = this.#desk.run?.data ?? this.#desk.sources.of(settings);
    const at = index ?? Math.floor(Math.random() * test.count);
    const pixels = test.images.slice(at * PIXELS, (at + 1) * PIXELS);
    this.#paper = { pixels, label: test.labels[at] ?? 0, image: true };
    return this.answer();
  }

  async #answerOnce(): Promise<void> {
    const { run, post } = this.#desk;
    const paper = this.#paper;
    if (paper === undefined) post({ type: 'answer', answer: undefined });
    if (run === undefined || paper === undefined) return;
    try {
      const probabilities = await run.use((trainer) => trainer.predict(paper.pixels));
      post({ type: 'answer', answer: { ...paper, probabilities } });
      this.#answered = paper;
    } catch (error) {
      // A run that ended meanwhile owes no answer.
      if (run === this.#desk.run) throw error;
    }
  }
}
