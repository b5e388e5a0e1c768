// What this machine offers, as plain data: the material of `weft doctor`. Installs nothing.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem, version } from 'node:os';
import type { Browser } from 'puppeteer';
import { chromiumFlags, launchChromium, pageAdapter, type PageAdapter } from './chromium.js';
import { DAWN_PACKAGE, describeSearch, searchDawn, type DawnAttempt } from './dawn.js';
import { findChromium, type BrowserTried } from './findChromium.js';
import { remedies, thisMachine } from './setup.js';
import { prepareVulkan, type VulkanFiles } from './vulkan.js';

export interface Probe {
  readonly machine: {
    readonly node: string;
    /** As `linux-x64`. */
    readonly platform: string;
    /** The system's own name for itself. */
    readonly system: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
  };
  /** Versions of the optional packages; undefined where one is not installed. */
  readonly packages: { readonly webgpu: string | undefined; readonly puppeteer: string | undefined };
  readonly vulkan: VulkanFiles;
  readonly dawn: {
    readonly attempts: readonly DawnAttempt[];
    readonly adapter: AdapterFacts | undefined;
    /** Why there is no adapter, as a sentence. */
    readonly problem: string | undefined;
  };
  readonly browser: {
    readonly path: string | undefined;
    readonly tried: readonly BrowserTried[];
    readonly flags: readonly string[];
    /** The rest is known only if the browser was launched. */
    readonly version: string | undefined;
    readonly adapter: PageAdapter | undefined;
    readonly problem: string | undefined;
  };
  /** The commands to type next, in order; empty if nothing is missing. */
  readonly next: readonly string[];
}

export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/**
 * Looks at everything that running needs, and throws nothing: what is wrong is told in the answer.
 *
 * @param launch also start the browser and ask a page for its adapter, about two seconds; default false
 */
export async function probe({ launch = false }: { readonly launch?: boolean } = {}): Promise<Probe> {
  const packages = { webgpu: installedVersion('webgpu'), puppeteer: installedVersion('puppeteer') };
  const dawn = await probeDawn();
  const browser = await probeBrowser(launch);
  const next: string[] = [];
  if (packages.webgpu === undefined) next.push(`npm install ${DAWN_PACKAGE}`);
  else if (dawn.adapter === undefined)
    next.push(
      ...remedies(thisMachine, 'gpu')
        .slice(0, 1)
        .map((way) => way.command),
    );
  if (browser.path === undefined)
    next.push(
      ...remedies(thisMachine, 'browser')
        .slice(0, 1)
        .map((way) => way.command),
    );
  return {
    machine: {
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      system: systemName(),
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
    packages,
    vulkan: dawn.vulkan,
    dawn: { attempts: dawn.attempts, adapter: dawn.adapter, problem: dawn.problem },
    browser,
    next: [...new Set(next)],
  };
}

async function probeDawn(): Promise<Probe['dawn'] & { readonly vulkan: VulkanFiles }> {
  try {
    const search = await searchDawn();
    const adapter = await search.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    const { attempts, vulkan } = search;
    if (adapter == null) return { attempts, vulkan, adapter: undefined, problem: describeSearch(search) };
    return { attempts, vulkan, adapter: adapterFacts(adapter), problem: undefined };
  } catch (error) {
    return { attempts: [], vulkan: prepareVulkan(), adapter: undefined, problem: sentence(error) };
  }
}

async function probeBrowser(launch: boolean): Promise<Probe['browser']> {
  const none = {
    path: undefined,
    tried: [],
    flags: chromiumFlags(false, true),
    version: undefined,
    adapter: undefined,
  };
  try {
    const found = await findChromium();
    const known = { ...none, ...found };
    if (found.path === undefined) return { ...known, problem: 'no browser' };
    if (!launch) return { ...known, problem: undefined };
    try {
      const chromium = await launchChromium<Browser>();
      try {
        const adapter = await pageAdapter(chromium.browser);
        const problem = adapter === undefined ? 'a page gets no adapter' : undefined;
        return { ...known, flags: chromium.flags, version: await chromium.browser.version(), adapter, problem };
      } finally {
        await chromium.close();
      }
    } catch (error) {
      return { ...known, problem: sentence(error) };
    }
  } catch (error) {
    return { ...none, problem: sentence(error) };
  }
}

/** An adapter as plain data: GPUAdapter's own properties are getters that JSON does not see. */
export function adapterFacts(adapter: GPUAdapter): AdapterFacts {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const value: unknown = Reflect.get(adapter.limits, name);
    if (typeof value === 'number') limits[name] = value;
  }
  const features = [...adapter.features].sort();
  return { vendor, architecture, device, description, software: isFallbackAdapter, features, limits };
}

function installedVersion(name: string): string | undefined {
  try {
    const data: unknown = JSON.parse(
      readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`), 'utf8'),
    );
    return typeof data === 'object' && data !== null && 'version' in data ? String(data.version) : undefined;
  } catch {
    return undefined;
  }
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? version();
  } catch {
    return version();
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
