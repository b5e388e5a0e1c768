import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import type { DawnSearch } from '../../src/node/dawn.js';
import { ensureChromium, ensureGpu, type Host } from '../../src/node/setup.js';

const vulkan = { loader: undefined, loadersTried: [], systemDrivers: [], softwareDrivers: [], chosen: {} };
const nothing: DawnSearch = { gpu: undefined, software: false, attempts: [], vulkan };
const found: DawnSearch = { ...nothing, gpu: {} as GPU };

/** A machine that lacks everything until a command whose words include `cure` ends with code 0. */
function machine(cure: string, changes: Partial<Host> = {}) {
  const log: string[] = [];
  let cured = cure === '';
  const host: Host = {
    platform: 'linux',
    env: {},
    distribution: ['debian'],
    isRoot: true,
    hasProgram: () => true,
    run: (command) => {
      log.push(command.join(' '));
      cured ||= command.includes(cure);
      return Promise.resolve(cure === 'none' ? 100 : 0);
    },
    say: (line) => void log.push(`say ${line}`),
    searchDawn: () => Promise.resolve(cured ? found : nothing),
    findChromium: () =>
      Promise.resolve({ path: cured ? '/c' : undefined, tried: [{ path: '/c', from: 'x', found: cured }] }),
    ...changes,
  };
  return { host, log };
}

const failure = async (work: Promise<unknown>): Promise<EngineError> => {
  const error: unknown = await work.then(
    () => 'succeeded',
    (cause: unknown) => cause,
  );
  if (error instanceof EngineError) return error;
  throw new Error(String(error));
};

describe('ensureGpu', () => {
  it('runs and says nothing where an adapter is there', async () => {
    const { host, log } = machine('');
    expect(await ensureGpu(host)).toBe(found);
    expect(log).toEqual([]);
  });

  it('says so first, then installs Debian’s Chromium, which has loader and driver, and looks again', async () => {
    const { host, log } = machine('chromium');
    expect((await ensureGpu(host)).gpu).toBeDefined();
    expect(log).toEqual([
      'say weft: no GPU adapter here, so a software one is needed; running `apt-get install -y --no-install-recommends chromium`',
      'env DEBIAN_FRONTEND=noninteractive apt-get update',
      'env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends chromium',
    ]);
  });

  it('installs Mesa’s driver on Ubuntu, whose Chromium is no package', async () => {
    const { host, log } = machine('mesa-vulkan-drivers', { distribution: ['ubuntu', 'debian'] });
    await ensureGpu(host);
    expect(log.at(-1)).toMatch(/apt-get .*install .* libvulkan1 mesa-vulkan-drivers$/);
  });

  it('asks sudo without a password where it is not root, and for nothing more where that is refused', async () => {
    const allowed = machine('chromium', { isRoot: false });
    await ensureGpu(allowed.host);
    expect(allowed.log[1]).toBe('sudo -n true');
    expect(allowed.log.at(-1)).toMatch(/^sudo -n env DEBIAN_FRONTEND=noninteractive apt-get .*install/);
    const refused = machine('none', { isRoot: false });
    const { message } = await failure(ensureGpu(refused.host));
    expect(message).toMatch(/`sudo apt-get install .* chromium` not run: sudo wants a password/);
    expect(refused.log.filter((line) => line.includes('apt-get') && !line.startsWith('say'))).toEqual([]);
  });

  it('falls back on Puppeteer’s download', async () => {
    const { host, log } = machine('puppeteer');
    await ensureGpu(host);
    expect(log.at(-1)).toBe('npx --no puppeteer browsers install chrome');
  });

  it('runs nothing that a variable forbids, and says which', async () => {
    const { host, log } = machine('chromium', { env: { NO_APT: '1', PUPPETEER_SKIP_DOWNLOAD: '1' } });
    const { code, message } = await failure(ensureGpu(host));
    expect(code).toBe('no-adapter');
    expect(message).toMatch(/not run: NO_APT is set; .*not run: PUPPETEER_SKIP_DOWNLOAD is set/);
    expect(message).toMatch(/Run `apt-get install -y --no-install-recommends chromium` or `npx puppeteer browsers/);
    expect(log).toEqual([]);
  });

  it('tells what it ran and with what code it ended where nothing helps', async () => {
    const { host } = machine('none');
    const { message } = await failure(ensureGpu(host));
    expect(message).toMatch(
      /chromium` ended with code 100; `npx puppeteer browsers install chrome` ended with code 100/,
    );
  });

  it('installs nothing where more files cannot help: another system, a chosen driver, a driver that fails', async () => {
    const full = { ...vulkan, loader: '/l', softwareDrivers: ['/d'] };
    const chosen = { ...vulkan, chosen: { VK_ICD_FILENAMES: '/mine.json' } };
    for (const [changes, advice] of [
      [{ platform: 'darwin' as const }, /Update the graphics driver/],
      [{ searchDawn: () => Promise.resolve({ ...nothing, vulkan: full }) }, /Update the graphics driver/],
      [{ searchDawn: () => Promise.resolve({ ...nothing, vulkan: chosen }) }, /Unset VK_ICD_FILENAMES/],
    ] as const) {
      const { host, log } = machine('chromium', changes);
      expect((await failure(ensureGpu(host))).message).toMatch(advice);
      expect(log).toEqual([]);
    }
  });
});

describe('ensureChromium', () => {
  it('gives the browser that is there, else installs one, else says what to type', async () => {
    expect(await ensureChromium(machine('').host)).toBe('/c');
    const { host, log } = machine('chromium');
    expect(await ensureChromium(host)).toBe('/c');
    expect(log[0]).toMatch(/^say weft: no Chromium here; running `apt-get install/);
    const { code, message } = await failure(ensureChromium(machine('none', { platform: 'darwin' }).host));
    expect(code).toBe('missing');
    expect(message).toMatch(/tried \/c.*Run `npx puppeteer browsers install chrome`, or set CHROME_PATH/);
  });

  it('asks Ubuntu for no package', async () => {
    const { host, log } = machine('puppeteer', { distribution: ['ubuntu', 'debian'] });
    await ensureChromium(host);
    expect(log.filter((line) => line.includes('apt-get'))).toEqual([]);
  });
});
