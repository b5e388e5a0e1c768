// node scripts/build.mjs [--out folder] lib types cli page demo bench curve peers      builds the parts that are named;
// folder: dist, which `lib` empties first
//
// freshBuild() serves whoever runs from a clone: parts of the tree as it is now, in a folder named after the state of
// the sources. So nothing is built twice, a build in use is never touched, and two builds at once cannot mix.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entries, root } from './entries.mjs';

/** @typedef {'lib' | 'types' | 'cli' | 'page' | 'demo' | 'bench' | 'curve' | 'peers'} Part */

const thisFile = fileURLToPath(import.meta.url);
const cache = join(root, 'node_modules/.cache/weft');
const inputs = ['src', 'shaders', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'scripts'];
const kept = 8;

/** Thrown after the failed build has said why. */
export class BuildFailed extends Error {}

/**
 * The folder of these parts, built if any source has changed since; says nothing unless the build fails.
 * @param {readonly Part[]} parts
 * @returns {Promise<string>} a folder with cli/weft.js, page/, demo/ or whichever of them was asked for
 */
export async function freshBuild(parts) {
  const own = { demo: ['demo', 'bench'], bench: ['bench'], curve: ['bench'], peers: ['bench'] };
  const state = stateOf([
    ...inputs,
    ...parts.flatMap((part) => (part in own ? own[/** @type {keyof own} */ (part)] : [])),
  ]);
  const folder = join(cache, `${parts.join('-')}-${state}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    try {
      await runNode([thisFile, '--out', draft, ...parts]);
      renameSync(draft, folder);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(folder)) throw error; // else another process was first
    }
  }
  const now = new Date();
  utimesSync(folder, now, now);
  forgetAllBut(kept);
  return folder;
}

/**
 * A digest of names, sizes and times: 1 ms for 100 files.
 * @param {readonly string[]} paths
 */
function stateOf(paths) {
  const digest = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else if (found) digest.update(`${path}\n${found.size} ${found.mtimeMs}\n`);
  };
  for (const path of paths) add(resolve(root, path));
  return digest.digest('hex').slice(0, 16);
}

/**
 * The least recently used builds go.
 * @param {number} count
 */
function forgetAllBut(count) {
  const builds = readdirSync(cache).map((name) => join(cache, name));
  const age = (/** @type {string} */ path) => -(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  for (const path of builds.sort((a, b) => age(a) - age(b)).slice(count))
    rmSync(path, { recursive: true, force: true });
}

/**
 * What the child prints goes to stderr: stdout belongs to whoever asked for the build.
 * @param {readonly string[]} words
 * @returns {Promise<void>}
 */
function runNode(words) {
  return new Promise((done, failed) => {
    // A test run sets NODE_ENV, and a page would be built with its libraries' development code.
    const env = { ...process.env, NODE_ENV: 'production' };
    const child = spawn(process.execPath, words, { cwd: root, env, stdio: ['ignore', 2, 2] });
    child.on('error', failed);
    child.on('exit', (code) => (code === 0 ? done() : failed(new BuildFailed(`the build ended with ${code}`))));
  });
}

/**
 * @param {Part} part
 * @param {string} out
 */
async function buildPart(part, out) {
  if (part === 'types') {
    await runNode(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json', '--outDir', join(out, 'types')]);
    return;
  }
  if (Object.keys(entries[part]).length === 0) return;
  const { build } = await import('vite');
  const outDir = part === 'lib' || part === 'bench' ? out : join(out, part);
  await build({ configFile: join(root, 'vite.config.ts'), mode: part, logLevel: 'error', build: { outDir } });
}

if (realpathSync(process.argv[1] ?? '') === thisFile) {
  const words = process.argv.slice(2);
  const [, folder = 'dist'] = words[0] === '--out' ? words.splice(0, 2) : [];
  if (words.includes('lib') && folder === 'dist') rmSync(join(root, 'dist'), { recursive: true, force: true });
  try {
    for (const part of words) await buildPart(/** @type {Part} */ (part), resolve(root, folder));
  } catch (error) {
    if (!(error instanceof BuildFailed)) console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
