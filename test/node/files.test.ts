import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { openLines, readBytes, writeAtomic } from '../../src/node/files.js';
import { temporaryFolder } from './temporaryFolder.js';

const path = temporaryFolder();
const onLinux = process.platform === 'linux';

async function codeAndText(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof EngineError ? `${error.code}: ${error.message}` : `no EngineError: ${String(error)}`;
}

describe('readBytes', () => {
  it('gives the bytes of a file of any size up to the limit, and refuses one byte more', async () => {
    for (const size of [0, 1, 2 ** 20, 2 ** 20 + 1]) {
      const bytes = new Uint8Array(size).fill(7);
      await writeFile(path('sized'), bytes);
      expect((await readBytes(path('sized'), size)).length).toBe(size);
      if (size > 0) expect(await codeAndText(readBytes(path('sized'), size - 1))).toMatch(/^file: .*more than/);
    }
  });

  it.runIf(onLinux)('ends at the limit where a file has no size', async () => {
    expect(await codeAndText(readBytes('/dev/zero', 1000))).toMatch(/^file: \/dev\/zero: more than 1000 bytes/);
    expect((await readBytes('/proc/self/status')).length).toBeGreaterThan(0);
  });

  it('says why a file cannot be read', async () => {
    expect(await codeAndText(readBytes(path('absent')))).toMatch(/^file: .*no such file/);
    expect(await codeAndText(readBytes(path()))).toMatch(/^file: .*folder/);
  });
});

describe('writeAtomic', () => {
  it('makes a file and its folders, and replaces it as a whole', async () => {
    await writeAtomic(path('a', 'b', 'c.txt'), 'first and longer');
    await writeAtomic(path('a', 'b', 'c.txt'), 'second');
    expect(await readFile(path('a', 'b', 'c.txt'), 'utf8')).toBe('second');
    expect(await readdir(path('a', 'b'))).toEqual(['c.txt']);
  });

  it('lets a reader see the old file or the new one, never a part', async () => {
    const file = path('seen');
    const contents = ['x'.repeat(300_000), 'y'.repeat(5)];
    await writeAtomic(file, contents[0]!);
    const writing = (async () => {
      for (let i = 1; i <= 20; i++) await writeAtomic(file, contents[i % 2]!);
    })();
    const reading = Array.from({ length: 40 }, () => readFile(file, 'utf8'));
    for (const text of await Promise.all(reading)) expect(contents).toContain(text);
    await writing;
  });

  it('leaves the old file and nothing else where it fails', async () => {
    await mkdir(path('taken', 'inner'), { recursive: true });
    expect(await codeAndText(writeAtomic(path('taken'), 'x'))).toMatch(/^file: .*cannot be written/);
    expect((await readdir(path())).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await readdir(path('taken'))).toEqual(['inner']);
    await writeFile(path('plain'), 'old');
    expect(await codeAndText(writeAtomic(path('plain', 'below'), 'x'))).toMatch(/^file: .*cannot be written/);
    expect(await readFile(path('plain'), 'utf8')).toBe('old');
  });

  it.runIf(process.platform !== 'win32')('keeps a link a link, and the permissions of the file behind it', async () => {
    await writeFile(path('behind'), 'old');
    await chmod(path('behind'), 0o640);
    await symlink(path('behind'), path('link'));
    await writeAtomic(path('link'), 'new');
    expect(await readFile(path('behind'), 'utf8')).toBe('new');
    expect((await stat(path('behind'))).mode & 0o777).toBe(0o640);
  });

  it('ends with an error where the system denies that there are folders at all', async () => {
    await expect(writeAtomic('/proc/nowhere/file', 'text')).rejects.toMatchObject({ code: 'file' });
  });
});

describe('openLines', () => {
  it('appends whole lines to what is there, each on the disk when the call returns', async () => {
    const first = await openLines(path('run', 'metrics.jsonl'));
    first.write('{"step":1}');
    expect(await readFile(first.path, 'utf8')).toBe('{"step":1}\n');
    first.close();
    const second = await openLines(first.path);
    second.write('{"step":2}');
    second.close();
    expect(await readFile(first.path, 'utf8')).toBe('{"step":1}\n{"step":2}\n');
  });

  it('ends a line that was cut off before it adds another', async () => {
    await writeFile(path('torn'), '{"step":1}\n{"st');
    const lines = await openLines(path('torn'));
    lines.write('{"step":2}');
    lines.close();
    expect(await readFile(path('torn'), 'utf8')).toBe('{"step":1}\n{"st\n{"step":2}\n');
  });

  it.runIf(onLinux)('throws where the disk is full, at that line', async () => {
    const lines = await openLines('/dev/full');
    expect(() => lines.write('x')).toThrow(/disk is full/);
    lines.close();
  });

  it('takes no line break and nothing after the end, and closes twice', async () => {
    const lines = await openLines(path('strict'));
    expect(() => lines.write('a\nb')).toThrow(/line break/);
    lines.close();
    lines.close();
    expect(() => lines.write('a')).toThrow(/after the end/);
    expect(await readFile(path('strict'), 'utf8')).toBe('');
  });

  it('says why a file cannot be opened', async () => {
    expect(await codeAndText(openLines(path()))).toMatch(/^file: .*cannot be opened/);
  });
});
