import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { mustBeWritable, openMetrics } from '../../src/cli/outputs.js';
import { temporaryFolder } from '../node/temporaryFolder.js';

const path = temporaryFolder();
const step = (number: number) => ({ step: number, epoch: 1, loss: 0.5 / number, accuracy: 0.25, images: 64 });

describe('mustBeWritable', () => {
  it('makes the folders that a file needs, and leaves nothing else', async () => {
    await mustBeWritable('--weights-out', path('a/b/c.safetensors'));
    expect(await readdir(path('a/b'))).toEqual([]);
  });

  it('leaves a file that is there as it is', async () => {
    await writeFile(path('old.jsonl'), 'kept');
    await mustBeWritable('--metrics', path('old.jsonl'));
    expect(await readFile(path('old.jsonl'), 'utf8')).toBe('kept');
  });

  it('refuses, by the flag’s name, what can be no file', async () => {
    await mkdir(path('folder'));
    await writeFile(path('file'), '');
    const cases = {
      [path('folder')]: 'it is a folder',
      [path('new/')]: 'it names a folder',
      [path('file/x')]: 'a part of the path is no folder',
      [path('file/x/y')]: 'a part of the path is no folder',
      [path('x'.repeat(300))]: 'name too long',
    };
    for (const [given, reason] of Object.entries(cases)) {
      await expect(mustBeWritable('--metrics', given)).rejects.toMatchObject({
        code: 'usage',
        message: `--metrics: ${given}, where nothing can be written (${reason}); wanted a file to write`,
      });
    }
  });

  it.runIf(process.platform === 'linux')('returns where the system denies every folder', async () => {
    await expect(mustBeWritable('--weights-out', '/proc/weft/w')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('openMetrics', () => {
  it('writes a line for each step, and nothing of a run before', async () => {
    await writeFile(path('m.jsonl'), '{"step":1}\n{"st');
    const metrics = await openMetrics(path('m.jsonl'));
    metrics.write({ event: 'evaluate' });
    metrics.write({ event: 'steps', steps: [step(1), step(2)], imagesPerSecond: 100 });
    metrics.close();
    expect(await readFile(path('m.jsonl'), 'utf8')).toBe(
      '{"step":1,"loss":0.5,"accuracy":0.25}\n{"step":2,"loss":0.25,"accuracy":0.25}\n',
    );
  });
});
