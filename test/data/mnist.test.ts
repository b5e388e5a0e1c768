import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { browserCache, clearBrowserCache } from '../../src/data/browserCache.js';
import { encodeIdx } from '../../src/data/idx.js';
import {
  type ByteCache,
  type DownloadProgress,
  loadMnist,
  MNIST_FILES,
  mirrorAnswers,
  mnistCached,
  type MnistOptions,
} from '../../src/data/mnist.js';

// A small relative of the real thing: four files of the same names, with digests of their own.
const noise = (size: number, modulus: number) =>
  Uint8Array.from({ length: size }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 16) % modulus);
const plain = {
  trainImages: encodeIdx({ shape: [300, 28, 28], values: noise(300 * 784, 256) }),
  trainLabels: encodeIdx({ shape: [300], values: noise(300, 10) }),
  testImages: encodeIdx({ shape: [20, 28, 28], values: noise(20 * 784, 256) }),
  testLabels: encodeIdx({ shape: [20], values: noise(20, 10) }),
};
type Key = keyof typeof plain;
const keys = Object.keys(plain) as Key[];
const packed = Object.fromEntries(keys.map((key) => [key, gzipSync(plain[key])])) as Record<Key, Buffer>;
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const files = Object.fromEntries(
  keys.map((key) => [
    key,
    // A wrong guess of how it travels, as when a mirror packed it anew.
    { ...MNIST_FILES[key], sha256: hash(plain[key]), bytes: plain[key].length, packedBytes: 1000 },
  ]),
) as unknown as NonNullable<MnistOptions['files']>;

// One server plays every mirror: the first part of the path says how it behaves.
type Behaviour = (key: Key, response: ServerResponse, request: IncomingMessage) => void;
const behaviours: Record<string, Behaviour> = {
  good: (key, response) => void response.writeHead(200, { 'content-length': packed[key].length }).end(packed[key]),
  raw: (key, response) => void response.end(plain[key]),
  encoded: (key, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed[key]),
  none: (_, response) => void response.writeHead(404).end('no such file'),
  portal: (_, response) => void response.end('<html>Please log in</html>'),
  cut: (key, response) => void response.end(packed[key].subarray(0, packed[key].length >> 1)),
  altered: (key, response) => void response.end(gzipSync(plain[key].map((byte, at) => (at === 20 ? byte ^ 1 : byte)))),
  silent: () => undefined,
  stalls: (key, response) => void response.write(packed[key].subarray(0, 10)),
  breaks: (key, response) => {
    response.writeHead(200, { 'content-length': packed[key].length });
    response.write(packed[key].subarray(0, 20));
    setTimeout(() => response.destroy(), 20);
  },
  endless: (_, response, request) => {
    const feed = () => {
      while (!request.destroyed && !response.destroyed && response.write(Buffer.alloc(65536)));
    };
    response.on('drain', feed);
    feed();
  },
};
let server: Server;
let base = '';
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, mirror = '', name] = (request.url ?? '').split('/');
    const key = keys.find((each) => files[each].name === name);
    asked.push(mirror);
    const behave = behaviours[mirror];
    if (key === undefined || behave === undefined) response.writeHead(500).end();
    else behave(key, response, request);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void asked.splice(0));

const from = (...mirrors: string[]) => mirrors.map((mirror) => `${base}/${mirror}`);
const memory = (): ByteCache & { kept: Map<string, Uint8Array<ArrayBuffer>> } => {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    kept,
    get: (digest) => Promise.resolve(kept.get(digest)),
    put: (digest, bytes) => Promise.resolve(void kept.set(digest, bytes)),
  };
};
async function failure(options: MnistOptions): Promise<EngineError> {
  const error: unknown = await loadMnist({ files, stallMs: 1000, ...options }).catch((reason: unknown) => reason);
  if (error instanceof EngineError) return error;
  throw error;
}

