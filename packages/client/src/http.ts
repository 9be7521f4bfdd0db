import { type Dispatcher, Pool, request } from 'undici';
import { KisResponseError } from './errors.ts';

/** One HTTP exchange over undici. Rejects with undici's own errors. */
export interface Http {
  exchange(url: URL | string, init: HttpInit): Promise<HttpReply>;
  /** Whether an exchange may begin. An error cannot tell: undici gives the same one to those that a `destroy()` breaks off. */
  readonly isOpen: boolean;
  /** Ends the connections that were made here, when the exchanges on them have ended. */
  close(): Promise<void>;
}

export interface HttpInit {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** Name in lower case. */
  header(name: string): string | undefined;
  readonly bytes: Buffer;
  /** These as UTF-8. */
  readonly text: string;
}

/** The largest answers of KIS, charts of 100 rows, have some 40 kB; a packed file of all symbols has some 500 kB. */
const longestBodyBytes = 8 * 1024 * 1024;

/** Over its own pool of `connections` to `origin`, or over a `dispatcher` that was given. */
export function createHttp(options: {
  readonly origin: string;
  readonly connections: number;
  readonly timeoutMs: number;
  readonly dispatcher?: Dispatcher | undefined;
}): Http {
  const { origin, connections, timeoutMs } = options;
  const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: timeoutMs } };
  const dispatcher: Dispatcher & { readonly closed?: boolean; readonly destroyed?: boolean } =
    options.dispatcher ?? new Pool(origin, { connections, ...limits });
  return {
    get isOpen() {
      return !dispatcher.closed && !dispatcher.destroyed;
    },
    async exchange(url, { method, headers, body, signal }) {
      const reply = await request(url, { dispatcher, method, headers, body: body ?? null, signal });
      const bytes = await readBytes(reply);
      return {
        status: reply.statusCode,
        header: (name) => [reply.headers[name]].flat()[0],
        bytes,
        get text() {
          return bytes.toString('utf8');
        },
      };
    },
    async close() {
      if (options.dispatcher === undefined) await dispatcher.close();
    },
  };
}

async function readBytes({ statusCode, body }: Dispatcher.ResponseData): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestBodyBytes) {
      throw new KisResponseError({
        expected: `at most ${longestBodyBytes} bytes`,
        where: 'the body',
        status: statusCode,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
