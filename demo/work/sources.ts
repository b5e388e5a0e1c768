// The images: generated, fetched or read from files, and kept while the page is open. Runs in the Worker.

import {
  browserCache,
  digits,
  EngineError,
  fromIdxFiles,
  loadMnist,
  mnistCached,
  type Splits,
} from '../../src/index.js';
import type { DataKind, Reply, Settings } from '../protocol.js';

const PIXELS = 28 * 28;
/** Training images that the page shows. */
const PREVIEW = 20;
/** At most so often is a download's progress told. */
const TELL_EVERY_MS = 60;
/** Generated test images: one for ten training images, and enough to tell a per cent. */
const testImages = (train: number): number => Math.max(500, Math.round(train / 10));

export class Sources {
  readonly #held = new Map<DataKind, Splits>();
  readonly #versions = new Map<DataKind, number>();
  readonly #post: (reply: Reply) => void;
  #digitsKey = '';
  #fetching: AbortController | undefined;

  constructor(post: (reply: Reply) => void) {
    this.#post = post;
  }

  /** The images of these settings; only the generated ones are made here and now. */
  of({ data, images, seed }: Settings): Splits {
    const key = `${images} ${seed}`;
    if (data === 'digits' && key !== this.#digitsKey) {
      this.#hold('digits', digits({ train: images, test: testImages(images), seed }));
      this.#digitsKey = key;
    }
    const held = this.#held.get(data);
    if (held !== undefined) return held;
    throw new EngineError('data', {
      place: data === 'files' ? 'own files' : data,
      given: 'no images yet',
      wanted: 'those that the run is to learn',
      wayOut: 'Load or choose them in the chapter Data, then try again.',
    });
  }

  /** The set of a kind as it is, if there is one: nothing is made for it. */
  held(kind: DataKind): { readonly version: number; readonly splits: Splits } | undefined {
    const splits = this.#held.get(kind);
    return splits && { version: this.#versions.get(kind) ?? 0, splits };
  }

  isMnistKept(): Promise<boolean> {
    return mnistCached(browserCache());
  }

  async fetchMnist(): Promise<void> {
    this.#fetching?.abort();
    const fetching = (this.#fetching = new AbortController());
    let told = 0;
    try {
      const splits = await loadMnist({
        cache: browserCache(),
        signal: fetching.signal,
        onProgress: ({ bytes, total }) => {
          if (performance.now() - told < TELL_EVERY_MS && bytes < total) return;
          told = performance.now();
          this.#post({ type: 'arriving', bytes, total });
        },
      });
      this.#hold('mnist', splits);
    } catch (error) {
      if (!fetching.signal.aborted) throw error;
    } finally {
      if (fetching === this.#fetching) this.#post({ type: 'arrived' });
    }
  }

  /** Fetches MNIST unless it is here. */
  async needMnist(): Promise<void> {
    if (!this.#held.has('mnist')) await this.fetchMnist();
  }

  cancelFetch(): void {
    this.#fetching?.abort();
  }

  async readFiles(files: readonly File[]): Promise<void> {
    const named = files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const);
    this.#hold('files', await fromIdxFiles(await Promise.all(named), { name: 'your files' }));
  }

  #hold(kind: DataKind, splits: Splits): void {
    const version = (this.#versions.get(kind) ?? 0) + 1;
    this.#versions.set(kind, version);
    this.#held.set(kind, splits);
    const { train, test } = splits;
    const preview = { pixels: train.images.slice(0, PREVIEW * PIXELS), labels: train.labels.slice(0, PREVIEW) };
    this.#post({ type: 'data', data: { kind, version, train: train.count, test: test.count, preview } });
  }
}
