import { describe, expect, it } from 'vitest';
import { chartSvg } from '../../demo/chartFile.js';
import { kindOfFile } from '../../demo/dropping.js';
import { History } from '../../demo/history.js';
import type { EpochRow } from '../../demo/protocol.js';
import { en } from '../../demo/text/en.js';

describe('a file', () => {
  it('is weights, an image or a part of a data set, by the end of its name', () => {
    expect(['a.safetensors', 'B.SAFETENSORS'].map(kindOfFile)).toEqual(['weights', 'weights']);
    expect(['a.png', 'a.JPG', 'x.jpeg', 'x.webp'].map(kindOfFile)).toEqual(Array(4).fill('image'));
    expect(['t10k-labels-idx1-ubyte.gz', 'png', 'a.safetensors.gz', ''].map(kindOfFile)).toEqual(Array(4).fill('set'));
  });
});

describe('the chart of a run as a file', () => {
  it('has a line for each measure, a dot for each epoch, and nothing that is not finite', () => {
    const history = new History();
    history.add({ first: 1, losses: [2.3, NaN, 1.5, 1.1], accuracies: [0.1, 0.2, 0.4, 0.5], seconds: 2 });
    const epoch = { step: 4, testLoss: 1.2, testAccuracy: NaN } as EpochRow;
    const svg = chartSvg({ curve: history.curve, epochs: [epoch], smoothing: 0.9 }, en);
    expect(svg.match(/<polyline/g)).toHaveLength(4);
    expect(svg.match(/<circle/g)).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const word of [en.loss, en.accuracy, en.train, en.test]) expect(svg).toContain(word);
    const [, first = ''] = /points="([^"]*)"/.exec(svg) ?? [];
    expect(first.split(' ')).toHaveLength(3);
  });
});
