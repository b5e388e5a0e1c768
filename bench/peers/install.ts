// The peers' packages and pages: installed and built where a clone keeps its builds, on first use.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../src/index.js';
import { cloneRoot, freshPages } from '../clone.js';

const FILES = ['package.json', 'package-lock.json'] as const;

export interface InstalledPeers {
  /** The clone that this runs in. */
  readonly root: string;
  /** The built pages. */
  readonly pages: string;
  /** The wasm files of TensorFlow.js. */
  readonly wasm: string;
}

/**
 * Everything that the pages need, installed if it is not there.
 * @param say hears of the installation before it begins
 * @throws EngineError 'missing' outside a clone, or where npm cannot install
 */
export async function preparePeers(say: (line: string) => void): Promise<InstalledPeers> {
  const root = cloneRoot('peers');
  const home = join(root, 'node_modules/.cache/weft-peers');
  if (!isInstalled(root, home)) {
    say('peers: installs what bench/peers/package.json pins, into node_modules/.cache/weft-peers (300 MB, once)');
    mkdirSync(home, { recursive: true });
    copyFileSync(join(root, 'bench/peers/package.json'), join(home, 'package.json'));
    // The lock file last: it says that the rest is there.
    const lock = join(root, 'bench/peers/package-lock.json');
    copyFileSync(lock, join(home, 'package-lock.json'));
    const { status, stderr, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: home,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    if (status !== 0) {
      throw new EngineError('missing', {
        place: 'bench peers',
        given: `npm ci ended with ${status ?? error?.message}: ${(stderr ?? '').trim().split('\n').slice(0, 3).join('; ')}`,
        wanted: 'the packages that bench/peers/package.json pins',
        wayOut: `Run \`npm ci --ignore-scripts\` in ${home} where the registry can be reached`,
        cause: error,
      });
    }
  }
  const pages = await freshPages(root, 'peers');
  return { root, pages, wasm: join(home, 'node_modules/@tensorflow/tfjs-backend-wasm/dist') };
}

/** npm writes this file last, and keeps in it what it has installed. */
function isInstalled(root: string, home: string): boolean {
  if (!existsSync(join(home, 'node_modules/.package-lock.json'))) return false;
  return FILES.every((name) => {
    const [ours, theirs] = [join(root, 'bench/peers', name), join(home, name)];
    return existsSync(theirs) && readFileSync(ours, 'utf8') === readFileSync(theirs, 'utf8');
  });
}
