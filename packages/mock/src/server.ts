import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { integer, text } from './check.ts';
import { createFakeKis, type FakeKis, type FakeKisOptions } from './fake-kis.ts';
import { uapiRefusal } from './reply.ts';

export interface MockServerOptions extends FakeKisOptions {
  /** Default: 0, any free one. */
  readonly port?: number | undefined;
  /** Default: `'127.0.0.1'`. */
  readonly host?: string | undefined;
  /** Serves this one; the options of `createFakeKis` are then not used. */
  readonly fake?: FakeKis | undefined;
}

export interface MockServer {
  /** Without a slash at the end: the `baseUrl` of a client. */
  readonly url: string;
  readonly fake: FakeKis;
  /** Ends all connections, answered or not. */
  close(): Promise<void>;
}

/** More than a client leaves a connection idle, so that the server is not the one who closes it under a request. */
const KEEP_ALIVE_MS = 65_000;
const MAX_BODY_BYTES = 1_000_000;

/** Serves a fake KIS by HTTP. Throws as `createFakeKis` does; rejects when the port cannot be had. */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const port = integer('port', options.port ?? 0, 0, 65_535);
  const host = text('host', options.host ?? '127.0.0.1');
  const fake = options.fake ?? createFakeKis(options);
  const closing = new AbortController();
  // Every call that waits listens to it.
  setMaxListeners(0, closing.signal);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (message, reply) => {
    void serve(message, reply, fake, closing.signal);
  });
  // A client that was killed in the middle of a request leaves half of one.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end(badRequestMessage(), () => socket.destroy());
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    fake,
    close() {
      closing.abort(new Error('mock: the server is closing'));
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** One request. A fake that cuts the connection, a client that is gone and a closing server end it without an answer. */
async function serve(
  message: IncomingMessage,
  reply: ServerResponse,
  fake: FakeKis,
  closing: AbortSignal,
): Promise<void> {
  try {
    const request = await readRequest(message);
    if (!request) {
      const { headers, body } = badRequest();
      reply.writeHead(400, headers).end(body);
      return;
    }
    const response = await fake.handle(request, { socket: message.socket, signal: closing });
    reply.sendDate = !response.headers.has('date');
    reply.writeHead(response.status, Object.fromEntries(response.headers));
    const reader = response.body?.getReader();
    reply.once('close', () => void reader?.cancel());
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) reply.write(part.value);
    reply.end();
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    if (isGone || closing.aborted || reply.headersSent) message.socket.destroy();
    else reply.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
  }
}

/** What goes out with 400 for what is no request that KIS could know. */
function badRequest(): { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer } {
  const body = Buffer.from(uapiRefusal('EGW00101').body);
  return {
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length) },
    body,
  };
}

/** The same as it goes over the wire, where no request could be read that has a reply. */
function badRequestMessage(): string {
  const { headers, body } = badRequest();
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n${body}`;
}

/** Undefined for what WHATWG knows no request for (TRACE), and for a body that is too large. */
async function readRequest(message: IncomingMessage): Promise<Request | undefined> {
  const { method = 'GET' } = message;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES || method === 'TRACE') return undefined;
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(`http://localhost${pathOf(message.url ?? '/')}`, {
    method,
    headers,
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
  });
}

/** Path and query of a request line's target, which may be a whole URL or `*`, and may begin with two slashes. */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target;
  if (!URL.canParse(target)) return `/${target}`;
  const { pathname, search } = new URL(target);
  return `${pathname.startsWith('/') ? '' : '/'}${pathname}${search}`;
}
