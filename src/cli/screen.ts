// The two streams of a terminal: results go to stdout, all the rest to stderr, whose last line may be one that changes.

import { clearLine, cursorTo } from 'node:readline';
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** Colours a text, or leaves it alone where its stream is no terminal, or NO_COLOR is set. */
export type Paint = (style: Style, text: string) => string;

export interface ScreenOptions {
  readonly out?: NodeJS.WriteStream;
  readonly err?: NodeJS.WriteStream;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Nothing but results and complaints. */
  readonly quiet?: boolean;
}

/** A line that changes faster can no longer be read. */
const FRAME_MS = 100;

export class Screen {
  /** Whether there is a line that changes. */
  readonly live: boolean;
  readonly #out: NodeJS.WriteStream;
  readonly #err: NodeJS.WriteStream;
  readonly #quiet: boolean;
  #compose: ((columns: number) => string) | undefined;
  #drawn = false;
  #lastFrame = -Infinity;

  constructor({ out = process.stdout, err = process.stderr, env = process.env, quiet = false }: ScreenOptions = {}) {
    this.#out = out;
    this.#err = err;
    this.#quiet = quiet;
    this.live = !quiet && err.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb';
  }

  /** For text on stdout. */
  readonly paintResult: Paint = (style, text) => styleText(style, text, { stream: this.#out });
  /** For text on stderr. */
  readonly paint: Paint = (style, text) => styleText(style, text, { stream: this.#err });

  /** Columns of stdout; no end of them where it is no terminal. */
  get columns(): number {
    return columnsOf(this.#out);
  }

  /** Columns of stderr. */
  get noteColumns(): number {
    return columnsOf(this.#err);
  }

  /** Whether notes are seen at all, and by a person at a terminal. */
  get watched(): boolean {
    return !this.#quiet && this.#err.isTTY === true;
  }

  /** What the command was asked for. */
  result(line: string): void {
    this.#above(() => this.#out.write(`${line}\n`));
  }

  /** What a person may like to know meanwhile. */
  note(line: string): void {
    if (!this.#quiet) this.complain(line);
  }

  /** What a person must know, quiet or not. */
  complain(line: string): void {
    this.#above(() => this.#err.write(`${line}\n`));
  }

  /** The line that changes; undefined takes it away. It is drawn at most ten times a second. */
  progress(compose: ((columns: number) => string) | undefined): void {
    if (!this.live) return;
    this.#compose = compose;
    if (compose === undefined) this.#erase();
    else if (performance.now() - this.#lastFrame >= FRAME_MS) this.#draw();
  }

  /** Writes whole lines where the changing line stands, and draws it again below them. */
  #above(write: () => void): void {
    const drawn = this.#drawn;
    this.#erase();
    write();
    if (drawn) this.#draw();
  }

  #erase(): void {
    if (!this.#drawn) return;
    cursorTo(this.#err, 0);
    clearLine(this.#err, 0);
    this.#drawn = false;
  }

  #draw(): void {
    if (this.#compose === undefined) return;
    // The last column stays free: a full line would wrap, and could not be erased.
    const columns = this.noteColumns - 1;
    const text = this.#compose(columns).slice(0, columns);
    // Written over, not erased first, so that it does not flicker.
    cursorTo(this.#err, 0);
    this.#err.write(text);
    clearLine(this.#err, 1);
    this.#drawn = true;
    this.#lastFrame = performance.now();
  }
}

const columnsOf = (stream: NodeJS.WriteStream): number => (stream.isTTY && stream.columns) || Infinity;
