import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABOVE_0, AT_LEAST_0, FRACTION, parseFlags, type Flags } from '../../src/cli/flags.js';
import { evalFlags, predictFlags, trainFlags } from '../../src/cli/tables.js';

const flags = {
  lr: { kind: 'number', range: ABOVE_0, default: 0.001, about: '' },
  decay: { kind: 'number', range: AT_LEAST_0, default: 0, about: '' },
  momentum: { kind: 'number', range: FRACTION, about: '' },
  steps: { kind: 'whole', least: 0, most: 100, about: '' },
  net: { kind: 'choice', of: ['tutorial', 'wide'], default: 'tutorial', about: '' },
  'weights-out': { kind: 'text', hint: '<f>', wanted: 'a file', about: '' },
  json: { kind: 'switch', default: false, about: '' },
  shuffle: { kind: 'switch', default: true, about: '' },
  grid: { kind: 'list', hint: '<a>=<b>', wanted: 'a list', default: [], about: '' },
} as const satisfies Flags;

const parse = (...words: string[]) => parseFlags('weft test', flags, words);

describe('parseFlags', () => {
  it('gives the default of what is not given, and undefined where there is none', () => {
    const plain = { lr: 0.001, decay: 0, net: 'tutorial', json: false, shuffle: true, grid: [] };
    expect(parse()).toEqual({ ...plain, momentum: undefined, steps: undefined, 'weights-out': undefined });
  });

  it('takes --flag value and --flag=value alike, the last one where there are two', () => {
    expect(parse('--lr', '0.5', '--net=wide', '--weights-out=a b')).toMatchObject({
      lr: 0.5,
      net: 'wide',
      'weights-out': 'a b',
    });
    expect(parse('--lr', '1', '--lr', '2').lr).toBe(2);
  });

  it('takes a list again and again, in order', () => {
    expect(parse('--grid', 'a=1,2', '--net', 'wide', '--grid=b=3').grid).toEqual(['a=1,2', 'b=3']);
  });

  it('turns switches on by name and off by --no-name', () => {
    expect(parse('--json', '--no-shuffle')).toMatchObject({ json: true, shuffle: false });
    expect(parse('--json=false')).toMatchObject({ json: false });
  });

  it('reads every number that JavaScript writes, and no other text', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-37, max: 3e38, noNaN: true }), (value) => {
        expect(parse('--lr', String(value)).lr).toBe(value);
      }),
    );
    for (const text of ['', ' 1', '1 ', '0x10', 'Infinity', 'NaN', '1,5', '1e', '.', '--1', '1e999']) {
      expect(() => parse(`--lr=${text}`)).toThrow(/^--lr: /);
    }
  });

  it('reads whole numbers within their bounds, and no other text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (value) => {
        expect(parse('--steps', `${value}`).steps).toBe(value);
      }),
    );
    for (const text of ['101', '-1', '1.0', '1e1', 'ten', '+1'])
      expect(() => parse('--steps', text)).toThrow(/^--steps: /);
  });
});

describe('what parseFlags refuses, it refuses as usage with a sentence that says what was given and what was wanted', () => {
  const cases: readonly (readonly [string[], string])[] = [
    [['--lr', '-1'], '--lr: "-1"; wanted a number above 0'],
    [['--decay', '-0.1'], '--decay: "-0.1"; wanted a number of at least 0'],
    [['--momentum', '1'], '--momentum: "1"; wanted a number from 0 to below 1'],
    [['--steps', '--json'], '--steps: "--json"; wanted a whole number from 0 to 100'],
    [['--steps'], '--steps: no value; wanted a whole number from 0 to 100'],
    [['--weights-out', '--json'], '--weights-out: "--json"; wanted a file'],
    [['--grid', 'a=1', '--grid'], '--grid: no value; wanted a list'],
    [['--weights-out='], '--weights-out: no value; wanted a file'],
    [['--net', 'tutoral'], '--net: "tutoral"; wanted tutorial or wide. Did you mean tutorial?'],
    [['--json=perhaps'], '--json: "perhaps"; wanted no value: it is on or off'],
    [['--stpes', '3'], 'weft test: no flag --stpes; wanted one that it has. Did you mean --steps?'],
    [['--no-shufle'], 'weft test: no flag --no-shufle; wanted one that it has. Did you mean --no-shuffle?'],
    [['-x'], 'weft test: no flag -x; wanted one that it has. `weft test --help` lists them.'],
    [['--colour=red'], 'weft test: no flag --colour; wanted one that it has. `weft test --help` lists them.'],
    [['steps', '5'], 'weft test: the word "steps"; wanted flags only. Did you mean --steps?'],
    [['--', '--json'], 'weft test: the word "--json"; wanted flags only'],
  ];
  for (const [words, sentence] of cases) {
    it(words.join(' '), () => {
      expect(() => parse(...words)).toThrow(expect.objectContaining({ code: 'usage', message: sentence }));
    });
  }
});

it('the commands have the flags and defaults that are promised', () => {
  const promised = {
    net: 'tutorial',
    data: 'auto',
    batch: 64,
    optimizer: 'sgd',
    accumulate: 1,
    precision: 'f32',
    schedule: 'constant',
    warmup: 0,
    seed: 1,
    shuffle: true,
    augment: 'none',
    mean: 0.1307,
    std: 0.3081,
    nesterov: false,
    json: false,
    quiet: false,
    resume: false,
    'keep-best': false,
  };
  expect(parseFlags('weft train', trainFlags, [])).toMatchObject(promised);
  const open =
    'epochs steps lr weight-decay clip-norm clip-value label-smoothing plateau mixup momentum validation stop-early ' +
    'min-delta weights-in weights-out checkpoint checkpoint-every metrics backend';
  expect(Object.keys(trainFlags).sort()).toEqual([...Object.keys(promised), ...open.split(' ')].sort());
  expect(Object.keys(evalFlags)).toEqual(expect.arrayContaining(['weights-in', 'data', 'json', 'backend']));
  expect(Object.keys(predictFlags)).toEqual(expect.arrayContaining(['weights-in', 'image', 'json', 'backend']));
});
