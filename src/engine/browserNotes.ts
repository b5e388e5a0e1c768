import type { Notes } from './notes.js';

const STORE = 'weft-notes';
/** A key must be an http(s) address; this one belongs to nobody, so that it means the same on every page and Worker. */
const addressOf = (key: string) => `https://weft-notes.invalid/${encodeURIComponent(key)}`;

/**
 * Keeps notes in the browser's Cache API, which Workers have too, where training runs; `localStorage` they have not.
 *
 * @param driver the browser and its version
 * @param storage the page's or Worker's `caches`
 */
export function browserNotes(driver: string = navigator.userAgent, storage: CacheStorage = caches): Notes {
  return {
    driver,
    async get(key) {
      const response = await (await storage.open(STORE)).match(addressOf(key));
      return response?.text();
    },
    async put(key, text) {
      await (await storage.open(STORE)).put(addressOf(key), new Response(text));
    },
  };
}
