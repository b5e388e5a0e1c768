// A static file server on the loopback interface: what a page needs to be a secure context, and nothing more.

import { open, realpath, type FileHandle } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { extname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineError } from '../core/errors.js';

const MIME: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.wgsl': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

export interface ServeOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Sent with every answer, over the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Closes the server when it aborts. */
  readonly signal?: AbortSignal;
}

export interface Server {
  /** `http://127.0.0.1:<port>/`. */
  readonly url: string;
  readonly port: number;
  /** Ends at once, with the connections that are open. May be called again. */
  close(): Promise<void>;
}

/**
 * Serves the files of a folder, and `index.html` for a folder's own address, on 127.0.0.1. No path and no symbolic link
 * leads out of the folder; a page of another origin reaches nothing by naming its own host.
 *
 * @throws EngineError 'file' if the folder cannot be opened
 * @throws EngineError 'usage' if the port is taken or not allowed
 */
export async function serveFolder(folder: string, options: ServeOptions = {}): Promise<Server> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new EngineError('file', {
      place: 'serveFolder',
      given: `no folder ${folder}`,
      wanted: 'a folder to serve',
      cause,
    });
  });
  return serve((request, response) => void answer(root, request, response), options);
}

/** A server on 127.0.0.1 with the given answers. Errors as `serveFolder`. */
export async function serve(listener: RequestListener, options: ServeOptions = {}): Promise<Server> {
  const { port = 0, headers = {}, signal } = options;
  signal?.throwIfAborted();
  const server = createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // Without this a foreign page could rebind its own name to 127.0.0.1 and read what is served here.
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (!['127.0.0.1', 'localhost'].includes(host)) refuse(response, 403);
    else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405);
    else listener(request, response);
  });
  await new Promise<void>((done, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      failed(
        new EngineError('usage', {
          place: 'serve',
          given: `port ${port} cannot be opened (${cause.code ?? cause.message})`,
          wanted: 'a free port on 127.0.0.1',
          wayOut: 'Use port 0 for any free one',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', done);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  const close = () =>
    new Promise<void>((done) => {
      signal?.removeEventListener('abort', onAbort);
      server.close(() => done());
      server.closeAllConnections();
    });
  const onAbort = () => void close();
  signal?.addEventListener('abort', onAbort, { once: true });
  return { url: `http://127.0.0.1:${actual}/`, port: actual, close };
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let file: { handle: FileHandle; path: string; bytes: number } | undefined;
  try {
    file = await openInside(root, request.url ?? '/');
    if (file === undefined) {
      refuse(response, 404);
      return;
    }
    response.setHeader('Content-Type', MIME[extname(file.path).toLowerCase()] ?? 'application/octet-stream');
    response.setHeader('Content-Length', file.bytes);
    if (request.method === 'HEAD') response.end();
    else await pipeline(file.handle.createReadStream({ autoClose: false, end: Math.max(0, file.bytes - 1) }), response);
  } catch {
    // The client left, or the file changed under our hands: the connection ends, so no half file passes for a whole one.
    response.destroy();
  } finally {
    await file?.handle.close();
  }
}

/** The file that a request names, opened; undefined if there is none inside the root. */
async function openInside(
  root: string,
  url: string,
): Promise<{ handle: FileHandle; path: string; bytes: number } | undefined> {
  const relative = decode(url.replace(/[?#].*$/s, ''));
  if (relative === undefined || /[\0\\]/.test(relative)) return undefined;
  for (const candidate of [relative, `${relative}/index.html`]) {
    let handle: FileHandle | undefined;
    try {
      // The real path is what counts: `..` and symbolic links are both resolved before it is compared.
      const path = await realpath(resolve(root, `.${sep}${candidate}`));
      if (!path.startsWith(root.endsWith(sep) ? root : root + sep) && path !== root) continue;
      handle = await open(path);
      const stat = await handle.stat();
      if (stat.isFile()) return { handle, path, bytes: stat.size };
      await handle.close();
    } catch {
      await handle?.close();
    }
  }
  return undefined;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: 403 | 404 | 405): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(`${status}\n`);
}
