// Files from outside, and files of a run.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { click, phase, setNumber, text, useBrowser, visit, WAIT } from './visit.js';

useBrowser();

const shipped = fileURLToPath(new URL('../../weights/tutorial-digits.safetensors', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'weft-files-'));

/** A one in dark ink on white paper. */
function pngOfOne(): string {
  const data = Buffer.alloc(4 * 60 * 80);
  for (let y = 0; y < 80; y++) {
    for (let x = 0; x < 60; x++) {
      const isInk = y > 12 && y < 68 && x > 27 && x < 34;
      data.set(isInk ? [20, 20, 60, 255] : [250, 250, 250, 255], 4 * (y * 60 + x));
    }
  }
  const path = join(folder, 'one.png');
  writeFileSync(path, PNG.sync.write({ width: 60, height: 80, data }));
  return path;
}

/** Names that would do something if anyone took them for more than text. */
const HOSTILE = [
  '<img src=x onerror=hacked()>',
  '<script>hacked()</script>',
  '<svg onload=hacked()>',
  '"><b onmouseover=hacked()>',
  "' onfocus='hacked()",
  '${hacked()}',
  '{{hacked()}}',
  'javascript:hacked()',
  '`hacked()`',
  '../../etc/passwd',
  'a\u0000b',
  '\u202Etxt.exe',
  '%3Cscript%3E',
  '&lt;b&gt;',
  '<!--',
  ']]>',
  '__proto__',
  'constructor',
  'x'.repeat(3000),
  '</p></div></section>',
  '<style>*{display:none}</style>',
  '<a href=//evil.example>',
  '<iframe src=//evil.example>',
  '日本語<i>',
  '🙂<u>',
].flatMap((name) => [`${name}.safetensors`, `${name}.png`]);

describe('files', () => {
  let page: Page;
  let troubles: readonly string[];
  beforeAll(async () => {
    ({ page, troubles } = await visit(undefined, async (empty) => {
      await empty.evaluateOnNewDocument(() => {
        Object.assign(globalThis, { hacks: 0, hacked: () => (globalThis as unknown as { hacks: number }).hacks++ });
      });
    }));
    await phase(page, 'ready');
  });
  afterAll(async () => {
    await page.close();
    rmSync(folder, { recursive: true });
  });

  const choose = async (path: string): Promise<void> => {
    const input = (await page.$('[name=open]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(path);
  };

  it('of weights are what the next run begins with', async () => {
    await choose(shipped);
    await page.$eval('#finetune', (chapter) => chapter.scrollIntoView());
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[value=kept]')?.checked, WAIT);
    await phase(page, 'ready');
    await setNumber(page, 'epochs', 1);
    await click(page, '#primary');
    await phase(page, 'done');
    // From random weights the first step loses ln 10.
    await page.waitForFunction(
      () => document.querySelector('#curve-loss-summary')?.textContent?.includes('at step 1'),
      WAIT,
    );
    const [, first] = /Training: ([\d.]+) at step 1,/.exec(await text(page, '#curve-loss-summary')) ?? [];
    expect(Number(first)).toBeLessThan(1);
  });

  it('of an image are read by the net as a drawing is', async () => {
    await choose(pngOfOne());
    await page.waitForFunction(
      () => document.querySelector('.answer')?.textContent?.includes('takes it for a 1'),
      WAIT,
    );
  });

  it('with hostile names are named as text, fifty of them', async () => {
    expect(HOSTILE).toHaveLength(50);
    await page.evaluate((names) => {
      for (const name of names) {
        const carried = new DataTransfer();
        carried.items.add(new File([Uint8Array.of(1, 2, 3)], name));
        dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
      }
    }, HOSTILE);
    await page.waitForFunction(() => document.querySelectorAll('#faults .fault').length >= 20, WAIT);
    const found = await page.$eval('#faults', (faults) => ({
      text: faults.textContent ?? '',
      tags: [...new Set([...faults.querySelectorAll('*')].map(({ tagName }) => tagName))].toSorted(),
    }));
    expect(found.tags).toEqual(['BUTTON', 'DIV', 'P', 'STRONG']);
    expect(found.text).toContain('<script>hacked()</script>.safetensors');
    expect(await page.evaluate(() => (globalThis as unknown as { hacks: number }).hacks)).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(troubles).toEqual([]);
  });
});
