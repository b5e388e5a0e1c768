// Where a Chromium may lie. Its folder is wanted twice: for the browser itself, and because Chromium ships what Dawn
// needs where no GPU is (SwiftShader with its ICD file, and a Vulkan loader).

import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Variables that name a browser; the first that is set wins. */
export const BROWSER_VARIABLES = ['PUPPETEER_EXECUTABLE_PATH', 'CHROME_PATH'] as const;

const KNOWN: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
};

/** Executables at the places that the platform's packages use, most wanted first. They need not exist. */
export function knownBrowsers(): readonly string[] {
  if (process.platform !== 'win32') return KNOWN[process.platform] ?? [];
  const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => process.env[name] ?? []);
  const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'];
  return roots.flatMap((root) => programs.map((program) => join(root, program)));
}

/** Folders that may hold a Chromium's own libraries, most wanted first. They need not exist. */
export function chromiumFolders(): readonly string[] {
  const named = BROWSER_VARIABLES.flatMap((name) => process.env[name] ?? []);
  const folders = [
    ...named.flatMap(folderOf),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    '/opt/chromium.org/chromium',
    ...knownBrowsers().flatMap(folderOf),
    ...puppeteerFolders(),
  ];
  return [...new Set(folders)];
}

function folderOf(executable: string): string[] {
  return existsSync(executable) ? [dirname(realpathSync(executable))] : [];
}

/** Puppeteer unpacks to <cache>/chrome/<platform>-<version>/chrome-<platform>/. */
function puppeteerFolders(): string[] {
  const cache = process.env['PUPPETEER_CACHE_DIR'] ?? join(homedir(), '.cache', 'puppeteer');
  return ['chrome', 'chromium'].flatMap((browser) => subfolders(join(cache, browser)).toReversed().flatMap(subfolders));
}

function subfolders(folder: string): string[] {
  try {
    return (
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(folder, entry.name))
        // By number: versions are part of the names, and the last is the newest.
        .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    );
  } catch {
    return []; // A folder that is absent or closed to us offers nothing.
  }
}
