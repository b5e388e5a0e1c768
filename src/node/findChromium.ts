// Which browser to run: the first of a person's choice, Puppeteer's own download, and the places of known packages.

import { existsSync } from 'node:fs';
import { EngineError } from '../core/errors.js';
import { BROWSER_VARIABLES, knownBrowsers } from './chromiumPaths.js';

export interface BrowserTried {
  readonly path: string;
  /** Where the path comes from: a variable's name, 'puppeteer' or 'known path'. */
  readonly from: string;
  readonly found: boolean;
}

export interface BrowserSearch {
  /** The executable to run; undefined if there is none. */
  readonly path: string | undefined;
  /** Everything looked at, in order, the chosen one last. */
  readonly tried: readonly BrowserTried[];
}

/**
 * Looks for a Chromium; runs nothing.
 *
 * @throws EngineError 'missing' if PUPPETEER_EXECUTABLE_PATH or CHROME_PATH names a file that is not there: a choice
 *   that cannot be honoured is not replaced by another
 */
export async function findChromium(): Promise<BrowserSearch> {
  const tried: BrowserTried[] = [];
  for await (const { path, from } of candidates()) {
    const found = existsSync(path);
    tried.push({ path, from, found });
    if (found) return { path, tried };
    if (BROWSER_VARIABLES.some((name) => name === from)) {
      throw new EngineError('missing', {
        place: from,
        given: `no file ${path}`,
        wanted: 'the executable of a Chromium or Chrome',
        wayOut: `Correct ${from} or unset it`,
      });
    }
  }
  return { path: undefined, tried };
}

async function* candidates(): AsyncGenerator<Pick<BrowserTried, 'path' | 'from'>> {
  for (const name of BROWSER_VARIABLES) {
    const path = process.env[name];
    if (path !== undefined && path !== '') yield { path, from: name };
  }
  const own = await puppeteerBrowser();
  if (own !== undefined) yield { path: own, from: 'puppeteer' };
  for (const path of knownBrowsers()) yield { path, from: 'known path' };
}

/** Where Puppeteer would have put its download; undefined without Puppeteer or without such a place. */
async function puppeteerBrowser(): Promise<string | undefined> {
  try {
    const { default: puppeteer } = await import('puppeteer');
    // A string in Puppeteer 24, a promise from 25 on.
    return await Promise.resolve(puppeteer.executablePath());
  } catch {
    return undefined;
  }
}
