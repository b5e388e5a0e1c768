// Headless Chromium with WebGPU, through Puppeteer.

import type { Browser as PuppeteerBrowser, PuppeteerNode } from 'puppeteer';
import { EngineError } from '../core/errors.js';
import { searchDawn } from './dawn.js';
import { findChromium } from './findChromium.js';
import { serve } from './serveFolder.js';

/** The version that this was tested with. */
export const PUPPETEER_PACKAGE = 'puppeteer@24.43.1';

/** What to type where no browser is, by system. */
export const INSTALL_BROWSER = 'npx puppeteer browsers install chrome';
export const INSTALL_CHROMIUM_DEBIAN = 'apt-get install -y --no-install-recommends chromium';

export interface ChromiumOptions {
  /** True: compute on the CPU (SwiftShader) even where a GPU is. Default: only where no GPU is. */
  readonly software?: boolean;
  /** Default true: names resolve to nothing but this machine, so no page and no browser service reaches the network. */
  readonly offline?: boolean;
  /** Default true. */
  readonly headless?: boolean;
  /** Further command-line flags, last. */
  readonly flags?: readonly string[];
  /** Closes the browser when it aborts. */
  readonly signal?: AbortSignal;
  /** How long the browser may take to start, in milliseconds; default 60 000. */
  readonly timeoutMs?: number;
}

/**
 * @typeParam Browser Puppeteer's type of that name, if the caller has it: Puppeteer is optional, so these declarations do
 * without it
 */
export interface Chromium<Browser = unknown> {
  readonly browser: Browser;
  readonly executable: string;
  readonly flags: readonly string[];
  /** Whether SwiftShader was forced. */
  readonly software: boolean;
  /** Ends the browser and its child processes. May be called again. */
  close(): Promise<void>;
}

/** The adapter that a page sees, as plain data. */
export interface PageAdapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly software: boolean;
  readonly features: readonly string[];
}

/**
 * Starts a Chromium whose pages have WebGPU: on a GPU if pages get one, else on SwiftShader. It ends with the process,
 * with SIGINT, SIGTERM and SIGHUP, and with `signal`.
 *
 * @throws EngineError 'missing' if Puppeteer is not installed, or no browser is found; the message lists what was tried
 * @throws EngineError 'no-webgpu' if the browser does not start
 * @throws the reason of `signal` if it aborts first
 */
export async function launchChromium<Browser = unknown>(options: ChromiumOptions = {}): Promise<Chromium<Browser>> {
  return (await launch(options)) as Chromium<Browser>;
}

async function launch(options: ChromiumOptions): Promise<Chromium<PuppeteerBrowser>> {
  options.signal?.throwIfAborted();
  const puppeteer = await importPuppeteer();
  const { path, tried } = await findChromium();
  if (path === undefined) {
    throw new EngineError('missing', {
      place: 'launchChromium',
      given: `no browser (tried ${tried.map((one) => one.path).join(', ') || 'no place known for this system'})`,
      wanted: 'Chromium or Chrome',
      wayOut: `Run \`${INSTALL_BROWSER}\`, or on Debian \`${INSTALL_CHROMIUM_DEBIAN}\`, or set CHROME_PATH`,
    });
  }
  if (options.software !== true && (await mayHaveGpu())) {
    const chromium = await start(puppeteer, path, false, options);
    try {
      const adapter = await pageAdapter(chromium.browser);
      if (adapter !== undefined && !adapter.software) return chromium;
    } catch (error) {
      await chromium.close();
      throw error;
    }
    await chromium.close();
  }
  return start(puppeteer, path, true, options);
}

/** The flags that a launch adds to Puppeteer's own. */
export function chromiumFlags(software: boolean, offline: boolean): string[] {
  return [
    '--enable-unsafe-webgpu',
    ...(software ? ['--use-webgpu-adapter=swiftshader'] : []),
    // Chromium on Linux computes on a GPU through Vulkan alone, and does not use Vulkan by default.
    ...(!software && process.platform === 'linux' ? ['--enable-features=Vulkan'] : []),
    // Chromium's sandbox refuses to run as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
    '--no-default-browser-check',
    ...(offline
      ? ['--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost']
      : []),
  ];
}

/** The adapter that pages of this browser get; undefined if they get none. */
export async function pageAdapter(browser: unknown): Promise<PageAdapter | undefined> {
  // navigator.gpu is for secure contexts, and about:blank is none.
  const server = await serve((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'));
  const page = await (browser as PuppeteerBrowser).newPage();
  try {
    await page.goto(server.url);
    const adapter = await page.evaluate(async () => {
      // Absent in a browser without WebGPU, whatever the types say.
      const gpu: GPU | undefined = navigator.gpu;
      const found = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
      if (found == null) return null;
      const { vendor, architecture, description, isFallbackAdapter } = found.info;
      return { vendor, architecture, description, software: isFallbackAdapter, features: [...found.features] };
    });
    return adapter ?? undefined;
  } finally {
    await page.close();
    await server.close();
  }
}

async function start(
  puppeteer: PuppeteerNode,
  executable: string,
  software: boolean,
  { offline = true, headless = true, flags = [], signal, timeoutMs = 60_000 }: ChromiumOptions,
): Promise<Chromium<PuppeteerBrowser>> {
  const args = [...chromiumFlags(software, offline), ...flags];
  try {
    const browser = await puppeteer.launch({
      executablePath: executable,
      headless,
      args,
      timeout: timeoutMs,
      ...(signal && { signal }),
    });
    return { browser, executable, flags: args, software, close: () => browser.close() };
  } catch (cause) {
    signal?.throwIfAborted();
    throw new EngineError('no-webgpu', {
      place: 'launchChromium',
      given: `${executable} does not start (${cause instanceof Error ? cause.message : String(cause)})`,
      wanted: 'a browser that runs here',
      wayOut: `Run \`${executable} --headless=new --no-sandbox --dump-dom about:blank\` to see what it lacks`,
      cause,
    });
  }
}

/** Whether a launch without SwiftShader is worth its second: not where Dawn is here and finds no GPU. */
async function mayHaveGpu(): Promise<boolean> {
  try {
    const { gpu, software } = await searchDawn();
    return gpu !== undefined && !software;
  } catch {
    return true; // Without Dawn the pages must tell.
  }
}

async function importPuppeteer(): Promise<PuppeteerNode> {
  try {
    return (await import('puppeteer')).default;
  } catch (cause) {
    throw new EngineError('missing', {
      place: 'launchChromium',
      given: 'the package puppeteer is not installed',
      wanted: 'Puppeteer, which drives the browser',
      wayOut: `Run \`npm install ${PUPPETEER_PACKAGE}\``,
      cause,
    });
  }
}
