// What `npm install` cannot bring: a Vulkan driver for Dawn, a browser for the pages. Where nothing is found and the
// system's packages may be installed, they are, after an announcement; elsewhere the error says what to type.

import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { INSTALL_BROWSER } from './chromium.js';
import { describeSearch, searchDawn, type DawnSearch } from './dawn.js';
import { findChromium, type BrowserSearch } from './findChromium.js';
import { driverHazard } from './vulkan.js';

/** The machine as setting up sees it. Tests bring their own. */
export interface Host {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** ID and ID_LIKE of /etc/os-release, as words. */
  readonly distribution: readonly string[];
  readonly isRoot: boolean;
  hasProgram(name: string): boolean;
  /** Runs a program with its output on stderr; its exit code, or 127 if it cannot be started, 124 after `limitS`. */
  run(command: readonly string[], limitS: number): Promise<number>;
  say(line: string): void;
  searchDawn(): Promise<DawnSearch>;
  findChromium(): Promise<BrowserSearch>;
}

/** One way to bring what is missing. */
interface Remedy {
  /** What a person would type. */
  readonly command: string;
  /** Why it may not be run here; undefined if it may. */
  readonly refusal: string | undefined;
  readonly apply: () => Promise<number>;
}

/**
 * Makes sure that `openDawn` finds an adapter, and installs a software one if that is what it takes.
 *
 * On Linux without any adapter: the distribution's packages (as root or with passwordless sudo; NO_APT=1 forbids it),
 * then Puppeteer's download (PUPPETEER_SKIP_DOWNLOAD forbids it). Both are announced on stderr first.
 *
 * @returns the search that succeeded; its `gpu` is defined
 * @throws EngineError 'missing' or 'no-webgpu', as `openDawn`
 * @throws EngineError 'no-adapter' with everything tried and the command to type
 */
export async function ensureGpu(host: Host = thisMachine): Promise<DawnSearch> {
  let search = await host.searchDawn();
  const outcomes: string[] = [];
  const { vulkan } = search;
  const chosen = Object.keys(vulkan.chosen);
  // More files help where files are lacking, not against a driver that fails or a variable that names the wrong one.
  const lacking = vulkan.loader === undefined || vulkan.softwareDrivers.length === 0;
  if (search.gpu === undefined && host.platform === 'linux' && chosen.length === 0 && lacking) {
    for (const remedy of remedies(host, 'gpu')) {
      outcomes.push(await tryRemedy(host, remedy, 'no GPU adapter here, so a software one is needed'));
      search = await host.searchDawn();
      if (search.gpu !== undefined) break;
    }
  }
  if (search.gpu !== undefined) return search;
  const files = host.platform === 'linux' && lacking;
  const advised = files
    ? `Run ${advice(host, 'gpu')}`
    : 'Update the graphics driver; `weft doctor` tells what was tried';
  throw new EngineError('no-adapter', {
    place: 'ensureGpu',
    given: [describeSearch(search), ...outcomes].join('; '),
    wanted: 'a GPU that Dawn can use, or SwiftShader',
    wayOut: chosen.length > 0 ? `Unset ${chosen.join(', ')} to let Weft choose a driver` : (driverHazard ?? advised),
  });
}

/**
 * Makes sure that a browser is there, by the same means as `ensureGpu`.
 *
 * @returns the executable
 * @throws EngineError 'missing' with everything tried and the command to type
 */
export async function ensureChromium(host: Host = thisMachine): Promise<string> {
  let search = await host.findChromium();
  const outcomes: string[] = [];
  if (search.path === undefined) {
    for (const remedy of remedies(host, 'browser')) {
      outcomes.push(await tryRemedy(host, remedy, 'no Chromium here'));
      search = await host.findChromium();
      if (search.path !== undefined) break;
    }
  }
  if (search.path !== undefined) return search.path;
  const tried = search.tried.map(({ path }) => path).join(', ');
  throw new EngineError('missing', {
    place: 'ensureChromium',
    given: [`no browser (tried ${tried || 'no place known for this system'})`, ...outcomes].join('; '),
    wanted: 'Chromium or Chrome',
    wayOut: `Run ${advice(host, 'browser')}, or set CHROME_PATH`,
  });
}

