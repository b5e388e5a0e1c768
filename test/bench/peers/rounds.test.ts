import { describe, expect, it } from 'vitest';
import { keptRounds, lossesPart, ratesOf, roundsWithout, timesFor, turns } from '../../../bench/peers/rounds.js';

describe('turns', () => {
  it('everybody has one turn a round, and everybody begins once', () => {
    const peers = ['a', 'b', 'c'];
    const rounds = [0, 1, 2, 3].map((round) => turns(peers, round));
    for (const round of rounds) expect([...round].sort()).toEqual(peers);
    expect(rounds.map(([first]) => first)).toEqual(['a', 'b', 'c', 'a']);
    expect(turns([], 2)).toEqual([]);
  });
});

describe('blocks', () => {
  it('a block is as long as asked for, and never empty', () => {
    expect(timesFor(10, 2000)).toBe(200);
    expect(timesFor(1999, 2000)).toBe(1);
    expect(timesFor(5000, 2000)).toBe(1);
  });
});

describe('losses', () => {
  it('agree up to a part in a hundred thousand', () => {
    expect(lossesPart([2, 1], [2.000019, 0.999991])).toBeUndefined();
    expect(lossesPart([2, 1], [2.000019, 0.999989])).toEqual({ step: 2, judge: 1, other: 0.999989 });
  });

  it('that are missing or no numbers agree with nothing', () => {
    expect(lossesPart([2, 1], [2])).toMatchObject({ step: 2 });
    expect(lossesPart([2, 1], [NaN, 1])).toMatchObject({ step: 1 });
    expect(lossesPart([NaN], [NaN])).toMatchObject({ step: 1 });
  });
});

describe('rounds', () => {
  const rounds = [
    new Map([
      ['Weft', 50],
      ['PyTorch', 59.9],
    ]),
    new Map([
      ['Weft', 60],
      ['PyTorch', 60],
    ]),
    new Map([['Weft', 70]]),
  ];

  it('in which the watched peer is under its floor are left out for everybody', () => {
    expect(keptRounds(rounds, 'PyTorch', 60)).toEqual(rounds.slice(1));
  });

  it('without the watched peer, or without a floor, all count', () => {
    expect(keptRounds(rounds, 'nobody', 60)).toEqual(rounds);
    expect(keptRounds(rounds, 'PyTorch', 0)).toEqual(rounds);
  });

  it('that were never quiet show everybody but the watched peer', () => {
    expect(roundsWithout(rounds, 'PyTorch').map((round) => [...round.keys()])).toEqual([['Weft'], ['Weft'], ['Weft']]);
  });

  it('give the median of the rounds that a peer was in', () => {
    const rates = ratesOf(rounds);
    expect(rates.get('Weft')).toEqual({ median: 60, min: 50, max: 70 });
    expect(rates.get('PyTorch')).toEqual({ median: (59.9 + 60) / 2, min: 59.9, max: 60 });
  });
});
