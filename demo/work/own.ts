// Digits of the person's own hand: framed like all images, held while the page is open, kept by the browser.

import { EngineError, frame } from '../../src/index.js';
import type { Strokes } from '../protocol/own.js';
import type { Desk, Handlers, Run } from './desk.js';
import { openShelf, type KeptDigit, type Shelf } from './ownShelf.js';
import { INK, inkOfStrokes } from './strokes.js';

const PIXELS = 28 * 28;
/** A page with more of them would be slow to draw. */
const MOST = 500;

/** Images [count, 28, 28], their classes and their ids. */
export interface OwnImages {
  readonly ids: readonly number[];
  readonly images: Uint8Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
}

export class Own {
  readonly #desk: Desk;
  #digits: KeptDigit[] = [];
  #version = 0;
  /** Undefined where the browser keeps nothing. */
  #shelf: Shelf | undefined;
  #opened: Promise<void> | undefined;
  /** Changes come one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  /** For digits that nobody keeps: below every id of the shelf. */
  #unkept = 0;

  readonly handlers: Handlers<'ownOpen' | 'ownAdd' | 'ownRemove' | 'ownClear' | 'ownAnswer'> = {
    ownOpen: () => this.#desk.beside(this.#open()),
    ownAdd: ({ label, strokes }) => this.#change(() => this.#add(label, strokes)),
    ownRemove: ({ id }) => this.#change(() => this.#remove(id)),
    ownClear: () => this.#change(() => this.#clear()),
    ownAnswer: () => this.#desk.beside(this.#answer()),
  };

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** All that there are now. */
  async all(): Promise<OwnImages> {
    await this.#open();
    await this.#last;
    return this.#packed();
  }

  /** All that there are now, and what the net of a run takes each for. */
  async answeredBy({ trainer }: Run): Promise<OwnImages & { readonly answers: readonly number[] }> {
    const all = await this.all();
    const { images, labels } = all;
    if (labels.length === 0) return { ...all, answers: [] };
    const probabilities = await trainer.predict(images);
    const classes = probabilities.length / labels.length;
    const answers = Array.from(labels, (_, i) => largest(probabilities.subarray(i * classes, (i + 1) * classes)));
    return { ...all, answers };
  }

  #open(): Promise<void> {
    return (this.#opened ??= this.#read());
  }

  async #read(): Promise<void> {
    try {
      this.#shelf = await openShelf();
      this.#digits = await this.#shelf.all();
    } catch (error) {
      // Without a place to keep them they hold for this visit, and the page says so; what is damaged there is told.
      if (error instanceof EngineError) this.#desk.beside(Promise.reject(error));
    }
    this.#tell();
  }

  #change(change: () => Promise<void>): void {
    const last = this.#last;
    const next = async () => {
      await last;
      await this.#open();
      await change();
      this.#tell();
    };
    const done = next();
    this.#last = done.catch(() => undefined);
    this.#desk.beside(done);
  }

  async #add(label: number, strokes: Strokes): Promise<void> {
    if (this.#digits.length >= MOST) {
      const given = `${MOST + 1} digits`;
      throw new EngineError('usage', { place: 'own digits', given, wanted: `at most ${MOST}`, wayOut: 'Delete some.' });
    }
    const digit = { label, pixels: frame(inkOfStrokes(strokes), INK, INK) };
    const id = (await this.#keep((shelf) => shelf.add(digit))) ?? --this.#unkept;
    this.#digits.push({ id, ...digit });
  }

  async #remove(id: number): Promise<void> {
    this.#digits = this.#digits.filter((digit) => digit.id !== id);
    await this.#keep((shelf) => shelf.remove(id));
  }

  async #clear(): Promise<void> {
    this.#digits = [];
    await this.#keep((shelf) => shelf.clear());
  }

  /** A browser that stops keeping (its disk is full, or it was told to) loses nothing of this visit. */
  async #keep<T>(work: (shelf: Shelf) => Promise<T>): Promise<T | undefined> {
    try {
      return this.#shelf && (await work(this.#shelf));
    } catch {
      this.#shelf = undefined;
      return undefined;
    }
  }

  #tell(): void {
    this.#version++;
    const { ids, images, labels } = this.#packed();
    const own = { version: this.#version, ids, labels: [...labels], pixels: images, kept: this.#shelf !== undefined };
    this.#desk.post({ type: 'own', own }, [images.buffer]);
  }

  #packed(): OwnImages {
    const images = new Uint8Array(this.#digits.length * PIXELS);
    this.#digits.forEach(({ pixels }, i) => images.set(pixels, i * PIXELS));
    return {
      ids: this.#digits.map(({ id }) => id),
      images,
      labels: Uint8Array.from(this.#digits, ({ label }) => label),
    };
  }

  async #answer(): Promise<void> {
    const { run, post } = this.#desk;
    if (run === undefined) return;
    try {
      const { ids, answers } = await this.answeredBy(run);
      post({ type: 'ownAnswers', answers: new Map(ids.map((id, i) => [id, answers[i] ?? NaN])) });
    } catch (error) {
      // A run that ended meanwhile owes no answer.
      if (run === this.#desk.run) throw error;
    }
  }
}

const largest = (values: Float32Array): number =>
  values.reduce((best, value, i) => (value > (values[best] ?? -1) ? i : best), 0);