/** The commands that would bring what is missing here, most wanted first, with the reason why Weft may not run one. */
export function remedies(host: Host, want: 'gpu' | 'browser'): Remedy[] {
  const ways: Remedy[] = [];
  // Ubuntu's package of Chromium is a stub that asks for a snap.
  const isUbuntu = host.distribution.includes('ubuntu');
  const packages = !isUbuntu ? ['chromium'] : want === 'gpu' ? ['libvulkan1', 'mesa-vulkan-drivers'] : [];
  if (host.platform === 'linux' && packages.length > 0 && (host.hasProgram('apt-get') || isDebian(host))) {
    const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
    const prefix = [...(host.isRoot ? [] : ['sudo', '-n']), 'env', 'DEBIAN_FRONTEND=noninteractive'];
    ways.push({
      command: `${host.isRoot ? '' : 'sudo '}${install.join(' ')}`,
      refusal: host.env['NO_APT']
        ? 'NO_APT is set'
        : !host.hasProgram('apt-get')
          ? 'no apt-get here'
          : !host.isRoot && !host.hasProgram('sudo')
            ? 'neither root nor sudo'
            : undefined,
      apply: async () => {
        if (!host.isRoot && (await host.run(['sudo', '-n', 'true'], 10)) !== 0) return 126;
        // A failed update is no end: the lists may be fresh enough.
        await host.run([...prefix, 'apt-get', 'update'], 300);
        return host.run([...prefix, ...install.slice(0, 1), '-o', 'DPkg::Lock::Timeout=120', ...install.slice(1)], 900);
      },
    });
  }
  ways.push({
    command: INSTALL_BROWSER,
    refusal: host.env['PUPPETEER_SKIP_DOWNLOAD'] ? 'PUPPETEER_SKIP_DOWNLOAD is set' : undefined,
    apply: () => host.run(['npx', '--no', 'puppeteer', 'browsers', 'install', 'chrome'], 300),
  });
  return ways;
}

/** Applies a remedy if it may be, and says in a few words what came of it. */
async function tryRemedy(host: Host, { command, refusal, apply }: Remedy, reason: string): Promise<string> {
  if (refusal !== undefined) return `\`${command}\` not run: ${refusal}`;
  host.say(`weft: ${reason}; running \`${command}\``);
  const code = await apply();
  return code === 126 ? `\`${command}\` not run: sudo wants a password` : `\`${command}\` ended with code ${code}`;
}

function advice(host: Host, want: 'gpu' | 'browser'): string {
  return remedies(host, want)
    .map(({ command }) => `\`${command}\``)
    .join(' or ');
}

const isDebian = (host: Host) => host.distribution.includes('debian');

/** The words that os-release uses for this system and those it descends from; none elsewhere than on Linux. */
export function distribution(): string[] {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return [...text.matchAll(/^(?:ID|ID_LIKE)=(.*)$/gm)].flatMap(([, value = '']) =>
      value.replaceAll('"', '').split(/\s+/),
    );
  } catch {
    return [];
  }
}

/** The machine that this runs on. */
export const thisMachine: Host = {
  platform: process.platform,
  env: process.env,
  distribution: distribution(),
  isRoot: process.getuid?.() === 0,
  hasProgram: (name) =>
    (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  run: ([program = '', ...rest], limitS) =>
    new Promise((done) => {
      // stdout belongs to the result of whoever calls us, so the output of installers goes to stderr.
      const child = spawn(program, rest, {
        stdio: ['ignore', 2, 2],
        shell: process.platform === 'win32',
        timeout: limitS * 1000,
      });
      child.once('error', () => done(127));
      child.once('exit', (code, signal) => done(code ?? (signal === null ? 1 : 124)));
    }),
  say: (line) => void process.stderr.write(`${line}\n`),
  searchDawn,
  findChromium,
};
