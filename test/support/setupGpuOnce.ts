import type { TestProject } from 'vitest/node';
import { ensureGpu } from '../../src/node/setup.js';
import { inTurn } from './setupQueue.js';

/** Before the first GPU test. A failure is handed to each test file (setupGpu.ts), so that it is counted. */
export default async function setupGpuOnce(project: TestProject): Promise<void> {
  project.provide('gpuMissing', await inTurn(async () => void (await ensureGpu())));
}
