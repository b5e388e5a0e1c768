import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { freshBuild, type Part } from '../../scripts/build.mjs';
import { ensureChromium } from '../../src/node/setup.js';
import { inTurn } from './setupQueue.js';

const entries = { page: 'src/cli/browserHost.ts', demo: 'demo/index.html' } satisfies Partial<Record<Part, string>>;

/** Before the first browser test: a browser, and the pages that it opens. `inject('pages')` says where they are. */
export default async function setupPagesOnce(project: TestProject): Promise<void> {
  const missing = await inTurn(async () => {
    await ensureChromium();
    const parts = (['page', 'demo'] as const).filter((part) => existsSync(entries[part]));
    project.provide('pages', parts.length > 0 ? await freshBuild(parts) : '');
  });
  project.provide('pagesMissing', missing);
}
