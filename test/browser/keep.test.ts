// Nothing is lost: a run is saved, outlives its page and the GPU process, and comes to the same weights.

import { beforeAll, describe, expect, it } from 'vitest';
import { readOnnx } from '../support/onnx.js';
import { begin, bytesOf, goOn, trainedTo, weightsOf } from './kept.js';
import { click, crashGpu, phase, stepOf, text, useBrowser, WAIT } from './visit.js';

useBrowser();

describe('a run', () => {
  let straight: string;
  let model: Uint8Array;
  beforeAll(async () => {
    const page = await begin();
    await phase(page, 'done');
    straight = await weightsOf(page);
    model = await bytesOf(page, 'onnx');
    await page.close();
  });

  it('comes as an ONNX model that takes the bytes of images', () => {
    const { graph, sizesOf } = readOnnx(model);
    expect(graph.node.map(({ opType }) => opType).join(' ')).toBe(
      'Cast Div Sub Div Conv Relu MaxPool Conv Relu MaxPool Flatten Gemm Relu Gemm Relu Gemm',
    );
    expect([...graph.input, ...graph.output].map(sizesOf)).toEqual(['N, 1, 28, 28', 'N, 10']);
    const weight = graph.initializer.find(({ name }) => name === 'fc3.weight')!;
    expect(new Float32Array(weight.rawData.slice().buffer).every((w) => Number.isFinite(w) && w !== 0)).toBe(true);
  });

  it('that is paused is saved: after a reload it is offered until it is forgotten, and ends in the same weights', async () => {
    const page = await begin();
    await trainedTo(page, 60);
    await click(page, '#primary');
    await phase(page, 'paused');
    await page.waitForFunction(() => document.querySelector('.run-saved')?.textContent !== '', WAIT);
    const step = await stepOf(page);
    await page.reload();
    await phase(page, 'ready');
    expect(await text(page, '#last')).toContain(`Tutorial, step ${step}, saved`);
    await goOn(page);
    expect(await text(page, '#curve-loss-summary')).toMatch(/^Training: [\d.]+ at step 1,/);
    await phase(page, 'done');
    expect(await weightsOf(page)).toBe(straight);
    // Until somebody wants it no more.
    await page.reload();
    await page.waitForSelector('#forget', { ...WAIT, visible: true });
    await click(page, '#forget');
    await page.waitForFunction(() => document.querySelector<HTMLElement>('#last')?.hidden, WAIT);
    await page.reload();
    await phase(page, 'ready');
    expect(await page.$eval('#last', (card) => (card as HTMLElement).hidden)).toBe(true);
    await page.close();
  });

  it('goes on after a crash of the GPU process; after a second one, which bars the page, a reload goes on', async () => {
    const page = await begin();
    await trainedTo(page, 100);
    await crashGpu();
    await page.waitForFunction(
      () => document.querySelector('.run-message')?.textContent?.startsWith('The GPU was lost, and the run went on'),
      WAIT,
    );
    await trainedTo(page, 220);
    await crashGpu();
    await phase(page, 'lost');
    expect(await text(page, '.run-message')).toContain('Reload the page to go on');
    await page.reload();
    await phase(page, 'ready');
    await goOn(page);
    await phase(page, 'done');
    expect(await weightsOf(page)).toBe(straight);
    await page.close();
  });
});
