import { expect, it } from 'vitest';
import { readMutants } from './mutants.js';
import { readers } from './readers.js';

const all = await readers();

it.each(Object.keys(all))(
  '20,000 damaged files are refused by name, or read without taking more memory: %s',
  async (name) => {
    const reader = all[name]!;
    expect(await reader.read(reader.file)).toBeGreaterThan(0);
    expect(await readMutants(reader, 20_000)).toBeGreaterThan(8000);
  },
);

it('no mutant of a checkpoint is taken for one', async () => {
  const reader = all['checkpoint']!;
  const read = async (bytes: Uint8Array<ArrayBuffer>): Promise<number> => {
    const given = await reader.read(bytes);
    // A change may put back what was there.
    expect(bytes).toEqual(reader.file);
    return given;
  };
  await readMutants({ file: reader.file, read }, 300);
});
