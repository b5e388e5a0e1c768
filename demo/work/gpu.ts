// The GPU of the Worker, and what its errors mean.

import { EngineError, openDevice, type Device } from '../../src/index.js';
import type { Phase } from '../protocol.js';

/** @throws EngineError 'no-webgpu', 'no-adapter' */
export async function openGpu(): Promise<Device> {
  // Absent in a Worker of a browser that keeps WebGPU to its pages, whatever the types say.
  const gpu: GPU | undefined = navigator.gpu;
  return openDevice(gpu, { powerPreference: 'high-performance' });
}

/** What an error means for the run. */
export function phaseAfter(error: unknown, prepared: boolean): Phase {
  const code = error instanceof EngineError ? error.code : undefined;
  if (code === 'diverged') return 'diverged';
  // After any error of its own the GPU answers no further call.
  if (code === 'device-lost' || code === 'gpu') return 'lost';
  return prepared ? 'paused' : 'ready';
}

/** Whether a device was lost, and nobody has asked for another one in vain. */
export const isLostBeside = (error: unknown): boolean =>
  error instanceof EngineError && error.code === 'device-lost' && error.place !== 'recovery';
