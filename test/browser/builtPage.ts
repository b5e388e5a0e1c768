import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serveFolder } from '../../src/node/serveFolder.js';

export interface BuiltPage extends AsyncDisposable {
  readonly url: string;
}

/** Serves an empty page with one script, which is a module of this folder with all that it imports. */
export async function builtPage(module: string): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), 'weft-page-'));
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: folder,
      target: 'es2022',
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: { page: fileURLToPath(new URL(module, import.meta.url)) },
        output: { entryFileNames: '[name].js', codeSplitting: false },
      },
    },
  });
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>page</title><link rel="icon" href="data:,"><script type="module" src="page.js"></script>',
  );
  const server = await serveFolder(folder);
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
