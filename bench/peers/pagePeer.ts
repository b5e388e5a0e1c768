// Node's side of a peer in a page.

import type { Browser, Page } from 'puppeteer';
import { EngineError } from '../../src/index.js';
import type { Command, Told } from './contract.js';

/** A peer that runs somewhere and does as it is told, one command after the other. */
export interface RunningPeer {
  readonly name: string;
  /** Of the load: what it is, how long the first step took, and its loss. */
  readonly opened: Extract<Told, { kind: 'open' }>;
  /** Throws EngineError 'gpu' if the peer fails, 'device-lost' if it does not answer in time. */
  tell(command: Command): Promise<Exclude<Told, { kind: 'failed' }>>;
  close(): Promise<void>;
}

/**
 * Opens a peer in a page of its own.
 * @param limitMs milliseconds that any answer may take
 */
export async function openPagePeer(browser: Browser, name: string, url: string, limitMs: number): Promise<RunningPeer> {
  const page = await browser.newPage();
  try {
    const answers = await listen(page, name, limitMs);
    const first = answers.next();
    await page.goto(url, { timeout: limitMs });
    const opened = await first;
    if (opened.kind !== 'open') throw failure(name, `it said ${opened.kind} first`);
    return {
      name,
      opened,
      tell: async (command) => {
        // A page in the background gets little time.
        await page.bringToFront();
        const answer = answers.next();
        await page.evaluate((it) => globalThis.peerDo(it), command);
        return answer;
      },
      close: () => page.close().catch(() => undefined),
    };
  } catch (error) {
    await page.close().catch(() => undefined);
    throw error;
  }
}

type Answer = Exclude<Told, { kind: 'failed' }>;

/** The page's next answer, or why there is none. */
async function listen(page: Page, name: string, limitMs: number): Promise<{ next(): Promise<Answer> }> {
  let settle: ((told: Told) => void) | undefined;
  const fail = (message: string): void => settle?.({ kind: 'failed', message });
  await page.exposeFunction('peerTell', (told: Told) => settle?.(told));
  page.on('error', (cause) => fail(`the page crashed: ${cause.message}`));
  page.on('pageerror', (cause) => fail(String(cause)));
  const next = (): Promise<Answer> =>
    new Promise((done, failed) => {
      const late = setTimeout(() => fail(`no answer within ${limitMs / 1000} s`), limitMs);
      settle = (told) => {
        clearTimeout(late);
        settle = undefined;
        if (told.kind === 'failed') failed(failure(name, told.message));
        else done(told);
      };
    });
  return { next };
}

export const failure = (name: string, message: string): EngineError =>
  new EngineError('gpu', {
    place: name,
    given: message,
    wanted: 'a peer that does what Weft does',
    wayOut: 'Leave it out with --only, or give it longer with --limit',
  });
