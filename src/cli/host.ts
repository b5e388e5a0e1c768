// Where the GPU's code runs: in this process through Dawn, or in a headless page.

import { createRequire } from 'node:module';
import { EngineError } from '../index.js';
import { ensureChromium, ensureGpu, folderNotes, searchDawn } from '../node.js';
import { openChromiumHost } from './chromiumHost.js';
import { runTask } from './run.js';
import type { Host } from './task.js';

/**
 * The host that a person names, or else a hardware adapter in either before a software one, Node before Chromium. Where
 * there is nothing, a software adapter is installed if that is allowed, and announced.
 *
 * @throws EngineError 'missing', 'no-webgpu' or 'no-adapter', with what was tried and what to type
 */
export async function openHost(backend: string | undefined): Promise<Host> {
  if (backend === 'node') return nodeHost();
  if (backend === 'chromium') return chromiumHost();
  const dawn = await unlessAbsent(() => searchDawn());
  // Where Dawn is and finds software alone, a browser on the same drivers finds no more.
  if (dawn?.gpu !== undefined) return nodeHost();
  return (await unlessAbsent(openChromiumHost)) ?? nodeHost();
}

async function nodeHost(): Promise<Host> {
  const { gpu } = await ensureGpu();
  if (gpu === undefined) throw new EngineError('no-adapter', { place: 'Node', given: 'no adapter', wanted: 'a GPU' });
  return {
    backend: 'node',
    run: (settings, material, sink) => runTask(settings, material, gpu, sink, folderNotes()),
    close: async () => {},
  };
}

async function chromiumHost(): Promise<Host> {
  // A browser is of no use without what drives it, so that is asked first: `openChromiumHost` says if it is missing.
  if (isInstalled('puppeteer')) await ensureChromium();
  return openChromiumHost();
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The value, or undefined where this machine does not have it. */
async function unlessAbsent<T>(open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof EngineError && ['missing', 'no-webgpu', 'no-adapter'].includes(error.code)) return undefined;
    throw error;
  }
}
