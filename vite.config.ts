import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const project = (name: string, order: number, test: TestProjectInlineConfiguration['test']) =>
  ({
    extends: true,
    test: { name, pool: 'forks', isolate: false, sequence: { groupOrder: order }, ...test },
  }) satisfies TestProjectInlineConfiguration;

/**
 * unit: no GPU, several workers. gpu: Node and Dawn, one worker for the whole run, so that adapter and pipelines are
 * made once. browser: ordinary Node tests that drive Chromium. The groups run one after another: a software GPU wants
 * all cores. `vitest --mode long` has the long tests and nothing else.
 */
const tests = (mode: string): TestProjectInlineConfiguration[] => {
  const gpu = { maxWorkers: 1, setupFiles: ['test/support/setupGpu.ts'], globalSetup: ['test/support/ensureGpu.ts'] };
  const long = ['test/**/*.long.test.ts'];
  if (mode === 'long') return [project('long', 0, { ...gpu, include: long, testTimeout: 1_800_000 })];
  const onGpu = ['test/**/*.gpu.test.ts'];
  const onPage = ['test/browser/**/*.test.ts'];
  const unit = {
    include: ['test/**/*.test.ts'],
    exclude: [...onGpu, ...onPage, ...long],
    maxWorkers: Math.min(8, Math.max(2, availableParallelism())),
    testTimeout: 20_000,
  };
  const page = { maxWorkers: 1, globalSetup: ['test/support/buildPages.ts'] };
  return [
    project('unit', 0, unit),
    project('gpu', 1, { ...gpu, include: onGpu, exclude: [...onPage, ...long], testTimeout: 60_000 }),
    project('browser', 2, { ...page, include: onPage, exclude: long, testTimeout: 120_000, hookTimeout: 120_000 }),
  ];
};

export default defineConfig(({ mode }) => ({ test: { projects: tests(mode) } }));
