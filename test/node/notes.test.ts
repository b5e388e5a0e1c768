import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { folderNotes } from '../../src/node/notes.js';
import { temporaryFolder } from './temporaryFolder.js';

const path = temporaryFolder();

describe('folderNotes', () => {
  it('gives back what was put under the same key, to another object too', async () => {
    const notes = folderNotes(path('a'));
    await notes.put('GPU | driver', '{"x":1}');
    await notes.put('another', '2');
    expect(await folderNotes(path('a')).get('GPU | driver')).toBe('{"x":1}');
    expect(await readdir(path('a'))).toHaveLength(2);
  });
  it('knows nothing of what was not put, of an absent folder, or of what cannot be read', async () => {
    expect(await folderNotes(path('absent')).get('key')).toBeUndefined();
    const notes = folderNotes(path('b'));
    await notes.put('key', 'text');
    const [name = ''] = await readdir(path('b'));
    await mkdir(path('c', name), { recursive: true });
    expect(await folderNotes(path('c')).get('key')).toBeUndefined();
  });
  it('says which Dawn it is', () =>
    expect(folderNotes(path('a')).driver).toMatch(/^Dawn of webgpu \d+\.\d+\.\d+, \w+-\w+$/));
  it('rejects as file where nothing can be written', async () => {
    await writeFile(path('file'), '');
    await expect(folderNotes(path('file')).put('key', 'text')).rejects.toMatchObject({ code: 'file' });
  });
});
