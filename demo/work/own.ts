// Digits of the person's own hand: framed like all images, held while the page is open, kept by the browser.

import { EngineError, frame } from '../../src/index.js';
import type { Strokes } from '../protocol/own.js';
import type { Desk, Handlers, Run } from './desk.js';
import { clearDigits, keepDigit, keptDigits, removeDigit, type KeptDigit } from './ownShelf.js';
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
  /** False where the browser keeps nothing. */
  #keeps = true;
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
  async answeredBy(run: Run): Promise<OwnImages & { readonly answers: readonly number[] }> {
    const all = await this.all();
    const { images, labels } = all;
    if (labels.length === 0) return { ...all, answers: [] };
    const probabilities = await run.use((trainer) => trainer.predict(images));
    const classes = probabilities.length / labels.length;
    const answers = Array.from(labels, (_, i) => largest(probabilities.subarray(i * classes, (i + 1) * classes)));
    return { ...all, answers };
  }

  #open(): Promise<void> {
    return (this.#opened ??= this.#read());
  }

  async #read(): Promise<void> {
    try {
      this.#digits = await keptDigits();
    } catch (error) {
      // Without a place to keep them they hold for this visit, and the page says so; what is damaged there is told.
      if (error instanceof EngineError) this.#desk.beside(Promise.reject(error));
      else this.#keeps = false;
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
    const id = (await this.#keep(() => keepDigit(digit))) ?? --this.#unkept;
    this.#digits.push({ id, ...digit });
  }

  async #remove(id: number): Promise<void> {
    this.#digits = this.#digits.filter((digit) => digit.id !== id);
    await this.#keep(() => removeDigit(id));
  }

  async #clear(): Promise<void> {
    this.#digits = [];
    await this.#keep(clearDigits);
  }

  /** A browser that stops keeping (its disk is full, or it was told to) loses nothing of this visit. */
  async #keep<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return this.#keeps ? await work() : undefined;
    } catch {
      this.#keeps = false;
      return undefined;
    }
  }

  #tell(): void {
    const { ids, images, labels } = this.#packed();
    const own = { version: digestOf(labels, images), ids, labels: [...labels], pixels: images, kept: this.#keeps };
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

/** FNV-1a over bytes: the same digits are the same state, in another visit too. 0: none. */
export function digestOf(...parts: readonly Uint8Array[]): number {
  if (parts.every(({ length }) => length === 0)) return 0;
  let hash = 0x811c9dc5;
  for (const part of parts) for (const byte of part) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

const largest = (values: Float32Array): number =>
  values.reduce((best, value, i) => (value > (values[best] ?? -1) ? i : best), 0);
