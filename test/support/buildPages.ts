import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { freshBuild, type Part } from '../../scripts/build.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder with page/ and demo/, built from the sources as they are. */
    pages: string;
  }
}

const entries = { page: 'src/cli/browserHost.ts', demo: 'demo/index.html' } satisfies Partial<Record<Part, string>>;

/** Runs once before the browser tests: builds the pages that they open; `inject('pages')` says where. */
export default async function buildPages(project: TestProject): Promise<void> {
  const parts = (['page', 'demo'] as const).filter((part) => existsSync(entries[part]));
  project.provide('pages', parts.length > 0 ? await freshBuild(parts) : '');
}
