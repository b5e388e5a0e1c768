import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device } from '../src/index.js';
import { BUILT_FROM } from './commit.js';

/** What a number means nothing without. */
export interface Machine extends Host {
  readonly adapter: string;
  readonly driver: string;
  readonly dialect: string;
}

/** The part that has no GPU in it. */
export interface Host {
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
    ...hostOf(),
  };
}

export function hostOf(): Host {
  return {
    cpu: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    node: process.version,
    commit: commit(),
    date: new Date().toISOString(),
    load: loadavg()[0] ?? NaN,
  };
}

/** The commit of this clone, `-dirty` if files differ from it; elsewhere that of the build. */
function commit(): string {
  try {
    const cwd = dirname(fileURLToPath(import.meta.url));
    const words = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return execFileSync('git', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return BUILT_FROM;
  }
}
