// What a visit loads: everything from the page's own folder, and not much of it.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { built, phase, serveDeep, useBrowser, visit } from './visit.js';

useBrowser();

const KB = 1000;
const zipped = (path: string): number => gzipSync(readFileSync(path)).length;

describe('the built page', () => {
  it('opens within 250 KB, gzipped, from any folder of any site: page, styles, Worker, engine, one language', async () => {
    const loaded = new Set<string>();
    const site = await serveDeep();
    const { page, troubles } = await visit(site, async (empty) => {
      empty.on('response', (response) => {
        expect([response.url(), response.status()]).toEqual([response.url(), 200]);
        loaded.add(new URL(response.url()).pathname.replace(/.*some\/where\//, '') || 'index.html');
      });
      // Scripts of the Worker itself are asked for by the Worker.
      empty.on('workercreated', (worker) => loaded.add(`assets/${basename(worker.url())}`));
    });
    await phase(page, 'ready');
    const names = [...loaded];
    expect(names.filter((name) => /worker-/.test(name)).length).toBeGreaterThan(0);
    expect(names.some((name) => /\ben-/.test(name))).toBe(true);
    expect(names.filter((name) => /\bzh-|safetensors/.test(name))).toEqual([]);
    const bytes = names.reduce((sum, name) => sum + zipped(join(built, name)), 0);
    expect(bytes).toBeLessThan(250 * KB);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('has everything else in pieces of at most 100 KB, gzipped', () => {
    const assets = join(built, 'assets');
    // The engine: the Worker that opens the page, and the page of the bench.
    const others = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name) && !/^(worker|bench)-/.test(name));
    expect(others.length).toBeGreaterThan(4);
    expect(others.filter((name) => zipped(join(assets, name)) > 100 * KB)).toEqual([]);
  });
});
