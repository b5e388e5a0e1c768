// What axe-core finds against the page: https://github.com/dequelabs/axe-core.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'puppeteer';
import type { Language } from '../../demo/text/words.js';
import type { Theme } from '../../demo/theme.js';
import { phase, visit } from './visit.js';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  readonly language: Language;
  readonly theme: Theme;
  readonly width: number;
}

/** Opens the page as somebody with these wishes sees it, when it is ready. */
export async function visitAs({ language, theme, width }: Look): Promise<Page> {
  const { page } = await visit(
    undefined,
    async (empty) => {
      await empty.setViewport({ width, height: 800 });
      await empty.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
    },
    `?lang=${language}`,
  );
  await phase(page, 'ready');
  return page;
}

/** A line for each violation and each element that has it. */
export async function violationsOf(page: Page): Promise<string[]> {
  // By the debugger: the page's own policy lets no foreign script in.
  await page.evaluate(source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(at: Document): Promise<AxeResults> } }).axe.run(document),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
}
