// npm run weft -- <command> <flags>: the command of this clone, built first if its sources have changed.
// It runs in this process, so signals, streams and the exit code are its own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BuildFailed, freshBuild } from './build.mjs';

try {
  const entry = join(await freshBuild(['cli', 'page']), 'cli/weft.js');
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
} catch (error) {
  if (!(error instanceof BuildFailed)) throw error;
  process.exitCode = 1;
}
