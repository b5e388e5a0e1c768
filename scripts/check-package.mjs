// npm run check:package: packs the package as it would be published, looks at it with publint and attw, and uses it
// as a stranger would: compiled against by TypeScript under two module resolutions, imported and run by Node.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const home = mkdtempSync(join(tmpdir(), 'weft-package-'));
const own = join(home, 'node_modules/weft-gpu');
const tools = join(root, 'node_modules');

/**
 * @param {string} cwd
 * @param {string} command
 * @param {string[]} words
 * @returns {string} its stdout
 */
function run(cwd, command, ...words) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${command} ${words.join(' ')}\n${stdout}${stderr}${error?.message ?? ''}`);
}

/** @param {string[]} words */
const node = (...words) => run(home, process.execPath, ...words);

function unpack() {
  const [packed] = JSON.parse(run(root, 'npm', 'pack', '--json', '--pack-destination', home));
  const tarball = join(home, packed.filename);
  mkdirSync(own, { recursive: true });
  run(home, 'tar', '-xzf', tarball, '--strip-components=1', '-C', own);
  const { dependencies } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies))
    cpSync(join(tools, name), join(home, 'node_modules', name), { recursive: true });
  console.log(`${packed.entryCount} files, ${Math.round(packed.size / 1024)} KiB packed`);
  return tarball;
}

/** What a user of the types would stumble over. */
function readTypes() {
  const types = join(own, 'dist/types');
  for (const path of readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  )) {
    const text = readFileSync(join(types, path), 'utf8');
    const wrong = /^\/\/\/ *<reference.*|from ['"]\.[^'"]*(?<!\.js)['"]|['"]wgsl-preprocessor.*/m.exec(text);
    if (wrong) throw new Error(`dist/types/${path}: ${wrong[0]}`);
  }
}

/** Compiled without skipLibCheck, and with no types but those that the door needs. */
function compile() {
  mkdirSync(join(home, 'node_modules/@types'));
  for (const name of ['@webgpu', '@types/node', 'undici-types'])
    symlinkSync(join(tools, name), join(home, 'node_modules', name));
  const inPages = ['weft-gpu', 'weft-gpu/lab', 'weft-gpu/onnx'];
  const doors = { 'page.ts': inPages, 'node.ts': [...inPages, 'weft-gpu/node'] };
  for (const [file, names] of Object.entries(doors)) {
    writeFileSync(join(home, file), names.map((name, i) => `export * as d${i} from '${name}';`).join('\n'));
    const types = file === 'page.ts' ? '@webgpu/types' : '@webgpu/types,node';
    for (const module of ['nodenext', 'preserve']) {
      const flags = [
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--lib',
        'es2023,esnext.disposable,dom,dom.asynciterable',
      ];
      node(join(tools, 'typescript/bin/tsc'), ...flags, '--module', module, '--types', types, file);
    }
  }
}

/** Weights that ship are read in Node, and a page's bundler makes a file of them: none of it goes into the script. */
async function findWeights() {
  const file = 'tutorial-digits.safetensors';
  const size = statSync(join(own, 'weights', file)).size;
  const asked = `const { pretrained } = await import('weft-gpu'); const { readBytes } = await import('weft-gpu/node');
    if ((await pretrained({ read: readBytes })).size !== 10) throw new Error('no weights');`;
  node('--input-type=module', '-e', asked);
  writeFileSync(join(home, 'index.html'), '<script type="module" src="./start.js"></script>');
  writeFileSync(join(home, 'start.js'), `import { pretrained } from 'weft-gpu';\nconsole.log(await pretrained());`);
  const { build } = await import('vite');
  await build({ root: home, configFile: false, logLevel: 'error', build: { target: 'es2022' } });
  const assets = join(home, 'dist/assets');
  const made = readdirSync(assets);
  const weights = made.filter((name) => name.endsWith('.safetensors'));
  const scripts = made.filter((name) => name.endsWith('.js')).map((name) => readFileSync(join(assets, name), 'utf8'));
  const sizes = weights.map((name) => statSync(join(assets, name)).size);
  if (sizes.length !== 1 || sizes[0] !== size || !scripts.some((text) => text.includes(weights[0] ?? file)))
    throw new Error(`a page with ${made.join(', ')}; wanted a script that names one file of ${size} bytes of weights`);
  if (scripts.some((text) => /[A-Za-z0-9+/]{10000}/.test(text))) throw new Error('a page with weights in its script');
}

try {
  writeFileSync(join(home, 'package.json'), '{ "private": true, "type": "module" }');
  const tarball = unpack();
  console.log(node(join(tools, 'publint/src/cli.js'), 'run', '--strict', tarball).trim());
  node(join(tools, '@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only');
  readTypes();
  compile();
  await findWeights();
  for (const door of ['weft-gpu', 'weft-gpu/lab', 'weft-gpu/node', 'weft-gpu/onnx']) {
    node('--input-type=module', '-e', `await import('${door}')`);
  }
  node(join(own, 'dist/cli/weft.js'), '--help');
  node(
    join(tools, 'typedoc/bin/typedoc'),
    '--options',
    join(root, 'typedoc.json'),
    '--tsconfig',
    join(root, 'tsconfig.json'),
    '--emit',
    'none',
    '--treatWarningsAsErrors',
  );
  console.log('The package is in order.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
