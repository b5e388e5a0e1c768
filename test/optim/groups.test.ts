import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.js';
import { matches } from '../../src/core/pattern.js';
import { grouped, type ParameterGroup } from '../../src/optim/groups.js';

function members() {
  const graph = new Graph();
  ['conv1.weight', 'conv1.bias', 'fc1.weight', 'fc1.bias'].forEach((name, i) => graph.parameter(name, [i * 64 + 1]));
  return graph.members('parameters');
}
const group = (...groups: readonly ParameterGroup[]) => grouped(members(), groups, { weightDecay: 0.5 });

describe('a pattern', () => {
  it.each<[string | RegExp, string, boolean]>([
    ['conv1.weight', 'conv1.weight', true],
    ['conv1', 'conv1.weight', false],
    ['conv*', 'conv1.weight', true],
    ['*.bias', 'block1.conv1.bias', true],
    ['fc?.bias', 'fc1.bias', true],
    ['fc?.bias', 'fc12.bias', false],
    ['fc1.bias', 'fc1xbias', false],
    ['a+b', 'aab', false],
    [/bias$/, 'fc1.bias', true],
    [/bias/g, 'fc1.bias', true],
    [/^bias/, 'fc1.bias', false],
  ])('%s on %s: %s', (match, name, meant) => {
    expect(matches(name, match)).toBe(meant);
    expect(matches(name, match)).toBe(meant);
  });
});

describe('groups of parameters', () => {
  it('none leave all parameters alike', () => {
    const { trained, segments } = group();
    expect([trained.length, segments]).toEqual([4, undefined]);
  });
  it('give each parameter the settings of the first that matches it', () => {
    const { segments } = group({ match: /bias/, weightDecay: 0 }, { match: 'fc1.*', rateFactor: 0.1 });
    expect(segments).toEqual([
      { start: 0, rateFactor: 1, weightDecay: 0.5, trained: true },
      { start: 64, rateFactor: 1, weightDecay: 0, trained: true },
      { start: 192, rateFactor: 0.1, weightDecay: 0.5, trained: true },
      { start: 384, rateFactor: 1, weightDecay: 0, trained: true },
    ]);
  });
  it('that are alike and neighbours are one segment', () => {
    expect(group({ match: 'conv*', rateFactor: 2 }).segments?.map(({ start }) => start)).toEqual([0, 192]);
  });
  it('may be frozen, which leaves the others to be trained', () => {
    const { trained, segments } = group({ match: 'conv*', frozen: true });
    expect(trained.map(({ name }) => name)).toEqual(['fc1.weight', 'fc1.bias']);
    expect(segments?.map((segment) => segment.trained)).toEqual([false, true]);
  });
  it.each<[string, ParameterGroup, RegExp]>([
    ['a pattern that means nothing', { match: 'conv2.*' }, /conv2\.\*, which matches no parameter; wanted a pattern/],
    ['a rate below 0', { match: '*', rateFactor: -1 }, /rate factor -1/],
    ['a decay below 0', { match: '*', weightDecay: -1 }, /weight decay -1/],
    ['nothing to train', { match: '*', frozen: true }, /every parameter frozen/],
  ])('refuse %s', (_, wrong, sentence) => {
    expect(() => group(wrong)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(sentence) }),
    );
  });
});
