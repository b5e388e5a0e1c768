import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digits } from '../../src/data/digits.js';
import type { Dataset } from '../../src/data/dataset.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout, where it is JSON. */
  readonly events: readonly JsonEvent[];
}

export type JsonEvent = Readonly<Record<string, unknown>> & { readonly event: string };

export interface Running {
  /** Resolves once stdout or stderr holds the text, and rejects if the command ends without it. */
  saw(text: string): Promise<void>;
  interrupt(): void;
}

/** The command as a clone runs it, from start to end; `meanwhile` may watch it and press Ctrl-C. */
export async function weft(
  words: readonly string[],
  meanwhile: (running: Running) => Promise<void> = async () => {},
): Promise<Ended> {
  // Not as npm's child, where Ctrl-C may arrive twice.
  const { npm_lifecycle_event: _, ...env } = process.env;
  const child = spawn(process.execPath, ['scripts/weft.mjs', ...words], {
    cwd: root,
    env: { ...env, CI: 'true', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const heard = new Set<() => void>();
  const tellAll = () => heard.forEach((hear) => hear());
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tellAll();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tellAll();
  });
  const ended = new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  const saw = (text: string) =>
    new Promise<void>((done, failed) => {
      const look = () => (stdout + stderr).includes(text) && done();
      heard.add(look);
      look();
      void ended.then(() => failed(new Error(`the command ended without "${text}":\n${stdout}${stderr}`)));
    });
  try {
    await meanwhile({ saw, interrupt: () => void child.kill('SIGINT') });
    const code = await ended;
    const events = stdout.startsWith('{')
      ? stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as JsonEvent)
      : [];
    return { code, stdout, stderr, events };
  } finally {
    child.kill('SIGKILL');
  }
}

/** A folder of four IDX files with generated digits, ten steps of 64 to an epoch. */
export async function idxFolder(folder: string, train = 640, test = 200): Promise<string> {
  const splits = digits({ train, test });
  await mkdir(folder, { recursive: true });
  const write = async (name: string, { images, labels, count, rows, columns }: Dataset) => {
    await writeFile(join(folder, `${name}-images-idx3-ubyte`), idx([count, rows, columns], images));
    await writeFile(join(folder, `${name}-labels-idx1-ubyte`), idx([count], labels));
  };
  await write('train', splits.train);
  await write('t10k', splits.test);
  return folder;
}

/** Two zero bytes, 8 for unsigned bytes, the rank; the sizes, big-endian; the data. */
function idx(sizes: readonly number[], data: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * sizes.length + data.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x800 + sizes.length);
  sizes.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  file.set(data, 4 + 4 * sizes.length);
  return file;
}
