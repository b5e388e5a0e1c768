import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pretrained } from '../../src/io/pretrained.js';
import { readSafetensors } from '../../src/io/safetensors.js';
import { tutorial } from '../../src/nn/nets.js';
import { readBytes } from '../../src/node/files.js';
import { temporaryFolder } from '../node/temporaryFolder.js';

const path = temporaryFolder();
const shipped = fileURLToPath(new URL('../../weights/tutorial-digits.safetensors', import.meta.url));

describe('the weights that ship', () => {
  it('are those of the tutorial net, by name and shape, all finite', async () => {
    const weights = await pretrained({ read: readBytes });
    expect([...weights].map(([name, { shape }]) => [name, shape])).toEqual(
      tutorial().parameters.map(({ name, shape }) => [name, shape]),
    );
    for (const { data } of weights.values()) expect(data.every(Number.isFinite)).toBe(true);
  });

  it('say of which net they are, on which pixels, and how they were made', async () => {
    const { metadata, tensors } = readSafetensors(await readFile(shipped), shipped);
    expect(metadata).toMatchObject({ 'weft.net': 'tutorial', 'weft.mean': '0.1307', 'weft.std': '0.3081' });
    expect(metadata['weft.made']).toMatch(/generated digits/);
    expect([...tensors.values()].every(({ dtype }) => dtype === 'F32')).toBe(true);
  });

  it('are refused if a bit of them is another', async () => {
    const file = path('changed.safetensors');
    await copyFile(shipped, file);
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    await expect(pretrained({ read: () => readBytes(file) })).rejects.toMatchObject({ code: 'checksum' });
  });

  it('cannot be fetched from a file of Node, and that is said with the way out', async () => {
    await expect(pretrained()).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/In Node: `pretrained\(\{ read: readBytes \}\)`/),
    });
  });
});
