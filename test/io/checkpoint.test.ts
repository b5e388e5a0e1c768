import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { readCheckpoint, sameStates, STATE_PREFIX, writeCheckpoint } from '../../src/io/checkpoint.js';
import type { CHECKPOINT_FORMAT } from '../../src/io/checkpointFacts.js';
import { readSafetensors, writeSafetensors, type WritableTensor } from '../../src/io/safetensors.js';
import { someCheckpoint } from './someCheckpoint.js';

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => 'read',
    (reason: unknown) => reason,
  );
  return error instanceof EngineError ? error.code : String(error);
};

/** The file again, with other metadata. */
function withMetadata(bytes: Uint8Array, change: (metadata: Record<string, string>) => Record<string, string>) {
  const { tensors, metadata } = readSafetensors(bytes);
  return writeSafetensors(tensors as Map<string, WritableTensor>, change(metadata));
}

describe('a checkpoint', () => {
  it('reads back to the same states and facts, and equal ones are equal bytes', async () => {
    const checkpoint = someCheckpoint(12);
    const bytes = await writeCheckpoint(checkpoint);
    expect(await writeCheckpoint(someCheckpoint(12))).toEqual(bytes);
    const read = await readCheckpoint(bytes);
    expect(read.facts).toEqual(checkpoint.facts);
    expect(sameStates(read, checkpoint)).toBe(true);
    expect(sameStates(read, someCheckpoint(13))).toBe(false);
  });

  it('is a file of weights to whoever reads weights', async () => {
    const { tensors, metadata } = readSafetensors(await writeCheckpoint(someCheckpoint(1)));
    expect([...tensors.keys()].filter((name) => !name.startsWith(STATE_PREFIX))).toEqual(['fc1.weight']);
    expect(metadata).toMatchObject({ 'weft.net': 'tutorial', 'weft.mean': '0.1307', 'weft.std': '0.3081' });
  });

  it('keeps NaN payloads, infinities and negative zeros', async () => {
    const words = Uint32Array.of(0x7fc0_dead, 0xffc0_0001, 0x8000_0000, 0x7f80_0000, 0xff80_0000, 1);
    const checkpoint = {
      ...someCheckpoint(1),
      weights: new Map([['w', { shape: [6], data: new Float32Array(words.buffer.slice(0)) }]]),
    };
    expect(sameStates(await readCheckpoint(await writeCheckpoint(checkpoint)), checkpoint)).toBe(true);
  });

  it('is refused when a single bit of it is another, wherever it is', async () => {
    const bytes = await writeCheckpoint(someCheckpoint(3));
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << (at % 8);
      expect(['format', 'checksum'], `byte ${at}`).toContain(await codeOf(readCheckpoint(damaged)));
    }
  });

  it('is refused when its end is missing', async () => {
    const bytes = await writeCheckpoint(someCheckpoint(3));
    for (const length of [0, 7, 8, 100, bytes.length - 1]) {
      expect(await codeOf(readCheckpoint(bytes.subarray(0, length)))).toBe('format');
    }
  });

  it('is told from a file of weights, and from one of a format that was or is to come', async () => {
    const bytes = await writeCheckpoint(someCheckpoint(3));
    expect(await codeOf(readCheckpoint(withMetadata(bytes, () => ({}))))).toBe('format');
    const later = { ...someCheckpoint(3) };
    const inFormat = (format: number) =>
      writeCheckpoint({ ...later, facts: { ...later.facts, format: format as typeof CHECKPOINT_FORMAT } });
    await expect(readCheckpoint(await inFormat(3))).rejects.toThrow(/format 3; wanted format 2/);
    await expect(readCheckpoint(await inFormat(1))).rejects.toThrow(/format 1, which says nothing of .*--weights-in/);
  });

  it('says which fact is wrong', async () => {
    const base = someCheckpoint(3);
    const facts = { ...base.facts, run: { ...base.facts.run, batch: 1.5 } };
    await expect(readCheckpoint(await writeCheckpoint({ ...base, facts }))).rejects.toThrow(
      /run\.batch that is not whole/,
    );
    const ahead = { ...base.facts, told: 4 };
    await expect(readCheckpoint(await writeCheckpoint({ ...base, facts: ahead }))).rejects.toThrow(/4 steps told of 3/);
  });
});
