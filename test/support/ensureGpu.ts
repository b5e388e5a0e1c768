import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    gpuMissing: string;
  }
}

const door = new URL('../../src/node/setup.ts', import.meta.url);

/** Runs once before the GPU tests. A failure is handed to each test file (setupGpu.ts), so that it is counted. */
export default async function ensureGpuOnce(project: TestProject): Promise<void> {
  project.provide('gpuMissing', await whyNot());
}

async function whyNot(): Promise<string> {
  if (!existsSync(door)) return '';
  const { ensureGpu } = (await import(door.href)) as { ensureGpu: () => Promise<unknown> };
  try {
    await ensureGpu();
    return '';
  } catch (cause) {
    return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  }
}
