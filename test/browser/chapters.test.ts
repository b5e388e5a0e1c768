// The page as something to read: its chapters, by pointer and by keys, in two languages.

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.js';
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

  it('explain their terms where they stand, by keyboard too', async () => {
    await page.focus('[popovertarget=term-epoch]');
    const isOpen = () => page.$eval('#term-epoch', (text) => text.matches(':popover-open'));
    expect(await isOpen()).toBe(false);
    await page.keyboard.press('Enter');
    expect(await isOpen()).toBe(true);
    expect(await text(page, '#term-epoch')).toMatch(/^One pass over all images/);
    const place = await page.$eval('#term-epoch', (one) => one.getBoundingClientRect().toJSON() as DOMRect);
    expect(place.x >= 0 && place.x + place.width <= 800 && place.y >= 0 && place.y + place.height <= 600).toBe(true);
    await page.keyboard.press('Escape');
    expect(await isOpen()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('epoch');
  });

  it('write down what happens in a log that a key opens and closes', async () => {
    await page.keyboard.press('`');
    await page.waitForSelector('#log-drawer[open] .log-lines li', WAIT);
    expect((await texts(page, '.log-lines span')).at(-1)).toMatch(/^Ready/);
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('log-lines');
    await page.keyboard.press('`');
    expect(await page.$('#log-drawer[open]')).toBeNull();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('epoch');
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
  /** Opens the page with another clipboard, or with a device's own way to share; what either was given. */
  async function visitToShare(clipboard: 'takes' | 'refuses', shares: 'none' | 'takes' | 'closed') {
    const { page } = await visit(
      undefined,
      (empty) =>
        empty.evaluateOnNewDocument(
          (clipboard, shares) => {
            const given: string[] = [];
            const take = (text: string): Promise<void> => {
              given.push(text);
              return Promise.resolve();
            };
            Object.assign(globalThis, { given });
            Object.defineProperty(navigator.clipboard, 'writeText', {
              value: clipboard === 'takes' ? take : () => Promise.reject(new Error('no')),
            });
            Object.defineProperty(navigator, 'maxTouchPoints', { value: shares === 'none' ? 0 : 5 });
            Object.defineProperty(navigator, 'share', {
              value: ({ url }: { url: string }) =>
                shares === 'takes' ? take(`shared ${url}`) : Promise.reject(new DOMException('closed', 'AbortError')),
            });
          },
          clipboard,
          shares,
        ),
      '?seed=7',
    );
    await phase(page, 'ready');
    return { page, given: () => page.evaluate(() => (globalThis as unknown as { given: string[] }).given) };
  }

  it('is copied with all settings, those of a software adapter too, and that is said until they change', async () => {
    const { page, given } = await visitToShare('takes', 'none');
    await click(page, '#share');
    await page.waitForFunction(() => document.querySelector('#shared [role=status]')?.textContent?.trim(), WAIT);
    const [url = '', ...more] = await given();
    expect(more).toEqual([]);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      seed: '7',
      images: '2000',
      batch: '32',
      epochs: '5',
    });
    expect(await text(page, '#shared')).toBe('The address with these settings is copied.');
    await setNumber(page, 'seed', 8);
    await page.waitForFunction(() => document.querySelector('#shared')?.textContent?.trim() === '', WAIT);
    await page.close();
  });

  it('stands there to be copied by hand where the browser refuses', async () => {
    const { page } = await visitToShare('refuses', 'none');
    await click(page, '#share');
    const area = await page.waitForSelector('#shared textarea', WAIT);
    const selected = await area?.evaluate((one) => one.value.slice(one.selectionStart, one.selectionEnd));
    expect(selected).toContain('seed=7&');
    expect(await violationsOf(page)).toEqual([]);
    await page.close();
  });

  it('goes by the way of a device that is touched, and nowhere if that is closed', async () => {
    const sharing = await visitToShare('takes', 'takes');
    await click(sharing.page, '#share');
    const [url] = await sharing.given();
    expect(url).toMatch(/^shared http.*seed=7/);
    await sharing.page.close();
    const closing = await visitToShare('takes', 'closed');
    await click(closing.page, '#share');
    expect([await closing.given(), await text(closing.page, '#shared')]).toEqual([[], '']);
    await closing.page.close();
  });

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
