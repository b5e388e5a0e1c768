// The page's end of the line to the Worker: typed both ways, and nothing that goes wrong on it is lost.

import type { Reply, Request } from './protocol.js';
import { scriptAddress } from './trusted.js';
// oxlint-disable-next-line import/default -- the bundler makes it
import workerAddress from './worker.ts?worker&url';

export interface Connection {
  send(request: Request): void;
}

/**
 * Starts the Worker.
 * @param receive gets each reply, in order
 * @param fail gets a sentence for whatever went wrong outside the protocol: a script that does not load, a throw that
 *   nobody caught, a message that cannot be read
 */
export function connect(receive: (reply: Reply) => void, fail: (message: string) => void): Connection {
  const worker = new Worker(scriptAddress(workerAddress), { type: 'module', name: 'weft training' });
  worker.addEventListener('message', (event: MessageEvent<Reply>) => receive(event.data));
  worker.addEventListener('messageerror', () => fail('A message from the training Worker could not be read.'));
  worker.addEventListener('error', (event) => {
    // A script that cannot be fetched gives an event without a message.
    const said = event.message || 'its script could not be loaded. Reload the page';
    fail(`The training Worker stopped: ${said}`);
  });
  return { send: (request) => worker.postMessage(request, []) };
}

/** Hands every error of the page itself to `fail`. */
export function watchPage(fail: (message: string) => void): void {
  addEventListener('error', (event) => {
    // Observers that could not keep up in one frame say so here; the next frame delivers the rest, and nothing is lost.
    if (event.message.startsWith('ResizeObserver loop')) return;
    fail(`The page: ${event.message}`);
  });
  addEventListener('unhandledrejection', (event) => {
    fail(`The page: ${event.reason instanceof Error ? event.reason.message : String(event.reason)}`);
  });
}
