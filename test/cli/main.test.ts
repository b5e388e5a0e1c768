import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../node/temporaryFolder.js';
import { weft } from './weft.js';

const path = temporaryFolder();

describe('weft', () => {
  it('lists its commands, and each its flags, on stdout', async () => {
    const [bare, help, train] = await Promise.all([weft([]), weft(['--help']), weft(['train', '--help'])]);
    expect(help).toEqual(bare);
    expect(bare.stderr + train.stderr).toBe('');
    expect([bare.code, train.code]).toEqual([0, 0]);
    for (const command of ['train', 'eval', 'predict', 'tune', 'lr-find', 'data', 'doctor'])
      expect(bare.stdout).toContain(`weft ${command} `);
    const flags = 'net data epochs steps batch optimizer lr momentum weight-decay seed no-shuffle mean std weights-in';
    for (const flag of `${flags} weights-out metrics json backend nesterov quiet schedule warmup clip-norm accumulate precision`.split(
      ' ',
    )) {
      expect(train.stdout).toMatch(new RegExp(`^ {2}--${flag}\\b`, 'm'));
    }
    expect(bare.stdout + train.stdout).not.toContain('\u001b');
  });

  it('prints its version', async () => {
    expect((await weft(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('exits with 2 and one sentence for what it does not know', async () => {
    const cases = {
      trian: 'weft: the command "trian"; wanted train, .*\\. Did you mean `weft train`\\?',
      'train --epocs 3': 'weft train: no flag --epocs; wanted .* Did you mean --epochs\\?',
      'train --lr fast': 'weft: --lr: "fast"; wanted a number above 0',
      'eval --data digits': 'weft eval: no --weights-in; wanted --weights-in f.safetensors',
      'predict --weights-in x': 'weft predict: no --image; wanted --image d.png',
    };
    for (const [words, sentence] of Object.entries(cases)) {
      const { code, stdout, stderr } = await weft(words.split(' '));
      expect(stderr).toMatch(new RegExp(`^${sentence}\n$`));
      expect([code, stdout]).toEqual([2, '']);
    }
  });

  it('says what is wrong with a folder of images before it looks for a GPU', async () => {
    await mkdir(path('half'));
    await writeFile(path('half', 'train-images-idx3-ubyte'), 'x');
    const [absent, half] = await Promise.all([
      weft(['train', '--data', path('absent')]),
      weft(['train', '--data', path('half'), '--json']),
    ]);
    expect([absent.code, half.code]).toEqual([2, 2]);
    expect(absent.stderr).toContain(
      `--data ${path('absent')}: no folder that can be read; wanted auto, digits, mnist or`,
    );
    expect(half.stderr).toContain('train-labels-idx1-ubyte');
    expect(half.events).toEqual([expect.objectContaining({ event: 'error', code: 'usage' })]);
  });

  it('tries all paths that it will write to first', async () => {
    const { code, stderr } = await weft(['train', '--metrics', '/proc/weft/m.jsonl']);
    expect(stderr).toMatch(/^weft: --metrics: \/proc\/weft\/m\.jsonl, where nothing can be written/);
    expect(code).toBe(2);
  });
});
