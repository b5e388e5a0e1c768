// Vulkan on Linux, as far as Dawn needs it: a loader (libvulkan.so.1) and drivers (ICD files, each naming a library).
//
// A machine without a GPU often has neither installed, but has a Chromium, whose folder holds both: its own copy of the
// loader and SwiftShader, a Vulkan driver that computes on the CPU.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { chromiumFolders } from './chromiumPaths.js';

const LOADER = 'libvulkan.so.1';
const SWIFTSHADER_ICD = 'vk_swiftshader_icd.json';
/** Variables by which a person chooses drivers; whoever has set one is obeyed. */
export const DRIVER_VARIABLES = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'] as const;
/** glibc's and musl's value; Node's constants.dlopen lacks it. */
const RTLD_NODELETE = 0x1000;

export interface VulkanFiles {
  /** The loader that is loaded now: its bare name where the system's own was found, a path otherwise. */
  readonly loader: string | undefined;
  /** Everything tried as a loader, in order, with what came of it. */
  readonly loadersTried: readonly { readonly path: string; readonly result: string }[];
  /** ICD files that the loader finds by itself. */
  readonly systemDrivers: readonly string[];
  /** SwiftShader's ICD files, most wanted first. */
  readonly softwareDrivers: readonly string[];
  /** Variables set by a person: name and value. */
  readonly chosen: Readonly<Record<string, string>>;
}

/**
 * Finds the drivers, and loads the loader so that Dawn, which opens `libvulkan.so.1` by its bare name, finds it.
 *
 * @param folders further folders that may hold a Chromium's libraries, tried first
 */
export function prepareVulkan(folders: readonly string[] = []): VulkanFiles {
  const chosen = Object.fromEntries(
    DRIVER_VARIABLES.flatMap((name) => {
      const value = process.env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  if (process.platform !== 'linux') {
    return { loader: undefined, loadersTried: [], systemDrivers: [], softwareDrivers: [], chosen };
  }
  const places = [...new Set([...folders, ...chromiumFolders()])];
  const { loader, tried } = loadLoader(places);
  return {
    loader,
    loadersTried: tried,
    systemDrivers: systemDrivers(),
    softwareDrivers: places.map((place) => join(place, SWIFTSHADER_ICD)).filter((path) => existsSync(path)),
    chosen,
  };
}

/**
 * Runs `work` while the Vulkan loader sees the given driver alone. The loader reads its variables only when a Vulkan
 * instance is made, so they are put back afterwards and no child process inherits them.
 *
 * Hazard: in a worker thread `process.env` is a copy that native code never sees, unless the worker was made with
 * `env: SHARE_ENV`.
 */
export async function withDriver<T>(icdFile: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['VK_ICD_FILENAMES'];
  process.env['VK_ICD_FILENAMES'] = icdFile;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['VK_ICD_FILENAMES'];
    else process.env['VK_ICD_FILENAMES'] = before;
  }
}

/** Why `withDriver` may have had no effect here, if it may. */
export const driverHazard = isMainThread
  ? undefined
  : 'This is a worker thread: make it with `env: SHARE_ENV`, or set VK_ICD_FILENAMES before Node starts';

function loadLoader(folders: readonly string[]): {
  loader: string | undefined;
  tried: { path: string; result: string }[];
} {
  const tried: { path: string; result: string }[] = [];
  for (const path of [LOADER, ...folders.map((folder) => join(folder, LOADER))]) {
    if (path !== LOADER && !existsSync(path)) {
      tried.push({ path, result: 'absent' });
      continue;
    }
    const refusal = hold(path);
    tried.push({ path, result: refusal ?? 'loaded' });
    if (refusal === undefined) return { loader: path, tried };
  }
  return { loader: undefined, tried };
}

/**
 * Loads a shared library for the rest of the process; returns why not, or nothing on success.
 *
 * dlopen gives a library that is already loaded to whoever asks for its soname, so a loader held here is the one that
 * Dawn gets. Node has no call for plain libraries, but `process.dlopen` opens the file before it finds that it is no
 * addon; RTLD_NODELETE makes the library outlive the close that follows. This needs no restart with LD_LIBRARY_PATH.
 */
function hold(path: string): string | undefined {
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    // Always thrown. Whether the library stayed is what the map of the process says.
    if (!readFileSync('/proc/self/maps', 'latin1').includes(LOADER)) return message(error);
  }
  return undefined;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The folders of the loader's own search, in its order. Source: Vulkan-Loader docs, LoaderDriverInterface.md. */
function systemDrivers(): string[] {
  const home = homedir();
  const list = (name: string, otherwise: string) => (process.env[name] || otherwise).split(':').filter(Boolean);
  const roots = [
    ...list('XDG_CONFIG_HOME', join(home, '.config')),
    ...list('XDG_CONFIG_DIRS', '/etc/xdg'),
    '/usr/local/etc',
    '/etc',
    ...list('XDG_DATA_HOME', join(home, '.local/share')),
    ...list('XDG_DATA_DIRS', '/usr/local/share:/usr/share'),
  ];
  return [...new Set(roots)].flatMap((root) => {
    const folder = join(root, 'vulkan', 'icd.d');
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(folder, name));
    } catch {
      return []; // Most of these folders exist on no machine.
    }
  });
}
