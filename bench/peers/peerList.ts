// Who is compared, and how each is opened.

import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { launchChromium, type Chromium } from '../../src/node.js';
import type { InstalledPeers } from './install.js';
import { openPagePeer, type RunningPeer } from './pagePeer.js';
import { servePages, type Served } from './server.js';
import { openTorchPeer } from './torchPeer.js';

export interface PeerEntry {
  readonly name: string;
  /** For `--only`. */
  readonly word: string;
  /** The page, for a peer that runs in one. */
  readonly page?: string;
  /** Whether it computes through WebGPU. */
  readonly gpu: boolean;
}

export const peerList: readonly PeerEntry[] = [
  { name: 'Weft', word: 'weft', page: 'weft', gpu: true },
  { name: 'jax-js WebGPU', word: 'jax-webgpu', page: 'jaxWebgpu', gpu: true },
  { name: 'jax-js wasm', word: 'jax-wasm', page: 'jaxWasm', gpu: false },
  { name: 'TensorFlow.js WebGPU', word: 'tfjs-webgpu', page: 'tfjsWebgpu', gpu: true },
  { name: 'TensorFlow.js wasm', word: 'tfjs-wasm', page: 'tfjsWasm', gpu: false },
  { name: 'PyTorch', word: 'torch', gpu: false },
];

export const launchPeers = (software: boolean): Promise<Chromium<Browser>> => launchChromium<Browser>({ software });

/** Where peers run for one net: a server, a browser, and a Python if there is one. */
export interface Stage {
  /** The browser's name and version. */
  readonly browser: string;
  open(entry: PeerEntry): Promise<RunningPeer>;
  close(): Promise<void>;
}

export async function openStage(
  installed: InstalledPeers,
  served: Served,
  options: { readonly software: boolean; readonly limitMs: number; readonly python: string | undefined },
): Promise<Stage> {
  const server = await servePages(installed, served);
  const chromium = await launchPeers(options.software).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  return {
    browser: await chromium.browser.version(),
    open: ({ name, page }) => {
      if (page !== undefined) return openPagePeer(chromium.browser, name, server.url + page, options.limitMs);
      const script = join(installed.root, 'bench/peers/pytorch.py');
      return openTorchPeer(options.python ?? 'python3', script, served, options.limitMs);
    },
    close: async () => {
      await chromium.close();
      await server.close();
    },
  };
}