describe('loadMnist', () => {
  it('knows files whose sizes are those of their shapes', () => {
    expect(MNIST_FILES.trainImages.bytes).toBe(16 + 60_000 * 784);
    expect(MNIST_FILES.testImages.bytes).toBe(16 + 10_000 * 784);
    expect([MNIST_FILES.trainLabels.bytes, MNIST_FILES.testLabels.bytes]).toEqual([60_008, 10_008]);
  });

  it.each(['good', 'raw', 'encoded'])('gives both sets from a mirror that is %s', async (mirror) => {
    const { name, source, train, test } = await loadMnist({ mirrors: from(mirror), files });
    expect(hash(train.images)).toBe(hash(plain.trainImages.subarray(16)));
    expect(test.labels).toEqual(plain.testLabels.subarray(8));
    expect([name, train.count, test.count, train.classes]).toEqual(['mnist', 300, 20, 10]);
    expect(source).toMatch(/300 \+ 20 images, SHA-256 checked; from 127\.0\.0\.1/);
  });

  it.each(['none', 'portal', 'cut', 'altered', 'silent', 'stalls', 'breaks', 'endless', 'unknown'])(
    'goes on to the next mirror when one is %s, and asks that one first from then on',
    async (mirror) => {
      const { train } = await loadMnist({ mirrors: from(mirror, 'good'), files, stallMs: 1000 });
      expect(train.count).toBe(300);
      expect(asked).toEqual([mirror, 'good', 'good', 'good', 'good']);
    },
  );

  it('names every mirror and its reason when none answers', async () => {
    const nobody = 'http://127.0.0.1:1';
    const { code, message } = await failure({ mirrors: [...from('none', 'silent'), nobody] });
    expect(code).toBe('network');
    expect(message).toMatch(/none: HTTP 404.*silent: nothing for 1000 ms.*127\.0\.0\.1:1: .*(ECONNREFUSED|bad port)/);
    expect((await failure({ mirrors: [] })).message).toMatch(/no mirrors/);
  });

  it.each(['altered', 'portal', 'endless', 'cut'])('calls it a wrong digest when a mirror is %s', async (mirror) => {
    expect((await failure({ mirrors: from('none', mirror) })).code).toBe('checksum');
  });

  it('reads no more of an endless body than the file and a little', async () => {
    let read = 0;
    const counted = async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          read += chunk.length;
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body?.pipeThrough(counter));
    };
    await failure({ mirrors: from('endless'), fetch: counted });
    expect(read).toBeLessThan(plain.testLabels.length + (1 << 19));
  });

  it('adds up its progress to exactly what has arrived', async () => {
    const seen: DownloadProgress[] = [];
    await loadMnist({ mirrors: from('cut', 'good'), files, onProgress: (progress) => seen.push(progress) });
    const all = keys.reduce((sum, key) => sum + packed[key].length, 0);
    expect(seen.at(-1)).toMatchObject({ bytes: all, total: all });
    for (const { file, fileBytes, fileTotal, bytes, total } of seen) {
      expect(fileBytes).toBeLessThanOrEqual(fileTotal);
      expect(bytes).toBeLessThanOrEqual(total);
      expect(bytes).toBeGreaterThanOrEqual(fileBytes);
      expect(file).toMatch(/ubyte\.gz$/);
    }
  });

  it('rejects with the reason of an abort, before and while it loads', async () => {
    const reason = new Error('stop pressed');
    await expect(loadMnist({ mirrors: from('good'), files, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(asked).toEqual([]);
    const stop = new AbortController();
    const loading = loadMnist({ mirrors: from('stalls', 'good'), files, signal: stop.signal });
    setTimeout(() => stop.abort(reason), 50);
    await expect(loading).rejects.toBe(reason);
    expect(asked).toEqual(['stalls']);
  });
});

describe('a cache', () => {
  it('makes the second load need no mirror', async () => {
    const cache = memory();
    expect(await mnistCached(cache, files)).toBe(false);
    await loadMnist({ mirrors: from('good'), files, cache });
    expect(await mnistCached(cache, files)).toBe(true);
    const seen: DownloadProgress[] = [];
    const { source, train } = await loadMnist({ mirrors: [], files, cache, onProgress: (each) => seen.push(each) });
    expect(source).toMatch(/from the cache$/);
    expect(hash(train.images)).toBe(hash(plain.trainImages.subarray(16)));
    expect(seen.at(-1)).toMatchObject({ bytes: 4000, total: 4000 });
  });

  it('with a damaged entry has only that fetched again and replaced', async () => {
    const cache = memory();
    await loadMnist({ mirrors: from('good'), files, cache });
    const digest = files.testImages.sha256;
    cache.kept.set(
      digest,
      plain.testImages.map((byte) => byte ^ 1),
    );
    asked.splice(0);
    const { test } = await loadMnist({ mirrors: from('good'), files, cache });
    expect(asked).toEqual(['good']);
    expect(hash(test.images)).toBe(hash(plain.testImages.subarray(16)));
    expect(hash(cache.kept.get(digest) ?? new Uint8Array(0))).toBe(digest);
  });

  it('that fails does not fail the load, and says so', async () => {
    const broken: ByteCache = {
      get: () => Promise.reject(new Error('locked')),
      put: () => Promise.reject(new Error('quota exceeded')),
    };
    expect(await mnistCached(broken, files)).toBe(false);
    const { source } = await loadMnist({ mirrors: from('good'), files, cache: broken });
    expect(source).toMatch(/not kept for next time: quota exceeded/);
  });

  it('of a browser gives back what was put, and can be cleared', async () => {
    const stores = new Map<string, Map<string, Response>>();
    const storage = {
      open: (name: string) => {
        const store = stores.get(name) ?? new Map<string, Response>();
        stores.set(name, store);
        return Promise.resolve({
          match: (key: string) => Promise.resolve(store.get(key)?.clone()),
          put: (key: string, response: Response) => Promise.resolve(void store.set(key, response)),
        });
      },
      delete: (name: string) => Promise.resolve(stores.delete(name)),
    } as unknown as CacheStorage;
    const cache = browserCache(storage);
    expect(await cache.get('ab')).toBeUndefined();
    await cache.put('ab', Uint8Array.of(1, 2, 3));
    expect(await cache.get('ab')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await clearBrowserCache(storage)).toBe(true);
    expect(await cache.get('ab')).toBeUndefined();
  });
});

describe('mirrorAnswers', () => {
  const ask = (timeoutMs: number, ...mirrors: string[]) =>
    mirrorAnswers({ mirrors: from(...mirrors), files, timeoutMs });

  it('is true as soon as one of them gives the right bytes', async () => {
    const start = performance.now();
    expect(await ask(3000, 'silent', 'none', 'good')).toBe(true);
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it('is false when none does in time, a login page included', async () => {
    expect(await ask(200, 'silent', 'stalls')).toBe(false);
    expect(await ask(3000, 'none', 'portal', 'altered')).toBe(false);
    expect(await ask(3000)).toBe(false);
  });

  it('rejects with the reason of an abort', async () => {
    const reason = new Error('stop pressed');
    const signal = AbortSignal.abort(reason);
    await expect(mirrorAnswers({ mirrors: from('good'), files, signal })).rejects.toBe(reason);
  });
});
