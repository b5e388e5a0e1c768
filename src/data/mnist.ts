// MNIST: 60,000 + 10,000 handwritten digits of 28×28 grey pixels, in four IDX files.
// Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits"; CC BY-SA 3.0.

import type { Splits } from './dataset.js';
import { sha256 } from '../core/sha256.js';
import { download, type DownloadOptions, downloadFrom, type Fetch, type RemoteFile } from './download.js';
import { pairIdx, parseIdx } from './idx.js';

/** Where decompressed files are kept between runs, by their SHA-256 (64 hexadecimal digits). */
export interface ByteCache {
  /** The bytes last put under this digest, unchecked; undefined if there are none. */
  get(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Keeps the bytes under this digest, in place of any others. */
  put(digest: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** Mirrors that let a page read them (CORS). */
export const PAGE_MIRRORS: readonly string[] = [
  'https://cdn.jsdelivr.net/gh/fgnt/mnist@ae608a0',
  'https://cdn.jsdelivr.net/gh/fgnt/mnist',
  'https://raw.githubusercontent.com/fgnt/mnist/master',
];

/** Mirrors for programs: the large ones first, which a page may not read. */
export const NODE_MIRRORS: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist',
  'https://storage.googleapis.com/cvdf-datasets/mnist',
  ...PAGE_MIRRORS,
];

/** The four files; digests and sizes are those of the decompressed bytes. */
export const MNIST_FILES = {
  trainImages: {
    name: 'train-images-idx3-ubyte.gz',
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    bytes: 47_040_016,
    packedBytes: 9_912_422,
    rank: 3,
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte.gz',
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    bytes: 60_008,
    packedBytes: 28_881,
    rank: 1,
  },
  testImages: {
    name: 't10k-images-idx3-ubyte.gz',
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    bytes: 7_840_016,
    packedBytes: 1_648_877,
    rank: 3,
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte.gz',
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    bytes: 10_008,
    packedBytes: 4_542,
    rank: 1,
  },
} as const satisfies Readonly<Record<string, RemoteFile>>;

type FileKey = keyof typeof MNIST_FILES;

/** How far a download has come, in bytes as they travel; the totals are exact once a file is there. */
export interface DownloadProgress {
  readonly file: string;
  readonly fileBytes: number;
  readonly fileTotal: number;
  /** Over all four files. */
  readonly bytes: number;
  readonly total: number;
}

export interface MnistOptions {
  /** Folders that hold the four files, best first; PAGE_MIRRORS if not given. */
  readonly mirrors?: readonly string[] | undefined;
  readonly cache?: ByteCache | undefined;
  readonly fetch?: Fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** A mirror that sends nothing for so long is left for the next one; in milliseconds. */
  readonly stallMs?: number | undefined;
  /** The files, if not those of MNIST itself: a relative with the same four names and its own digests. */
  readonly files?: Readonly<Record<FileKey, RemoteFile>> | undefined;
}

/**
 * MNIST from the cache, or else from the first mirror that has it; every file is checked against its SHA-256, whether
 * it comes from one or the other. A cached file that is not what it should be is fetched again and replaced.
 *
 * @throws EngineError 'network' if no mirror answers, 'checksum' if they give other bytes (both name every mirror
 *   and its reason); an abort rejects with the signal's reason
 */
export async function loadMnist(options: MnistOptions = {}): Promise<Splits> {
  const { cache, signal, onProgress, files = MNIST_FILES } = options;
  const mirrors = [...(options.mirrors ?? PAGE_MIRRORS)];
  const keys = Object.keys(files) as FileKey[];
  const arrived = new Map(keys.map((key) => [key, { bytes: 0, total: files[key].packedBytes }]));
  const notes = new Set<string>();

  const load = async (key: FileKey): Promise<Uint8Array<ArrayBuffer>> => {
    const file = files[key];
    const report = (fileBytes: number, fileTotal: number) => {
      arrived.set(key, { bytes: fileBytes, total: fileTotal });
      const all = [...arrived.values()];
      const bytes = all.reduce((sum, each) => sum + each.bytes, 0);
      const total = all.reduce((sum, each) => sum + each.total, 0);
      onProgress?.({ file: file.name, fileBytes, fileTotal, bytes, total });
    };
    const kept = await fromCache(cache, file);
    signal?.throwIfAborted();
    if (kept !== undefined) {
      report(file.packedBytes, file.packedBytes);
      notes.add('the cache');
      return kept;
    }
    const wanted: DownloadOptions = { ...options, mirrors, onBytes: report };
    const { bytes, mirror } = await download(file, wanted);
    // The next file asks this mirror first: those before it have just failed.
    mirrors.unshift(...mirrors.splice(mirrors.indexOf(mirror), 1));
    notes.add(hostOf(mirror));
    try {
      await cache?.put(file.sha256, bytes);
    } catch (error) {
      // Data that cannot be kept can still be used.
      notes.add(`not kept for next time: ${error instanceof Error ? error.message : String(error)}`);
    }
    return bytes;
  };

  // One after the other: the large file fills the line anyway, and one bad mirror is found out once.
  const testLabels = await load('testLabels');
  const testImages = await load('testImages');
  const trainLabels = await load('trainLabels');
  const trainImages = await load('trainImages');
  const pair = (images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>, place: string) =>
    pairIdx(parseIdx(images, place, 3), parseIdx(labels, place, 1), 10, place);
  const train = pair(trainImages, trainLabels, 'mnist, training set');
  const test = pair(testImages, testLabels, 'mnist, test set');
  return {
    name: 'mnist',
    source: `MNIST, ${train.count} + ${test.count} images, SHA-256 checked; from ${[...notes].join(', ')}`,
    train,
    test,
  };
}

/** Whether the cache holds four files of the right sizes: loadMnist then needs no network (unless one is damaged). */
export async function mnistCached(cache: ByteCache, files: MnistOptions['files'] = MNIST_FILES): Promise<boolean> {
  const smallestFirst = Object.values(files).toSorted((a, b) => a.bytes - b.bytes);
  for (const file of smallestFirst) {
    const kept = await cache.get(file.sha256).catch(() => undefined);
    if (kept?.length !== file.bytes) return false;
  }
  return true;
}

/**
 * Whether any mirror gives the smallest of the files (4.5 kB), whole and right, in time; all are asked at once.
 * A login page that answers everything with 200 is thus no mirror. An abort rejects with the signal's reason.
 */
export async function mirrorAnswers(options: MnistOptions & { timeoutMs?: number } = {}): Promise<boolean> {
  const { mirrors = PAGE_MIRRORS, timeoutMs = 3000, fetch, signal, files = MNIST_FILES } = options;
  signal?.throwIfAborted();
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeoutMs);
  const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  try {
    await Promise.any(mirrors.map((mirror) => downloadFrom(mirror, files.testLabels, { fetch, signal: either })));
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

async function fromCache(cache: ByteCache | undefined, file: RemoteFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const kept = await cache?.get(file.sha256).catch(() => undefined);
  return kept !== undefined && (await sha256(kept)) === file.sha256 ? kept : undefined;
}

function hostOf(mirror: string): string {
  return URL.canParse(mirror) ? new URL(mirror).host : mirror;
}
