// One file, several modes:
//   vite build --mode lib      the doors → dist/*.js, for bundlers, pages and Node
//   vite build --mode cli      the command → dist/cli/weft.js, for Node
//   vite build --mode page     pages for the Chromium that the command starts → dist/page/<name>.js
//   vite build --mode bench    the timings → dist/bench.mjs, one file for Node
//   vite build --mode curve    the page in which the bench measures a plan → dist/curve/curve.js
//   vite build --mode peers    pages of what the bench compares Weft with → dist/peers/<name>.js
//   vite [build] --mode demo   the page for people: a server, or dist/demo
//   vitest [--mode long]       the tests
// scripts/build.mjs runs the builds; scripts/entries.mjs says where they begin.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Plugin, UserConfig } from 'vite';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { entries, root } from './scripts/entries.mjs';

/**
 * A package, a `node:` module or an address: what a library or a command leaves to be imported where it runs.
 * Not so the compiler's own pieces, such as that for `using`, which no user has.
 */
const foreign = (id: string): boolean => !/^(\.|\/|[A-Za-z]:|\0|@oxc-project\/runtime\/)/.test(id);

/**
 * The weights that ship lie beside `dist`, and an address in what is built leads there from wherever its chunk comes to
 * lie. Left to itself, Vite writes them into a library as base64, and once more beside every page.
 */
