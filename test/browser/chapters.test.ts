// The page as something to read: its chapters, by pointer and by keys, in two languages.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { click, phase, setNumber, text, texts, trainAnew, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const lang = (page: Page): Promise<string> => page.evaluate(() => document.documentElement.lang);
/** A language comes when its words are here. */
const spoken = (page: Page, tag: string) =>
  page.waitForFunction((wanted) => document.documentElement.lang === wanted, WAIT, tag);
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '');
/** Text of the page with its labels for screen readers. */
const allText = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const labels = [...document.querySelectorAll('[aria-label]')].map((element) => element.getAttribute('aria-label'));
    return [document.querySelector('#frame')?.textContent, ...labels].join('\n');
  });

describe('the chapters', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit());
    await phase(page, 'ready');
  });
  afterAll(() => page.close());

  it('stand in the order of the tutorial, each with sentences and with a thing', async () => {
    expect(await texts(page, '.chapters a')).toEqual([
      '1 Data',
      '2 Model',
      '3 Train',
      '4 Evaluate',
      '5 Fine-tune',
      '6 Kernels',
    ]);
    const chapters = await page.$$eval('.chapter', (all) =>
      all.map((chapter) => ({
        id: chapter.id,
        sentences: chapter.querySelectorAll('.story p').length,
        things: chapter.querySelectorAll('.card').length,
      })),
    );
    expect(chapters.map(({ id }) => id)).toEqual(['data', 'model', 'train', 'evaluate', 'finetune', 'kernels']);
    const ids = await page.$$eval('[id]', (all) => all.map(({ id }) => id));
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
    expect(await page.$$eval('.card', (all) => all.filter((card) => card.textContent?.trim() === '').length)).toBe(0);
    for (const { id, sentences, things } of chapters)
      expect([id, sentences >= 2, things >= 1]).toEqual([id, true, true]);
  });

  it('are reached by their digits, but not from a field', async () => {
    await page.keyboard.press('4');
    expect(await focused(page)).toBe('evaluate');
    expect(page.url()).toMatch(/#evaluate$/);
    await page.waitForFunction(
      () => document.querySelector('.chapters [aria-current]')?.getAttribute('data-chapter') === 'evaluate',
      WAIT,
    );
    await page.focus('[name=seed]');
    await page.keyboard.press('2');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('seed');
    await setNumber(page, 'seed', 1);
  });

  it('switch to 中文 and back, with the address and the language of the document, and no word left behind', async () => {
    expect(await lang(page)).toBe('en');
    await click(page, '.languages [hreflang=zh-Hans]');
    await spoken(page, 'zh-Hans');
    expect(page.url()).toContain('lang=zh');
    expect(await texts(page, '.chapters a')).toEqual(['1 数据', '2 模型', '3 训练', '4 评估', '5 微调', '6 内核']);
    expect(await text(page, '#primary')).toBe('训练');
    expect(await page.title()).toContain('神经网络');
    // Drawn with the frames.
    await page.waitForFunction(() => document.querySelector('#matrix .summary')?.textContent?.includes('第一轮'), WAIT);
    await page.waitForFunction(
      () => document.querySelector('#curve-loss-summary')?.textContent?.includes('开始'),
      WAIT,
    );
    // What stays in Latin letters: names, code, units.
    const found = await allText(page);
    for (const word of ['the', 'The', 'image', 'Net', 'Loss', 'Train', 'step', 'digit', 'Rows']) {
      expect([
        word,
        new RegExp(`(^|[^A-Za-z.])${word}([^A-Za-z]|$)`).test(found.replace(/const kept[^]*?\}\);/, '')),
      ]).toEqual([word, false]);
    }
    await page.evaluate(() => document.body.focus());
    await page.keyboard.press('l');
    await spoken(page, 'en');
  });

  it('keep the weights of a run, and begin another from them with frozen layers', async () => {
    await page.$eval('#finetune', (chapter) => chapter.scrollIntoView());
    await page.waitForSelector('#keep', WAIT);
    expect(await page.$eval('#keep', (button) => button.getAttribute('aria-disabled'))).toBe('true');
    await setNumber(page, 'epochs', 1);
    await click(page, '#primary');
    await phase(page, 'done');
    await click(page, '#keep');
    await page.waitForSelector('[name=begin][value=kept]:enabled', WAIT);
    expect(await text(page, '#primary')).toBe('Train again');
    expect(await text(page, '.kept')).toMatch(/^Tutorial after \d+ steps, [\d.]+ % right in testing\.$/);
    await click(page, '[name=begin][value=kept]');
    await click(page, '[name=frozen][value=conv1]');
    expect(await text(page, '#primary')).toBe('Start anew');
    const accuracy = Number.parseFloat((await texts(page, '#epochs tbody td')).at(5) ?? '');
    await trainAnew(page);
    await page.waitForFunction(() => document.querySelector('#epochs tbody td') !== null, WAIT);
    await page.waitForFunction(
      () => document.querySelector('#curve-loss-summary')?.textContent?.includes('at step 1,'),
      WAIT,
    );
    // From random weights the first step loses ln 10.
    const [, first] = /Training: ([\d.]+) at step 1,/.exec(await text(page, '#curve-loss-summary')) ?? [];
    expect(Number(first)).toBeLessThan(2);
    expect(Number.parseFloat((await texts(page, '#epochs tbody td')).at(5) ?? '')).toBeGreaterThan(accuracy - 15);
  });

  it('did all that without an error in the console or a request to another host', () => {
    expect(troubles).toEqual([]);
  });
});

describe('the language of a visit', () => {
  it('is that of the address', async () => {
    const { page } = await visit(undefined, undefined, '?lang=zh');
    await spoken(page, 'zh-Hans');
    await page.close();
  });

  it('is that of the browser where the address says nothing', async () => {
    const { page } = await visit(undefined, (empty) =>
      empty.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'languages', { value: ['fr', 'zh-CN'] })),
    );
    await spoken(page, 'zh-Hans');
    expect(page.url()).not.toContain('lang');
    await page.close();
  });
});

describe('the address of a visit', () => {
  it('sets what it asks for, and follows what is chosen; what cannot be is said', async () => {
    const { page } = await visit(undefined, undefined, '?seed=7&lr=0.003&batch=none');
    await phase(page, 'ready');
    const value = (name: string): Promise<string> =>
      page.$eval(`[name=${name}]`, (input) => (input as HTMLInputElement).value);
    expect([await value('seed'), await value('rate'), await value('batch')]).toEqual(['7', '0.003', '32']);
    expect(await text(page, '#faults')).toContain('batch=none');
    await setNumber(page, 'epochs', 3);
    expect(new URL(page.url()).search).toBe('?seed=7&lr=0.003&batch=32&images=2000&epochs=3');
    await page.close();
  });
});
