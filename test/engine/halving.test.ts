import { describe, expect, it } from 'vitest';
import { fastest, survivors, timeByHalving } from '../../src/engine/halving.js';

/** Invented times: so many ms a repetition; `told` is who was timed, how often. */
function invented(ms: Readonly<Record<string, number>>, hiccup: (call: number) => number = () => 0) {
  const told: (readonly [string, number])[] = [];
  const time = (name: string, times: number) => {
    told.push([name, times]);
    return Promise.resolve((ms[name] ?? 0) * times + hiccup(told.length));
  };
  return { time, told };
}

describe('timing by halving', () => {
  it('finds each one’s time, and the fastest', async () => {
    const { time } = invented({ a: 3, b: 1, c: 2 });
    const found = await timeByHalving(['a', 'b', 'c'], time, { blockMs: 10, blocks: [1, 1] });
    expect([...found]).toEqual([
      ['a', 3],
      ['b', 1],
      ['c', 2],
    ]);
    expect(fastest(['a', 'b', 'c'], found)).toBe('b');
  });

  it('times the slower half no more after a round, and two to the end', async () => {
    const { time, told } = invented({ a: 40, b: 10, c: 30, d: 20 });
    await timeByHalving(['a', 'b', 'c', 'd'], time, { blockMs: 1, blocks: [1, 2, 3] });
    // Two calls each before the rounds: one to warm up, one that fills a block.
    const rounds = told.slice(8).map(([name]) => name);
    expect(rounds.slice(0, 4)).toEqual(['a', 'b', 'c', 'd']);
    expect(rounds.slice(4)).toEqual(['b', 'd', 'b', 'd', 'b', 'd', 'b', 'd', 'b', 'd']);
  });

  it('takes turns, so that a slow spell is not one candidate’s', async () => {
    const { time, told } = invented({ a: 5, b: 5 });
    await timeByHalving(['a', 'b'], time, { blockMs: 1, blocks: [3] });
    expect(told.slice(4).map(([name]) => name)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  it('takes the least of several blocks: hiccups do not count', async () => {
    const { time } = invented({ a: 8, b: 10 }, (call) => (call === 5 ? 500 : 0));
    const found = await timeByHalving(['a', 'b'], time, { blockMs: 1, blocks: [1, 2] });
    expect(found.get('a')).toBe(8);
  });

  it('repeats what is short until a block is filled, and what takes no time at all only so often', async () => {
    const short = invented({ a: 0.5 });
    await timeByHalving(['a'], short.time, { blockMs: 20, blocks: [1] });
    expect(short.told.at(-1)?.[1]).toBeGreaterThanOrEqual(40);
    const nothing = invented({ a: 0 });
    await timeByHalving(['a'], nothing.time, { blockMs: 20, blocks: [1] });
    expect(nothing.told.at(-1)?.[1]).toBe(10_000);
  });

  it('leaves none out where there are two, and half, rounded up, where there are more', () => {
    const ms = new Map('abcde'.split('').map((name, i) => [name, i]));
    expect(survivors(['b', 'a'], ms)).toEqual(['a', 'b']);
    expect(survivors('edcba'.split(''), ms)).toEqual(['a', 'b', 'c']);
  });

  it('has no fastest among none, and the first where nothing was timed', () => {
    expect(fastest([], new Map())).toBeUndefined();
    expect(fastest(['a', 'b'], new Map())).toBe('a');
  });
});
