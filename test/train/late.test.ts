import { describe, expect, it } from 'vitest';
import { Late } from '../../src/train/late.js';

/** Something that is opened when the test says so. */
function invented() {
  const closed: string[] = [];
  let opened = 0;
  let finish: (value: string) => void = () => undefined;
  const late = new Late<string>(
    () => {
      opened++;
      return new Promise((resolve) => (finish = resolve));
    },
    (value) => closed.push(value),
  );
  return { late, closed, opened: () => opened, finish: (value: string) => finish(value) };
}

describe('something late', () => {
  it('is opened once, and not before it is wanted', async () => {
    const { late, opened, finish } = invented();
    expect(opened()).toBe(0);
    const both = Promise.all([late.value(), late.value()]);
    finish('it');
    expect(await both).toEqual(['it', 'it']);
    expect(await late.value()).toBe('it');
    expect(opened()).toBe(1);
  });
  it('is closed with its owner', async () => {
    const { late, closed, finish } = invented();
    const value = late.value();
    finish('it');
    await value;
    late[Symbol.dispose]();
    expect(closed).toEqual(['it']);
    await expect(late.value()).rejects.toMatchObject({ code: 'usage' });
  });
  it('is closed as soon as it is open if its owner went meanwhile, and whoever waits is refused', async () => {
    const { late, closed, finish } = invented();
    const value = late.value();
    late[Symbol.dispose]();
    finish('it');
    await expect(value).rejects.toMatchObject({ code: 'usage' });
    expect(closed).toEqual(['it']);
  });
  it('that nobody wanted is not opened to be closed', async () => {
    const { late, closed, opened } = invented();
    late[Symbol.dispose]();
    await expect(late.value()).rejects.toMatchObject({ code: 'usage' });
    expect([closed.length, opened()]).toEqual([0, 0]);
  });
  it('that fails to open fails for whoever wants it', async () => {
    const late = new Late<string>(
      () => Promise.reject(new Error('no memory')),
      () => undefined,
    );
    await expect(late.value()).rejects.toThrow('no memory');
    await expect(late.value()).rejects.toThrow('no memory');
    late[Symbol.dispose]();
  });
});
