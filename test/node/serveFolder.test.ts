import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineError } from '../../src/core/errors.js';
import { serveFolder, type Server } from '../../src/node/serveFolder.js';
import { temporaryFolder } from './temporaryFolder.js';

const path = temporaryFolder();
let server: Server;

beforeAll(async () => {
  await mkdir(path('site', 'sub folder'), { recursive: true });
  await writeFile(path('secret.txt'), 'secret');
  await writeFile(path('site-secret.txt'), 'secret');
  await writeFile(path('site', 'index.html'), '<!doctype html>home');
  await writeFile(path('site', 'app.js'), 'export {}');
  await writeFile(path('site', 'kernel.wgsl'), 'fn f() {}');
  await writeFile(path('site', 'data.bin'), new Uint8Array(300_000).fill(5));
  await writeFile(path('site', 'empty.json'), '');
  await writeFile(path('site', 'sub folder', 'index.html'), 'sub');
  await writeFile(path('site', 'ümlaut?.txt'), 'name');
  await symlink(path('secret.txt'), path('site', 'link.txt'));
  await symlink(path('site', 'app.js'), path('site', 'inner.js'));
  server = await serveFolder(path('site'), { headers: { 'X-Own': 'yes' } });
});
afterAll(() => server.close());

/** Sends a request as it stands: fetch would tidy the path and the Host first. */
async function raw(target: string, { host = '127.0.0.1', method = 'GET' } = {}): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(`${method} ${target} HTTP/1.1\r\nHost: ${host}:${server.port}\r\nConnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}
const status = async (target: string, options = {}) => Number((await raw(target, options)).slice(9, 12));

describe('serveFolder', () => {
  it('serves files whole, with their types', async () => {
    for (const [name, type, body] of [
      ['', 'text/html; charset=utf-8', '<!doctype html>home'],
      ['app.js?v=1#x', 'text/javascript; charset=utf-8', 'export {}'],
      ['inner.js', 'text/javascript; charset=utf-8', 'export {}'],
      ['kernel.wgsl', 'text/plain; charset=utf-8', 'fn f() {}'],
      ['empty.json', 'application/json; charset=utf-8', ''],
      ['sub%20folder/', 'text/html; charset=utf-8', 'sub'],
      ['%C3%BCmlaut%3F.txt', 'text/plain; charset=utf-8', 'name'],
    ] as const) {
      const answer = await fetch(server.url + name);
      expect([name, answer.status, answer.headers.get('content-type')]).toEqual([name, 200, type]);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('x-own')).toBe('yes');
      expect(await answer.text()).toBe(body);
    }
    const bytes = new Uint8Array(await (await fetch(`${server.url}data.bin`)).arrayBuffer());
    expect([bytes.length, bytes[299_999]]).toEqual([300_000, 5]);
  });

  it('answers HEAD without a body', async () => {
    const answer = await fetch(`${server.url}data.bin`, { method: 'HEAD' });
    expect([answer.headers.get('content-length'), await answer.text()]).toEqual(['300000', '']);
  });

  it('gives nothing from outside the folder', async () => {
    const targets = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/sub%20folder/../../secret.txt',
      '/..%5csecret.txt',
      '/../site-secret.txt',
      '//etc/passwd',
      '/%2fetc/passwd',
      '/link.txt',
      '/app.js%00.html',
      '/%',
      '/nothing',
      'http://other/secret.txt',
    ];
    for (const target of targets) expect([target, await status(target)]).toEqual([target, 404]);
    expect(await status('/app.js')).toBe(200);
  });

  it('answers its own host alone, and reads alone', async () => {
    expect(await status('/app.js', { host: 'localhost' })).toBe(200);
    expect(await status('/app.js', { host: 'evil.example' })).toBe(403);
    expect(await status('/app.js', { method: 'POST' })).toBe(405);
    expect(await status('/app.js', { method: 'DELETE' })).toBe(405);
  });

  it('closes at once with connections open, twice, and when its signal aborts', async () => {
    const stop = new AbortController();
    const other = await serveFolder(path('site'), { signal: stop.signal });
    const socket = connect(other.port, '127.0.0.1');
    const ended = new Promise((done) => {
      socket.on('close', done).on('error', () => undefined);
    });
    await new Promise((done) => {
      socket.on('connect', done);
    });
    stop.abort();
    await ended;
    await other.close();
    await expect(fetch(other.url)).rejects.toThrow(/fetch failed/);
    await expect(serveFolder(path('site'), { signal: stop.signal })).rejects.toThrow(/abort/i);
  });

  it('says what is wrong with a folder or a port', async () => {
    const failure = (work: Promise<unknown>) => work.catch((error: unknown) => (error as EngineError).code);
    expect(await failure(serveFolder(path('absent')))).toBe('file');
    expect(await failure(serveFolder(path('site'), { port: server.port }))).toBe('usage');
  });
});
