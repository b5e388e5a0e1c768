// A run of the page that outlives the GPU process again and again.

import { beforeAll, describe, expect, it } from 'vitest';
import { begin, trainedTo, weightsOf } from './kept.js';
import { click, crashGpu, CRASHES_ALLOWED, phase, useBrowser, WAIT } from './visit.js';

useBrowser(CRASHES_ALLOWED);

const CRASHES = 10;
/** So long that the last crash falls well before its end, on a slow machine too. */
const QUERY = '?epochs=12&seed=5';

describe('crashes of the GPU process', () => {
  let straight: string;
  beforeAll(async () => {
    const page = await begin(QUERY);
    await phase(page, 'done');
    straight = await weightsOf(page);
    await page.close();
  });

  it('ten of them in one run of the page leave the weights of an undisturbed run', async () => {
    const page = await begin(QUERY);
    for (let crash = 1; crash <= CRASHES; crash++) {
      await trainedTo(page, 28 * crash);
      await crashGpu();
      await phase(page, 'restoring');
      await phase(page, 'training');
    }
    await phase(page, 'done');
    expect(await weightsOf(page)).toBe(straight);
    expect(await page.$$('.fault')).toEqual([]);
    await page.close();
  });

  it('a run that is paused when the GPU process crashes gets another GPU before anybody asks, and ends in the same weights', async () => {
    const page = await begin(QUERY);
    await trainedTo(page, 60);
    await click(page, '#primary');
    await phase(page, 'paused');
    const restored = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const phases: string[] = [];
          new MutationObserver(() => {
            phases.push(document.body.dataset['phase'] ?? '');
            if (phases.at(-1) === 'paused') resolve(phases);
          }).observe(document.body, { attributeFilter: ['data-phase'] });
        }),
    );
    await crashGpu();
    expect(await restored).toEqual(['restoring', 'paused']);
    await click(page, '#primary');
    await phase(page, 'done');
    expect(await weightsOf(page)).toBe(straight);
    await page.close();
  });

  it('one that a search for a rate meets ends the search alone: the run goes on, and can be paused', async () => {
    const page = await begin('?epochs=200&seed=5');
    await trainedTo(page, 60);
    await page.$eval('#finder', (place) => place.scrollIntoView());
    await page.waitForSelector('#finder button', WAIT);
    await click(page, '#finder button');
    await page.waitForFunction(() => document.querySelector('#finder')?.textContent?.includes('Searching'), WAIT);
    await crashGpu();
    await phase(page, 'restoring');
    await phase(page, 'training');
    await page.waitForFunction(() => !document.querySelector('#finder')?.textContent?.includes('Searching'), WAIT);
    await click(page, '#primary');
    await phase(page, 'paused');
    expect(await page.$$('.fault')).toEqual([]);
    await page.close();
  });
});
