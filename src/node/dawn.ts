// WebGPU in Node: Dawn, from the npm package `webgpu`.
//
// Contract, measured with webgpu 0.6.2 on Node 20 and SwiftShader:
// · The instance is held here for the life of the process. That alone keeps Node alive no longer: Node ends by itself,
//   with code 0, once none of Dawn's promises is pending (`device.lost` does not count), and process.exit in the midst
//   of work is safe too.
// · Whoever awaits `buffer.mapAsync()` must hold the buffer: one that is collected meanwhile rejects with an AbortError
//   whose message is empty.
// · Processes are independent of each other, so test runners may fork. Worker threads work as well, several at a time
//   and terminated at will, but the software driver reaches them only with `env: SHARE_ENV`; see vulkan.ts.

import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { EngineError } from '../core/errors.js';
import { waitWith } from '../core/rest.js';
import { findChromium } from './findChromium.js';
import { rest } from './rest.js';
import { driverHazard, prepareVulkan, withDriver, type VulkanFiles } from './vulkan.js';

/** The version that this was tested with. */
export const DAWN_PACKAGE = 'webgpu@0.6.2';

export interface DawnOptions {
  /**
   * True: compute on the CPU (SwiftShader) even where a GPU is. Default: only where no GPU is. Without effect where a
   * person has chosen drivers (VK_ICD_FILENAMES and its kin), and elsewhere than on Linux.
   */
  readonly software?: boolean;
}

/** One attempt to get an adapter. */
export interface DawnAttempt {
  /** 'system' for the drivers that the machine offers by itself, else an ICD file. */
  readonly driver: string;
  readonly adapter: { readonly description: string; readonly vendor: string; readonly software: boolean } | undefined;
}

export interface DawnSearch {
  /** Undefined if no adapter was found. */
  readonly gpu: GPU | undefined;
  readonly software: boolean;
  readonly attempts: readonly DawnAttempt[];
  readonly vulkan: VulkanFiles;
}

interface Dawn {
  create(flags: string[]): GPU;
  readonly globals: object;
}

/** Never emptied: see the contract above. */
const held: GPU[] = [];
const searches = new Map<boolean, Promise<DawnSearch>>();
/** Ends when the latest search does: two at once would set the same variable. */
let latest: Promise<unknown> = Promise.resolve();

/**
 * A GPU object whose `requestAdapter()` gives an adapter: a hardware one if there is any, else a software one. Puts
 * GPUBufferUsage and its kin on globalThis where they are absent. Calls after the first give the same object.
 *
 * @throws EngineError 'missing' if the package `webgpu` is not installed
 * @throws EngineError 'no-webgpu' if Dawn has no build for this platform or its library does not load
 * @throws EngineError 'no-adapter' if neither a GPU nor SwiftShader is found; the message lists what was tried
 */
export async function openDawn(options: DawnOptions = {}): Promise<GPU> {
  const search = await searchDawn(options);
  if (search.gpu !== undefined) return search.gpu;
  throw new EngineError('no-adapter', {
    place: 'openDawn',
    given: describeSearch(search),
    wanted: 'a Vulkan, Metal or Direct3D 12 adapter, or SwiftShader beside a Chromium',
    wayOut:
      Object.keys(search.vulkan.chosen).length > 0
        ? `Unset ${Object.keys(search.vulkan.chosen).join(', ')} to let Weft choose a driver`
        : (driverHazard ?? 'On Debian: `apt-get install -y --no-install-recommends chromium`'),
  });
}

/**
 * The search behind `openDawn`, with everything it tried. A search without success is made anew at the next call.
 *
 * @throws EngineError 'missing' or 'no-webgpu', as `openDawn`
 */
export function searchDawn({ software = false }: DawnOptions = {}): Promise<DawnSearch> {
  const known = searches.get(software);
  if (known !== undefined) return known;
  const search = latest.then(() => searchOnce(software));
  searches.set(software, search);
  const forget = () => searches.delete(software);
  latest = search.then(({ gpu }) => gpu ?? forget(), forget);
  return search;
}

