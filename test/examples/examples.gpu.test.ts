import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { pngFolder } from '../cli/pngFolder.js';
import { temporaryFolder } from '../node/temporaryFolder.js';

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const path = temporaryFolder();

describe('the examples do what they say', () => {
  it('the README shows examples/train.ts, word for word', () => {
    expect(textOf('README.md')).toContain(textOf('examples/train.ts').trim());
  });

  it('examples/train.ts trains, prints its steps and ends with PyTorch’s names', { timeout: 180_000 }, async () => {
    const lines: unknown[][] = [];
    using log = vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => void lines.push(words));
    const { weights } = await import('../../examples/train.js');
    expect(log).toHaveBeenCalled();
    expect(lines.at(-2)?.[0]).toMatchObject({ step: 100, epoch: 1 });
    expect(lines.at(-1)?.[0]).toBe('on the test images:');
    expect(lines.at(-1)?.[1]).toBeGreaterThan(0.5);
    expect([...weights].map(([name, { shape }]) => [name, shape])[0]).toEqual(['conv1.weight', [6, 1, 3, 3]]);
  });

  it('docs/guide.md shows the programs of examples/guide, word for word', () => {
    const guide = textOf('docs/guide.md');
    for (const name of ['data', 'model', 'training', 'evaluation', 'tuning']) {
      expect(guide).toContain(textOf(`examples/guide/${name}.ts`).trim());
    }
  });

  it('examples/guide goes from data to a net that is tuned by validation', { timeout: 300_000 }, async () => {
    using _ = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    using __ = vi.spyOn(console, 'table').mockImplementation(() => undefined);
    const { balance } = await import('../../examples/guide/data.js');
    expect(balance.reduce((sum, images) => sum + images)).toBe(4000);
    const { accuracy, probabilities } = await import('../../examples/guide/evaluation.js');
    // One in ten by chance; its last digits depend on how a processor rounds.
    expect(accuracy).toBeGreaterThan(0.8);
    expect(probabilities).toHaveLength(10);
    expect((await import('../../examples/guide/tuning.js')).accuracy).toBeGreaterThan(0.8);
  });

  it('examples/net.ts says a net of one’s own and its size', async () => {
    using log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { small } = await import('../../examples/net.js');
    expect(log.mock.calls[0]?.[0]).toContain('conv2d 4 5×5');
    expect(small.output).toEqual([10]);
  });

  it(
    'examples/op.ts has an op of one’s own that is right and that a net trains with',
    { timeout: 180_000 },
    async () => {
      using _ = vi.spyOn(console, 'log').mockImplementation(() => undefined);
      const { error, accuracy } = await import('../../examples/op.js');
      expect(error).toBeLessThan(8 * 2 ** -24);
      expect(accuracy).toBeGreaterThan(0.6);
    },
  );

  it('examples/loss.ts trains by a loss of one’s own', { timeout: 180_000 }, async () => {
    using log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { accuracy, loss, losses } = await import('../../examples/loss.js');
    expect(log.mock.calls[0]?.[0]).toMatch(/^focal loss 0\.\d+, 0\.\d+ on the test images$/);
    expect(accuracy).toBeGreaterThan(0.8);
    expect(losses.reduce((sum, each) => sum + each, 0) / losses.length).toBeCloseTo(loss, 5);
  });

  it('examples/finetune.ts takes what fits, and knows four digits of another hand', { timeout: 180_000 }, async () => {
    using log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { accuracy } = await import('../../examples/finetune.js');
    expect(log.mock.calls[0]?.[0]).toMatch(/^taken: conv1\.weight, .*\nanew: fc3\.weight /);
    expect(accuracy).toBeGreaterThan(0.95);
  });

  it('examples/images.ts trains on a folder of PNG images', { timeout: 180_000 }, async () => {
    using _ = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { argv } = process;
    process.argv = ['node', 'images.js', await pngFolder(path('images'), 120, 3)];
    try {
      const { accuracy, confusion } = await import('../../examples/images.js');
      expect(confusion).toHaveLength(3);
      expect(accuracy).toBeGreaterThan(0.8);
    } finally {
      process.argv = argv;
    }
  });

  it('examples/resume.ts begins a run, and goes on with it the next time', { timeout: 180_000 }, async () => {
    using log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const before = process.cwd();
    process.chdir(path());
    try {
      expect((await import('../../examples/resume.js')).steps).toBe(50);
      vi.resetModules();
      expect((await import('../../examples/resume.js')).steps).toBe(100);
    } finally {
      process.chdir(before);
    }
    expect(log.mock.calls.map(([first]) => String(first))).toContain('goes on after step 50');
  });

  it('examples/sweep.ts ranks learning rates, and tests the best', { timeout: 180_000 }, async () => {
    using _ = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { losses, accuracy } = await import('../../examples/sweep.js');
    expect([...losses.keys()]).toEqual([0.001, 0.03, 1e6]);
    expect(losses.get(0.03)).toBeLessThan(losses.get(0.001) ?? NaN);
    expect(losses.get(1e6)).toBeUndefined();
    expect(accuracy).toBeGreaterThan(0.3);
  });
});
