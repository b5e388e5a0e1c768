import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { readCheckpoint } from '../../src/io/checkpoint.js';
import { checkpointFolder } from '../../src/node/checkpoints.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Trains with a checkpoint after every step, kills the process as soon as so many steps were told, at least 2, and looks
 * at what is left: whole files alone, and no more than one step lost.
 */
export async function mustSurvive(data: string, folder: string, told: number): Promise<void> {
  const metrics = `${folder}.jsonl`;
  const words = ['train', '--data', data, '--net', 'figure', '--checkpoint', folder, '--checkpoint-every', '1'];
  const child = spawn(process.execPath, ['scripts/weft.mjs', ...words, '--metrics', metrics], {
    cwd: root,
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise((done) => child.once('close', done));
  let steps = 0;
  while (steps < told && child.exitCode === null) {
    await new Promise((resolve) => void setImmediate(resolve));
    const text = await readFile(metrics, 'utf8').catch(() => '');
    steps = text.split('\n').length - 1;
  }
  expect(steps, 'steps before the process ended').toBeGreaterThanOrEqual(told);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
  const names = (await readdir(folder)).filter((name) => name.startsWith('step-'));
  for (const name of names) await readCheckpoint(await readFile(join(folder, name)), name);
  // A step is told before the checkpoint after it is written.
  const found = await checkpointFolder(folder).latest();
  expect(found?.checkpoint.facts.step).toBeGreaterThanOrEqual(steps - 1);
}
