import { chmod, mkdir, realpath, writeFile } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { chromiumFolders } from '../../src/node/chromiumPaths.js';
import { findChromium } from '../../src/node/findChromium.js';
import { temporaryFolder } from './temporaryFolder.js';

const path = temporaryFolder();
beforeAll(async () => {
  await mkdir(path('chosen'));
  await writeFile(path('chosen', 'chrome'), '#!/bin/sh\n');
  await chmod(path('chosen', 'chrome'), 0o755);
  for (const version of ['linux-9', 'linux-10'])
    await mkdir(path('cache', 'chrome', version, 'chrome-linux64'), { recursive: true });
});
afterEach(() => vi.unstubAllEnvs());

describe('findChromium', () => {
  it('takes the variables first, Puppeteer’s own before Chrome’s', async () => {
    vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', '');
    vi.stubEnv('CHROME_PATH', path('chosen', 'chrome'));
    const { path: found, tried } = await findChromium();
    expect(found).toBe(path('chosen', 'chrome'));
    expect(tried).toEqual([{ path: found, from: 'CHROME_PATH', found: true }]);
    vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', path('absent'));
    await expect(findChromium()).rejects.toThrow(/^PUPPETEER_EXECUTABLE_PATH: no file/);
  });

  it('tells everything it looked at, and takes the first that is there', async () => {
    vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', '');
    vi.stubEnv('CHROME_PATH', '');
    const { path: found, tried } = await findChromium();
    expect(tried.length).toBeGreaterThan(0);
    expect(tried.filter((one) => one.found).map((one) => one.path)).toEqual(found === undefined ? [] : [found]);
    expect(tried.slice(0, -1).every((one) => !one.found)).toBe(true);
  });
});

describe('chromiumFolders', () => {
  it('has the folder of a chosen browser first, and those of Puppeteer’s cache, newest first', async () => {
    vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', '');
    vi.stubEnv('CHROME_PATH', path('chosen', 'chrome'));
    vi.stubEnv('PUPPETEER_CACHE_DIR', path('cache'));
    const folders = chromiumFolders();
    expect(folders[0]).toBe(await realpath(path('chosen')));
    const cached = folders.filter((folder) => folder.startsWith(path('cache')));
    expect(cached).toEqual(
      ['linux-10', 'linux-9'].map((version) => path('cache', 'chrome', version, 'chrome-linux64')),
    );
  });
});
