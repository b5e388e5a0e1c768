// The clone that the bench runs in, and the pages that it builds there.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EngineError } from '../src/index.js';

/** From wherever in it this file was built to. Throws EngineError 'missing' outside a clone. */
export function cloneRoot(command: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'bench/peers/package.json'))) {
    const above = dirname(folder);
    if (above === folder) {
      throw new EngineError('missing', {
        place: `bench ${command}`,
        given: 'a bundle outside a clone of the repository',
        wanted: 'a clone, where its pages are built',
        wayOut: `Run \`npm run bench -- ${command}\` in a clone`,
      });
    }
    folder = above;
  }
  return folder;
}

/** The folder of a part's pages, built if they are not there as the sources are now. */
export async function freshPages(root: string, part: 'peers' | 'curve' | 'demo'): Promise<string> {
  const { freshBuild } = (await import(pathToFileURL(join(root, 'scripts/build.mjs')).href)) as {
    freshBuild(parts: readonly string[]): Promise<string>;
  };
  return join(await freshBuild([part]), part);
}
