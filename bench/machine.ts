import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Device } from '../src/index.js';

/** What a number means nothing without. */
export interface Machine {
  readonly adapter: string;
  readonly driver: string;
  readonly dialect: string;
  readonly cpu: string;
  readonly node: string;
  readonly commit: string;
  readonly date: string;
  /** Processes that wanted a core, over the last minute: above the number of cores, others took time. */
  readonly load: number;
}

export function machineOf({ profile }: Device): Machine {
  const { description, vendor, architecture, device } = profile.adapter;
  return {
    adapter: description,
    driver: [vendor, architecture, device].filter((word) => word !== '').join(' '),
    dialect: profile.dialect,
    cpu: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    node: process.version,
    commit: commit(),
    date: new Date().toISOString(),
    load: loadavg()[0] ?? NaN,
  };
}

/** The commit that is checked out, `-dirty` if files differ from it; `unknown` outside a clone. */
function commit(): string {
  try {
    const git = (...words: string[]): string =>
      execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return (
      git('rev-parse', '--short=12', 'HEAD') +
      (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '-dirty')
    );
  } catch {
    return 'unknown';
  }
}
