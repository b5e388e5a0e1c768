import { expect, it } from 'vitest';
import { digits } from '../../src/data/digits.js';
import { splitOff, subset } from '../../src/data/subset.js';

const { train } = digits({ train: 200, test: 1 });
const counts = (labels: Uint8Array) => {
  const all = new Array<number>(10).fill(0);
  for (const label of labels) all[label] = (all[label] ?? 0) + 1;
  return all;
};

it('a subset has as many images of each class as there can be', () => {
  expect(counts(subset(train, 10, 1).labels)).toEqual(new Array(10).fill(1));
  const some = counts(subset(train, 53, 1).labels);
  expect(Math.max(...some) - Math.min(...some)).toBeLessThanOrEqual(1);
});

it('its images are images of the set with their labels, in its order, each once', () => {
  const { images, labels, count } = subset(train, 60, 2);
  let from = 0;
  for (let i = 0; i < count; i++) {
    const image = images.subarray(i * 784, (i + 1) * 784).join();
    while (train.images.subarray(from * 784, (from + 1) * 784).join() !== image) from++;
    expect(train.labels[from]).toBe(labels[i]);
    from++;
  }
  expect(from).toBeLessThanOrEqual(train.count);
});

it('the seed decides which, and all of them are the set', () => {
  expect(subset(train, 20, 1)).toEqual(subset(train, 20, 1));
  expect(subset(train, 20, 1).images).not.toEqual(subset(train, 20, 2).images);
  expect(subset(train, 200, 3)).toEqual(train);
  for (const count of [0, 201, 1.5]) {
    expect(() => subset(train, count, 1)).toThrow(expect.objectContaining({ code: 'usage' }));
  }
});

it('images that are split off and the rest are the whole set, each image once, both in its order', () => {
  const { rest, part } = splitOff(train, 50, 4);
  expect(part).toEqual(subset(train, 50, 4));
  expect(counts(part.labels)).toEqual(new Array(10).fill(5));
  expect(rest.count).toBe(150);
  const [left, held] = [rest, part].map(({ images, count }) =>
    Array.from({ length: count }, (_, i) => images.subarray(i * 784, (i + 1) * 784).join()),
  );
  for (let i = 0; i < train.count; i++) {
    const image = train.images.subarray(i * 784, (i + 1) * 784).join();
    expect(image === left?.[0] ? left.shift() : held?.shift()).toBe(image);
  }
  expect(() => splitOff(train, 200, 1)).toThrow(expect.objectContaining({ code: 'usage' }));
});
