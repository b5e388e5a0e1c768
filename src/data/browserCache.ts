import type { ByteCache } from './mnist.js';

const STORE = 'weft-data';
/** A key must be an http(s) address; this one belongs to nobody, so that it means the same on every page and Worker. */
const keyOf = (digest: string) => `https://weft-data.invalid/sha256/${digest}`;

/**
 * Keeps files in the browser's Cache API, by digest. It needs a secure context, as WebGPU does.
 *
 * @param storage the page's or Worker's `caches`
 */
export function browserCache(storage: CacheStorage = caches): ByteCache {
  return {
    async get(digest) {
      const store = await storage.open(STORE);
      const response = await store.match(keyOf(digest));
      return response && new Uint8Array(await response.arrayBuffer());
    },
    async put(digest, bytes) {
      const store = await storage.open(STORE);
      const headers = { 'content-type': 'application/octet-stream', 'content-length': String(bytes.length) };
      await store.put(keyOf(digest), new Response(bytes, { headers }));
    },
  };
}

/** Removes everything that browserCache keeps. @returns whether there was anything */
export function clearBrowserCache(storage: CacheStorage = caches): Promise<boolean> {
  return storage.delete(STORE);
}
