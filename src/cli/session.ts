// What surrounds a run: a screen, Ctrl-C, a host; each is put away however the run ends.

import { EngineError, openDevice, type Device } from '../index.js';
import { ensureGpu } from '../node.js';
import { openHost } from './host.js';
import { onInterrupt } from './interrupt.js';
import type { Host } from './task.js';
import { Screen } from './screen.js';

export interface Watch {
  readonly screen: Screen;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
}

export async function watched<T>(quiet: boolean, work: (watch: Watch) => Promise<T>): Promise<T> {
  const screen = new Screen({ quiet });
  const { signal, release } = onInterrupt(screen);
  try {
    return await work({ screen, signal });
  } finally {
    screen.progress(undefined);
    release();
  }
}

export async function onHost<T>(
  backend: string | undefined,
  { screen, signal }: Watch,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  screen.progress(() => 'looking for a GPU');
  const host = await openHost(backend);
  try {
    signal.throwIfAborted();
    return await work(host);
  } finally {
    screen.progress(undefined);
    await host.close();
  }
}

/** The GPU of this process, for commands that no page runs; it is named on the screen. @throws EngineError 'no-adapter' */
export async function openOwnDevice(screen: Screen): Promise<Device> {
  const { gpu } = await ensureGpu();
  if (gpu === undefined) throw new EngineError('no-adapter', { place: 'Node', given: 'no adapter', wanted: 'a GPU' });
  const device = await openDevice(gpu, { powerPreference: 'high-performance' });
  screen.note(`${screen.paint('dim', 'adapter')} ${device.profile.adapter.description}`);
  return device;
}