const shippedWeights: Plugin = {
  name: 'weft:shipped-weights',
  enforce: 'pre',
  transform: (code) =>
    code.replace(/new URL\('(?:\.\.\/)+(weights\/[^']+)', import\.meta\.url\)/g, "WEFT_SHIPPED('$1')"),
  renderChunk: (code, { fileName }, { dir = '' }) =>
    code.replace(/WEFT_SHIPPED\(["'`]([^"'`]+)["'`]\)/g, (_, path: string) => {
      const way = relative(dirname(resolve(dir, fileName)), resolve(root, path))
        .split(sep)
        .join('/');
      return `new URL("${way}", import.meta.url)`;
    }),
};

const lib: UserConfig = {
  root,
  plugins: [shippedWeights],
  publicDir: false,
  build: {
    lib: { entry: entries.lib, formats: ['es'] },
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2022',
    minify: false,
    sourcemap: true,
    rolldownOptions: { external: foreign, output: { chunkFileNames: 'chunks/[name]-[hash].js' } },
  },
};

/** Entry and chunks lie in one folder, so that `new URL('../page/', import.meta.url)` is the pages from either. */
const cli: UserConfig = {
  root,
  plugins: [shippedWeights],
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/cli',
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: entries.cli,
      external: foreign,
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        banner: ({ facadeModuleId, isEntry }) =>
          isEntry && facadeModuleId && !readFileSync(facadeModuleId, 'utf8').startsWith('#!')
            ? '#!/usr/bin/env node'
            : '',
      },
    },
  },
};

/** Everything is bundled in. One page is one file; several pages share chunks. */
const page: UserConfig = {
  root,
  plugins: [shippedWeights],
  publicDir: false,
  build: {
    outDir: 'dist/page',
    target: 'es2022',
    minify: false,
    modulePreload: false,
    rolldownOptions: {
      input: entries.page,
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        codeSplitting: Object.keys(entries.page).length > 1,
      },
    },
  },
};

/** The commit that is built, `-dirty` if files differ from it. */
const commit = (): string => {
  const words = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  const { stdout } = spawnSync('git', words, { cwd: root, encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
};

/** One file, for other machines too: it knows what it was built from, and takes Dawn from the folder beside it. */
const bench = (): UserConfig => ({
  root,
  plugins: [shippedWeights],
  publicDir: false,
  define: { WEFT_COMMIT: JSON.stringify(commit()) },
  ssr: { noExternal: true },
  resolve: { alias: [{ find: /^webgpu$/, replacement: resolve(root, 'bench/dawnBeside.ts') }] },
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: entries.bench,
      external: (id) => /^(node:|puppeteer$)/.test(id),
      output: { entryFileNames: '[name].mjs', codeSplitting: false },
    },
  },
});

/** One file, as the pages of the command. */
const curve: UserConfig = {
  ...page,
  build: {
    ...page.build,
    outDir: 'dist/curve',
    rolldownOptions: { input: entries.curve, output: { entryFileNames: '[name].js', codeSplitting: false } },
  },
};

/** The packages lie where the bench installs them, so that `npm ci` of a clone does not fetch them. */
const peers: UserConfig = {
  ...page,
  resolve: {
    alias: ['@tensorflow', '@jax-js'].map((find) => ({
      find,
      replacement: resolve(root, 'node_modules/.cache/weft-peers/node_modules', find),
    })),
  },
  build: {
    ...page.build,
    outDir: 'dist/peers',
    rolldownOptions: {
      input: entries.peers,
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
};

/** `base` is relative, so that the built page works in any folder of any server; what it measures names its commit. */
const demo = (): UserConfig => ({
  root: resolve(root, 'demo'),
  base: './',
  define: { WEFT_COMMIT: JSON.stringify(commit()) },
  worker: { format: 'es' },
  server: { open: false, fs: { allow: [root] } },
  optimizeDeps: { include: ['wgsl-preprocessor/wgsl-preprocessor.js'] },
  build: {
    outDir: '../dist/demo',
    emptyOutDir: true,
    assetsInlineLimit: 0, // the page's own policy refuses what stands in an address
    target: 'es2022',
    rolldownOptions: { input: Object.values(entries.demo).map((path) => resolve(root, path)) },
  },
});

const project = (name: string, order: number, test: TestProjectInlineConfiguration['test']) =>
  ({
    extends: true,
    test: { name, pool: 'forks', isolate: false, sequence: { groupOrder: order }, ...test },
  }) satisfies TestProjectInlineConfiguration;

/**
 * unit: no GPU, several workers. gpu: Node and Dawn, one worker for the whole run, so that adapter and pipelines are
 * made once. browser: ordinary Node tests that drive Chromium. The groups run one after another: a software GPU wants
 * all cores. Mode long has the long tests and nothing else.
 */
const tests = (mode: string): TestProjectInlineConfiguration[] => {
  const gpu = {
    maxWorkers: 1,
    execArgv: ['--expose-gc'], // for the laws on memory
    setupFiles: ['test/support/setupGpu.ts'],
    globalSetup: ['test/support/setupGpuOnce.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  };
  const long = ['test/**/*.long.test.ts'];
  const onGpu = ['test/**/*.gpu.test.ts'];
  const onPage = ['test/browser/**/*.test.ts'];
  const unit = {
    include: ['test/**/*.test.ts'],
    exclude: [...onGpu, ...onPage, ...long],
    maxWorkers: Math.min(8, Math.max(2, availableParallelism())),
    testTimeout: 60_000,
  };
  const browser = {
    include: onPage,
    exclude: long,
    maxWorkers: 1,
    setupFiles: ['test/support/setupPages.ts'],
    globalSetup: ['test/support/setupPagesOnce.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  };
  if (mode === 'long') {
    const patient = { testTimeout: 1_800_000, hookTimeout: 1_800_000 };
    return [
      project('long', 0, { ...gpu, ...patient, include: long, exclude: onPage }),
      project('longOnPage', 1, { ...browser, ...patient, include: ['test/browser/**/*.long.test.ts'], exclude: [] }),
    ];
  }
  return [
    project('unit', 0, unit),
    project('gpu', 1, { ...gpu, include: onGpu, exclude: [...onPage, ...long] }),
    project('browser', 2, browser),
  ];
};

export default defineConfig(({ mode }) => {
  if (mode === 'lib') return lib;
  if (mode === 'cli') return cli;
  if (mode === 'page') return page;
  if (mode === 'bench') return bench();
  if (mode === 'curve') return curve;
  if (mode === 'peers') return peers;
  if (mode === 'demo') return demo();
  // The examples import the package by its name, as its users do.
  const alias = ['node', 'lab', 'onnx', 'index'].map((door) => ({
    find: door === 'index' ? /^weft-gpu$/ : `weft-gpu/${door}`,
    replacement: resolve(root, `src/${door}.ts`),
  }));
  return { resolve: { alias }, test: { projects: tests(mode) } };
});
