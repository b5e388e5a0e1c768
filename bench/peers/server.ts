// What the pages are served: their scripts, and one material for all of them.

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { digits, initialWeights, nets, type Net } from '../../src/index.js';
import { serve, type Server } from '../../src/node.js';
import { ISOLATED, pageText } from '../pageText.js';
import { BATCHES, PATHS, type ListedMaterial, type PeerTask } from './contract.js';
import type { InstalledPeers } from './install.js';

/** Weights and images as bytes, in the order that `listed` says. */
export interface Served {
  readonly listed: ListedMaterial;
  readonly weights: Uint8Array;
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** The same weights, images and order for every peer. */
export function materialOf(net: Net, task: PeerTask): Served {
  const weights = initialWeights(net, 1);
  // Whole batches, and enough images to pass at once.
  const batches = Math.max(BATCHES, Math.ceil(task.inferenceBatch / task.batch));
  const { train } = digits({ train: batches * task.batch, test: 1, seed: 1 });
  const listed = { task, weights: [...weights].map(([name, { shape }]) => ({ name, shape })) };
  const bytes = [...weights.values()].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return { listed, weights: Buffer.concat(bytes), images: train.images, labels: train.labels };
}

export const netNamed = (name: string): Net => {
  const net = nets[name];
  if (net === undefined) throw new Error(`no net ${name}`);
  return net();
};

/** Serves `/<page>` and everything it asks for. */
export function servePages({ pages, wasm }: InstalledPeers, served: Served): Promise<Server> {
  const bytes = new Map<string, Uint8Array | string>([
    [PATHS.material, JSON.stringify(served.listed)],
    [PATHS.weights, served.weights],
    [PATHS.images, served.images],
    [PATHS.labels, served.labels],
  ]);
  const send = async (url: string): Promise<readonly [type: string, body: Uint8Array | string]> => {
    const known = bytes.get(url);
    if (known !== undefined) return ['application/octet-stream', known];
    if (url.endsWith('.wasm')) return ['application/wasm', await readFile(join(wasm, basename(url)))];
    if (url.endsWith('.js')) return ['text/javascript', await readFile(join(pages, basename(url)))];
    return ['text/html', pageText(basename(url))];
  };
  return serve(
    (request, response) =>
      void send(request.url ?? '/').then(
        ([type, body]) => response.setHeader('Content-Type', type).end(body),
        () => response.writeHead(404).end(),
      ),
    { headers: ISOLATED },
  );
}
