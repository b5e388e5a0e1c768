import { EngineError } from '../core/errors.js';

/** Something that is opened when first wanted, and closed once, even if its owner goes while it opens. */
export class Late<T> {
  readonly #open: () => Promise<T>;
  readonly #close: (value: T) => void;
  #opening: Promise<T> | undefined;
  #value: T | undefined;
  #closed = false;

  constructor(open: () => Promise<T>, close: (value: T) => void) {
    this.#open = open;
    this.#close = close;
  }

  /** The same at every call. @throws EngineError 'usage' after dispose */
  async value(): Promise<T> {
    this.#mustBeOpen();
    this.#value = await (this.#opening ??= this.#open());
    if (this.#closed) this.#close(this.#value);
    this.#mustBeOpen();
    return this.#value;
  }

  /** What was opened; undefined before that. */
  get opened(): T | undefined {
    return this.#value;
  }

  #mustBeOpen(): void {
    if (!this.#closed) return;
    throw new EngineError('usage', { place: 'trainer', given: 'a call after dispose', wanted: 'an open trainer' });
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    if (this.#value !== undefined) this.#close(this.#value);
  }
}
