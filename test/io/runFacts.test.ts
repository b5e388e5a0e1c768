import { describe, expect, it } from 'vitest';
import { runFacts } from '../../src/io/runFacts.js';
import { someCheckpoint } from './someCheckpoint.js';

const { run } = someCheckpoint(1).facts;
const wrongIn = (settings: object) => runFacts('run', { ...run, ...settings })?.join(' is not ');

describe('the facts of a run', () => {
  it.each<[string, object]>([
    ['no bounds', { clip: null }],
    ['a bound on each element', { clip: { value: 0.5 } }],
    ['groups', { groups: [{ match: 'conv*', frozen: true }, { match: { expression: 'bias$', flags: 'i' } }] }],
    ['no augmentation', { augment: null }],
    ['no loss scale', { lossScale: null }],
    [
      'all augmentation',
      { augment: { scale: [1, 2], elastic: { most: 1 }, erase: { chance: 0.5, least: 0.1 }, mixup: 0.2 } },
    ],
    ['a schedule by hand', { schedule: { kind: 'own' } }],
    ['an optimizer of one’s own', { optimizer: { kind: 'own', name: 'mine' } }],
  ])('may be with %s', (_, settings) => {
    expect(wrongIn(settings)).toBeUndefined();
  });

  it.each<[object, string]>([
    [{ clip: { most: 1 } }, 'run.clip.value is not number'],
    [{ clip: { value: null } }, 'run.clip.value is not number'],
    [{ groups: [{ match: 'a' }, { match: 1 }] }, 'run.groups[1].match is not an object'],
    [{ groups: [{ match: 'a', rate: 1 }] }, 'run.groups[0].rate is not known'],
    [{ groups: {} }, 'run.groups is not a list'],
    [{ augment: { shift: 0.5 } }, 'run.augment.shift is not whole'],
    [{ augment: { flip: true } }, 'run.augment.flip is not known'],
    [{ lossScale: { init: 1, growth: 2, backoff: 0.5 } }, 'run.lossScale.interval is not whole'],
    [{ augment: { elastic: {} } }, 'run.augment.elastic.most is not number'],
    [{ schedule: { kind: 'cosine', steps: 3 } }, 'run.schedule.to is not number'],
    [{ schedule: { kind: 'perEpoch', of: { kind: 'constant', steps: 1 } } }, 'run.schedule.of.steps is not known'],
    [{ schedule: { kind: 'toString' } }, 'run.schedule.kind is not one of own, constant, perEpoch, stepDecay'],
    [{ optimizer: { kind: 'sgd', rate: '0.1' } }, 'run.optimizer.rate is not number'],
    [{ optimizer: 'sgd' }, 'run.optimizer is not an object'],
    [{ plateau: { ...run.plateau, watch: 'loss' } }, 'run.plateau.watch is not testLoss or testAccuracy'],
  ])('%j are refused', (settings, wrong) => {
    expect(wrongIn(settings)).toContain(wrong);
  });
});
