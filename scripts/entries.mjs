// Where the builds begin; vite.config.ts says how each is made. A part whose sources are not there is left out.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Part → name of what comes out → source. `page` are the pages that the command opens in Chromium; `bench` is one file
 * that needs nothing but the package `webgpu`, installed or in a folder beside it; `curve` is the page in which it measures
 * a plan; `peers` are the pages that it
 * compares, made of the packages that `bench/peers/package.json` pins.
 */
const wanted = {
  lib: { index: 'src/index.ts', lab: 'src/lab.ts', node: 'src/node.ts', onnx: 'src/onnx.ts' },
  cli: { weft: 'src/cli/main.ts' },
  page: { host: 'src/cli/browserHost.ts' },
  demo: { index: 'demo/index.html', bench: 'demo/bench.html' },
  bench: { bench: 'bench/main.ts' },
  curve: { curve: 'bench/curve/page.ts' },
  peers: {
    weft: 'bench/peers/weft.ts',
    tfjsWebgpu: 'bench/peers/tfjsWebgpu.ts',
    tfjsWasm: 'bench/peers/tfjsWasm.ts',
    jaxWebgpu: 'bench/peers/jaxWebgpu.ts',
    jaxWasm: 'bench/peers/jaxWasm.ts',
  },
};

/** @type {Record<keyof typeof wanted, Record<string, string>>} */
export const entries = {
  lib: present(wanted.lib),
  cli: present(wanted.cli),
  page: present(wanted.page),
  demo: present(wanted.demo),
  bench: present(wanted.bench),
  curve: present(wanted.curve),
  peers: present(wanted.peers),
};

/** @param {Record<string, string>} sources */
function present(sources) {
  return Object.fromEntries(Object.entries(sources).filter(([, path]) => existsSync(root + path)));
}
