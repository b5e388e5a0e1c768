// What someone else says, one answer after the other, who may also fail or say nothing.

import type { Page } from 'puppeteer';

export interface Failed {
  readonly kind: 'failed';
  readonly message: string;
}

export class Answers<Told extends { readonly kind: string }> {
  readonly #limitMs: number;
  readonly #errorOf: (message: string) => Error;
  #settle: ((told: Told | Failed) => void) | undefined;

  /** @param limitMs milliseconds that any answer may take */
  constructor(limitMs: number, errorOf: (message: string) => Error) {
    this.#limitMs = limitMs;
    this.#errorOf = errorOf;
  }

  /** An answer has come; nothing where nobody waits for one. */
  tell(told: Told | Failed): void {
    this.#settle?.(told);
  }

  fail(message: string): void {
    this.tell({ kind: 'failed', message });
  }

  /** The next answer. Rejects if it says that it failed, or does not come in time. */
  next(): Promise<Exclude<Told, Failed>> {
    return new Promise((done, failed) => {
      const late = setTimeout(() => this.fail(`no answer within ${this.#limitMs / 1000} s`), this.#limitMs);
      this.#settle = (told) => {
        clearTimeout(late);
        this.#settle = undefined;
        if (isFailed(told)) failed(this.#errorOf(told.message));
        else done(told as Exclude<Told, Failed>);
      };
    });
  }

  /** Hears what a page tells by a function of that name, and of its errors. */
  async hear(page: Page, name: string): Promise<void> {
    await page.exposeFunction(name, (told: Told) => this.tell(told));
    page.on('error', (cause) => this.fail(`the page crashed: ${cause.message}`));
    page.on('pageerror', (cause) => this.fail(String(cause)));
  }
}

const isFailed = (told: { readonly kind: string }): told is Failed => told.kind === 'failed';
