// npm run bench -- kernels <flags>: timings of this clone, built first if its sources have changed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BuildFailed, freshBuild } from './build.mjs';

try {
  await import(pathToFileURL(join(await freshBuild(['bench']), 'bench.mjs')).href);
} catch (error) {
  if (!(error instanceof BuildFailed)) throw error;
  process.exitCode = 1;
}