async function searchOnce(software: boolean): Promise<DawnSearch> {
  const dawn = await loadDawn();
  let vulkan = prepareVulkan();
  if (process.platform === 'linux' && (vulkan.loader === undefined || vulkan.softwareDrivers.length === 0)) {
    // Puppeteer may keep its browser elsewhere; it is asked only now because importing it takes a while.
    const browser = await findChromium().catch(() => undefined);
    if (browser?.path !== undefined) vulkan = prepareVulkan([dirname(realpathSync(browser.path))]);
  }
  const attempts: DawnAttempt[] = [];
  const chosen = Object.keys(vulkan.chosen).length > 0;

  const attempt = async (driver: string): Promise<GPU | undefined> => {
    const gpu = create(dawn, []);
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    const info = adapter?.info;
    attempts.push({
      driver,
      adapter: info && {
        description: info.description || info.device,
        vendor: info.vendor,
        software: info.isFallbackAdapter,
      },
    });
    return adapter === null ? undefined : gpu;
  };
  const finish = (gpu: GPU | undefined): DawnSearch => ({
    gpu,
    software: attempts.at(-1)?.adapter?.software ?? false,
    attempts,
    vulkan,
  });

  // Whoever names drivers gets these and no others. Elsewhere than on Linux the system knows its adapters.
  if (chosen || process.platform !== 'linux') return finish(await attempt('system'));

  // Dawn writes warnings to stderr where no driver is, so it is asked only where it may succeed. Lavapipe is tried last:
  // as shipped with Debian 12 it lacks what Dawn requires.
  const isLavapipe = (path: string) => /(^|\/)lvp_/.test(path);
  if (!software && vulkan.loader !== undefined && !vulkan.systemDrivers.every(isLavapipe)) {
    const gpu = await attempt('system');
    if (gpu !== undefined && attempts.at(-1)?.adapter?.software === false) return finish(gpu);
  }
  if (vulkan.loader !== undefined) {
    for (const icd of [...vulkan.softwareDrivers, ...vulkan.systemDrivers.filter(isLavapipe)]) {
      const gpu = await withDriver(icd, () => attempt(icd));
      if (gpu !== undefined) return finish(gpu);
    }
  }
  return finish(undefined);
}

/**
 * A GPU object that validates and compiles everything and computes nothing: shaders go through Tint on a machine
 * without any driver.
 *
 * @throws EngineError 'missing' or 'no-webgpu', as `openDawn`
 */
export async function openNullDawn(): Promise<GPU> {
  return create(await loadDawn(), ['backend=null']);
}

/** What a search found, in one line per attempt. */
export function describeSearch({ attempts, vulkan }: DawnSearch): string {
  const lines = attempts.map(({ driver, adapter }) => `${driver}: ${adapter?.description ?? 'no adapter'}`);
  if (process.platform === 'linux') {
    if (vulkan.loader === undefined) {
      lines.push(`no Vulkan loader (tried ${vulkan.loadersTried.map(({ path }) => path).join(', ')})`);
    }
    if (vulkan.softwareDrivers.length === 0) lines.push('no vk_swiftshader_icd.json');
    for (const [name, value] of Object.entries(vulkan.chosen)) lines.push(`${name}=${value}`);
  }
  return `no adapter (${lines.join('; ')})`;
}

function create(dawn: Dawn, flags: readonly string[]): GPU {
  const gpu = dawn.create([...flags]);
  held.push(gpu);
  waitWith(gpu, rest);
  return gpu;
}

async function loadDawn(): Promise<Dawn> {
  const dawn = await importDawn();
  for (const [name, value] of Object.entries(dawn.globals)) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return dawn;
}

async function importDawn(): Promise<Dawn> {
  try {
    return await import('webgpu');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const platform = `${process.platform}-${process.arch}`;
    if (code === 'ERR_MODULE_NOT_FOUND') {
      throw new EngineError('missing', {
        place: 'openDawn',
        given: 'the package webgpu is not installed',
        wanted: 'Dawn, WebGPU for Node',
        wayOut: `Run \`npm install ${DAWN_PACKAGE}\``,
        cause,
      });
    }
    throw new EngineError('no-webgpu', {
      place: 'openDawn',
      given: `Dawn does not load on ${platform} (${cause instanceof Error ? cause.message : String(cause)})`,
      wanted: 'linux-x64, linux-arm64, macOS or Windows with the C library that the build needs',
      wayOut: 'Train in a browser instead: `npm run demo`',
      cause,
    });
  }
}
