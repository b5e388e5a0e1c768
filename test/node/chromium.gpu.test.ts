import type { Browser } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { chromiumFlags, launchChromium, pageAdapter } from '../../src/node/chromium.js';
import { adapterFacts, probe } from '../../src/node/probe.js';
import { openDawn } from '../../src/node/dawn.js';
import { ensureChromium } from '../../src/node/setup.js';

describe('launchChromium', () => {
  it('opens a browser whose pages get an adapter and reach no other machine, and ends it with its signal', async () => {
    await ensureChromium();
    const stop = new AbortController();
    const { browser, close } = await launchChromium<Browser>({ signal: stop.signal });
    expect(await pageAdapter(browser)).toMatchObject({ vendor: expect.any(String) });
    const page = await browser.newPage();
    await expect(page.goto('http://weft.example/')).rejects.toThrow(/ERR_NAME_NOT_RESOLVED/);
    const gone = new Promise((done) => {
      browser.once('disconnected', done);
    });
    stop.abort();
    await gone;
    await close();
    await expect(launchChromium({ signal: stop.signal })).rejects.toThrow(/abort/i);
  });

  it('forces SwiftShader exactly where software is asked for', () => {
    expect(chromiumFlags(true, true)).toContain('--use-webgpu-adapter=swiftshader');
    expect(chromiumFlags(false, true)).not.toContain('--use-webgpu-adapter=swiftshader');
  });
});

describe('probe', () => {
  it('tells of the adapter that openDawn opens, as data that JSON keeps', async () => {
    const { dawn, browser, packages, next } = await probe();
    const adapter = (await (await openDawn()).requestAdapter({ powerPreference: 'high-performance' }))!;
    expect(JSON.parse(JSON.stringify(dawn.adapter))).toEqual(adapterFacts(adapter));
    expect(dawn.adapter!.limits['maxStorageBufferBindingSize']).toBeGreaterThanOrEqual(2 ** 27);
    expect(packages.webgpu).toMatch(/^\d+\.\d+\.\d+/);
    expect(browser.path).toBeDefined();
    expect(next).toEqual([]);
  });
});
