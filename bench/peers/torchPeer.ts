// PyTorch beside the pages, as a process that is told what to do through its stdin.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Answers } from '../answers.js';
import { peerLayers, type Told } from './contract.js';
import { failure, type RunningPeer } from './pagePeer.js';
import type { Served } from './server.js';

/** Debian's own Python has Debian's PyTorch, whichever Python comes first in the path. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** A Python that can import PyTorch; undefined if none is found. */
export const pythonWithTorch = (): string | undefined =>
  PYTHONS.find((python) => spawnSync(python, ['-c', 'import torch']).status === 0);

export async function openTorchPeer(
  python: string,
  script: string,
  served: Served,
  limitMs: number,
): Promise<RunningPeer> {
  const name = 'PyTorch';
  const folder = await mkdtemp(join(tmpdir(), 'weft-torch-'));
  const { listed, weights, images, labels } = served;
  const layers = peerLayers[listed.task.net];
  await Promise.all([
    writeFile(join(folder, 'material.json'), JSON.stringify({ ...listed, layers })),
    writeFile(join(folder, 'weights.f32'), weights),
    writeFile(join(folder, 'images.u8'), images),
    writeFile(join(folder, 'labels.u8'), labels),
  ]);
  const start = performance.now();
  const child = spawn(python, [script, folder], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-400)));
  const answers = new Answers<Told>(limitMs, (message) => failure(name, message));
  createInterface({ input: child.stdout }).on('line', (line) => answers.tell(JSON.parse(line) as Told));
  child.on('error', (error) => answers.fail(error.message));
  child.on('exit', (code) => answers.fail(`it ended with ${code}: ${said.trim()}`));
  child.stdin.on('error', () => undefined); // Its exit says more.

  const close = async (): Promise<void> => {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const opened = await answers.next();
    if (opened.kind !== 'open') throw failure(name, `it said ${opened.kind} first`);
    return {
      name,
      opened: { ...opened, coldMs: performance.now() - start },
      tell: (command) => {
        const answer = answers.next();
        child.stdin.write(`${JSON.stringify(command)}\n`);
        return answer;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
