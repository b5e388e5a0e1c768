// Node's side of a peer in a page.

import type { Browser } from 'puppeteer';
import { EngineError } from '../../src/index.js';
import { Answers } from '../answers.js';
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
    const answers = new Answers<Told>(limitMs, (message) => failure(name, message));
    await answers.hear(page, 'peerTell');
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

export const failure = (name: string, message: string): EngineError =>
  new EngineError('gpu', {
    place: name,
    given: message,
    wanted: 'a peer that does what Weft does',
    wayOut: 'Leave it out with --only, or give it longer with --limit',
  });
