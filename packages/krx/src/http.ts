import { type Dispatcher, Pool, request } from 'undici';
import { withDeadline } from './deadline.ts';
import { KrxError } from './errors.ts';
import type { Clock } from './ports.ts';

/** One question to KRX. */
export interface Http {
  /** The body of an answer with status 200. Rejects with KrxError. */
  get(service: string, date: string): Promise<string>;
  /** Ends the connections that were made here, when the exchanges on them have ended. */
  close(): Promise<void>;
}

const connections = 4;
/** A day of KOSDAQ has some 520 kB. */
const longestBodyBytes = 16 * 1024 * 1024;

export function createHttp(options: {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly dispatcher: Dispatcher | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): Http {
  const { apiKey, baseUrl, timeoutMs, clock } = options;
  const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: timeoutMs } };
  const dispatcher = options.dispatcher ?? new Pool(new URL(baseUrl).origin, { connections, ...limits });

  async function exchange(url: string, signal: AbortSignal): Promise<{ status: number; body: string }> {
    const { statusCode, body } = await request(url, { dispatcher, headers: { AUTH_KEY: apiKey }, signal });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > longestBodyBytes) {
        throw new KrxError('response', `KRX's answer: expected at most ${longestBodyBytes} bytes`, {
          status: statusCode,
        });
      }
      chunks.push(chunk);
    }
    return { status: statusCode, body: Buffer.concat(chunks).toString('utf8') };
  }

  return {
    async get(service, date) {
      const url = `${baseUrl}/${service}?basDd=${date}`;
      const { status, body } = await withDeadline(clock, timeoutMs, (signal) => exchange(url, signal)).catch(
        (cause) => {
          throw cause instanceof KrxError
            ? cause
            : new KrxError('network', `KRX did not answer ${service}: ${describe(cause)}`, { cause });
        },
      );
      if (status === 401) {
        const message = `KRX refused ${service} (HTTP 401): the key is wrong, or has not applied for this service`;
        throw new KrxError('unauthorized', message, { status });
      }
      if (status !== 200) throw new KrxError('refused', `KRX refused ${service}: HTTP ${status}`, { status });
      return body;
    },
    async close() {
      if (options.dispatcher === undefined) await dispatcher.close();
    },
  };
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
