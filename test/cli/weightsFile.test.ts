import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readTrained, readWeights, saveWeights } from '../../src/cli/weightsFile.js';
import { packWeights } from '../../src/cli/wire.js';
import { writeSafetensors } from '../../src/io/safetensors.js';
import { nets } from '../../src/nn/nets.js';
import { initialWeights } from '../../src/nn/weights.js';
import { temporaryFolder } from '../node/temporaryFolder.js';

const path = temporaryFolder();
const none = { net: undefined, mean: undefined, std: undefined };

describe('saved weights', () => {
  for (const [name, make] of Object.entries(nets)) {
    it(`tell by themselves that they are of ${name}, and what its pixels were`, async () => {
      const weights = initialWeights(make(), 3);
      const file = path(`${name}.safetensors`);
      await saveWeights(file, weights, { net: name, mean: 0.2, std: 0.4 });
      const trained = await readTrained('weft eval', { ...none, 'weights-in': file });
      expect(trained).toMatchObject({ net: name, mean: 0.2, std: 0.4 });
      // As bytes: a comparison number by number takes seconds.
      expect(Buffer.compare(packWeights(trained.weights), packWeights(weights))).toBe(0);
    });
  }

  it('yield to flags', async () => {
    const file = path('flags.safetensors');
    await saveWeights(file, initialWeights(nets['wide']!(), 3), { net: 'wide', mean: 0.2, std: 0.4 });
    const flags = { 'weights-in': file, net: 'figure', mean: 0, std: 1 };
    expect(await readTrained('weft eval', flags)).toMatchObject({ net: 'figure', mean: 0, std: 1 });
  });

  it('are the same bytes whenever they are the same weights', async () => {
    const weights = initialWeights(nets['tutorial']!(), 3);
    const on = { net: 'tutorial', mean: 0.1307, std: 0.3081 };
    await saveWeights(path('1'), weights, on);
    await saveWeights(path('2'), new Map(weights), on);
    expect(Buffer.compare(await readFile(path('1')), await readFile(path('2')))).toBe(0);
  });
});

describe('files of others', () => {
  it('have MNIST’s pixels unless they say otherwise', async () => {
    const weights = initialWeights(nets['figure']!(), 3);
    const tensors = [...weights].map(([name, tensor]) => [name, { ...tensor, dtype: 'F32' }] as const);
    await writeFile(path('torch'), writeSafetensors(new Map(tensors), { format: 'pt' }));
    const trained = await readTrained('weft eval', { ...none, 'weights-in': path('torch') });
    expect(trained).toMatchObject({ net: 'figure', mean: 0.1307, std: 0.3081 });
  });

  it('that are no weights are refused by the flag’s name', async () => {
    await writeFile(
      path('ints'),
      writeSafetensors(new Map([['a', { dtype: 'I32', shape: [1], data: new Int32Array(1) }]])),
    );
    await writeFile(path('text'), 'weights');
    const start = (name: string) => `--weights-in ${path(name)}: `;
    await expect(readWeights('--weights-in', path('ints'))).rejects.toMatchObject({
      code: 'usage',
      message: `${start('ints')}a of I32; wanted floating-point numbers`,
    });
    for (const name of ['text', 'absent']) {
      const error = { code: 'usage', message: expect.stringContaining(start(name)) };
      await expect(readWeights('--weights-in', path(name))).rejects.toMatchObject(error);
    }
    await expect(readTrained('weft eval', { ...none, 'weights-in': undefined })).rejects.toMatchObject({
      message: 'weft eval: no --weights-in; wanted --weights-in f.safetensors',
    });
  });
});
