import type { TestProject } from 'vitest/node';
import { freshBuild } from '../../scripts/build.mjs';
import { ensureChromium } from '../../src/node/setup.js';
import { inTurn } from './setupQueue.js';

/** Before the first browser test: a browser, and the pages that it opens. `inject('pages')` says where they are. */
export default async function setupPagesOnce(project: TestProject): Promise<void> {
  const missing = await inTurn(async () => {
    await ensureChromium();
    project.provide('pages', await freshBuild(['page', 'demo']));
  });
  project.provide('pagesMissing', missing);
}
