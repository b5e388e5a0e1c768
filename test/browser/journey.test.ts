// What a person does on the page from its opening to another visit, in each language.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES, loadWords } from '../../demo/text/words.js';
import type { Words } from '../../demo/text/en.js';
import { violationsOf } from './axe.js';
import { click, drawOne, phase, setNumber, text, texts, trainAnew, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

/** The first number of each loss that the curve's summary names: at its first step, and now. */
const losses = async (page: Page): Promise<number[]> => {
  const summary = await text(page, '#curve-loss-summary');
  return [...summary.matchAll(/\d+\.\d+/g)].map(([number]) => Number(number));
};
const includes = (page: Page, selector: string, wanted: string) =>
  page.waitForFunction((at, part) => document.querySelector(at)?.textContent?.includes(part), WAIT, selector, wanted);

describe.each(LANGUAGES)('a visit in %s', (language) => {
  let page: Page;
  let troubles: readonly string[];
  let words: Words;
  let downloads: string;
  beforeAll(async () => {
    words = await loadWords(language);
    downloads = mkdtempSync(join(tmpdir(), 'weft-journey-'));
    ({ page, troubles } = await visit(
      undefined,
      async (empty) => {
        const session = await empty.createCDPSession();
        await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
      },
      `?lang=${language}&epochs=3`,
    ));
    await phase(page, 'ready');
  });
  afterAll(async () => {
    await page.close();
    rmSync(downloads, { recursive: true });
  });

  it('speaks the language in its title, its chapters and its button', async () => {
    expect(await page.title()).toBe(words.title);
    expect(await texts(page, '.chapter h2')).toEqual(
      Object.values(words.chapters).map((title, i) => `${i + 1} ${title}`),
    );
    expect(await text(page, '#primary')).toBe(words.primary.start);
  });

  it('trains to a falling loss', async () => {
    await trainAnew(page);
    const [first = NaN, now = NaN] = await losses(page);
    expect(first).toBeGreaterThan(2);
    expect(now).toBeLessThan(0.5 * first);
    expect(await text(page, '.run-message')).toContain(words.phases.done);
  });

  it('recognises a digit that is drawn', async () => {
    await drawOne(page);
    await includes(page, '.guess-digit', '1');
  });

  it('exports its weights as a file, which another run then begins with', async () => {
    await click(page, '[data-export=weights]');
    const file = await fileIn(downloads, '.safetensors');
    const input = (await page.$('[name=open]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(file);
    await page.$eval('#finetune', (chapter) => chapter.scrollIntoView());
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[value=kept]')?.checked, WAIT);
    expect(await text(page, '#primary')).toBe(words.primary.anew);
    await setNumber(page, 'epochs', 1);
    await trainAnew(page);
    const [first = NaN] = await losses(page);
    expect(first).toBeLessThan(1.5);
  });

  it('is tuned to a digit of the person’s own, and says what that changed', async () => {
    // What the last run brings to this chapter moves the pad.
    for (const part of ['#scores', '#mistakes']) {
      await page.$eval(part, (place) => place.scrollIntoView());
      await page.waitForSelector(`${part} td, ${part} li`, WAIT);
    }
    await click(page, '#clear');
    await includes(page, '.guess-digit', '?');
    await drawOne(page);
    await includes(page, '.guess-digit', '1');
    await page.waitForSelector('.is-right', { ...WAIT, visible: true });
    await click(page, '.is-right');
    await includes(page, '.correct', words.correct.added(1));
    await click(page, '#tune');
    await page.waitForFunction(() => document.body.dataset['phase'] !== 'done', WAIT);
    await phase(page, 'done');
    await page.waitForSelector('#comparison tbody td', WAIT);
  });

  it('opens every chapter without a violation of accessibility', async () => {
    for (const chapter of Object.keys(words.chapters)) {
      await page.$eval(`#${chapter}`, (place) => place.scrollIntoView());
      await page.waitForFunction(
        (id) => [...document.querySelectorAll(`#${id} .card`)].every((card) => card.textContent?.trim() !== ''),
        WAIT,
        chapter,
      );
    }
    expect(await violationsOf(page)).toEqual([]);
  });

  it('goes on after a reload with the run as it was saved', async () => {
    await page.reload();
    await page.waitForSelector('#resume', { ...WAIT, visible: true });
    await click(page, '#resume');
    await phase(page, 'paused');
    expect(await text(page, '#primary')).toBe(words.primary.goOn);
    expect((await losses(page)).length).toBeGreaterThanOrEqual(2);
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});

/** The file with such a name, once it is there as a whole. */
async function fileIn(folder: string, end: string): Promise<string> {
  for (;;) {
    const [name] = readdirSync(folder).filter((each) => each.endsWith(end));
    if (name !== undefined) return join(folder, name);
    await new Promise((done) => setTimeout(done, 50));
  }
}
