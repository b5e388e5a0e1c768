// The page for everyone: each language, in the dark and in the light, on a telephone and on a desk.

import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../demo/text/words.js';
import { violationsOf, visitAs } from './axe.js';
import { click, phase, setNumber, useBrowser, WAIT } from './visit.js';

useBrowser();

describe.each(LANGUAGES)('the page in %s', (language) => {
  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 1280]) {
      it(`has no violation that axe-core finds: ${theme}, ${width} pixels`, async () => {
        const page = await visitAs({ language, theme, width });
        expect(await violationsOf(page)).toEqual([]);
        await setNumber(page, 'epochs', 1);
        await click(page, '#primary');
        await phase(page, 'done');
        await page.waitForSelector('#epochs tbody td', WAIT);
        await page.$$eval('details', (all) => all.forEach((one) => (one.open = true)));
        expect(await violationsOf(page)).toEqual([]);
        await page.close();
      });
    }
  }
});
