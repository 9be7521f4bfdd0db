import { type Clock, kisBaseUrls } from '@kis/token-core';
import type { Dispatcher } from 'undici';
import { KisResponseError } from '../errors.ts';
import { createExchange } from '../exchange.ts';
import { createHttp } from '../http.ts';
import type { CallOptions } from '../request.ts';

/** Where KIS publishes its lists of symbols: no key, no token, and no part of the rate budget. */
export interface Files {
  /** Rejects with KisNetworkError without an answer, and with KisResponseError where there is no such file. */
  read(path: string, options?: CallOptions): Promise<Buffer>;
  /** Ends the connections that were made here. */
  close(): Promise<void>;
}

const kisFiles = 'https://new.real.download.dws.co.kr';

/** KIS's own host of files; a `baseUrl` that is not KIS's, such as that of a fake, has them itself. */
export function createFiles(options: {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly dispatcher?: Dispatcher | undefined;
  readonly clock: Clock;
  assertOpen(): void;
}): Files {
  const { baseUrl, assertOpen } = options;
  const isKis = Object.values(kisBaseUrls).some((url) => new URL(url).origin === new URL(baseUrl).origin);
  const { origin } = new URL(isKis ? kisFiles : baseUrl);
  const http = createHttp({ ...options, origin, connections: 1 });
  const exchange = createExchange({ ...options, http });
  return {
    async read(path, { signal } = {}) {
      assertOpen();
      const { status, bytes } = await exchange(path, new URL(path, origin), { method: 'GET', headers: {}, signal });
      if (status !== 200) throw new KisResponseError({ expected: 'a file', where: path, status });
      return bytes;
    },
    close: () => http.close(),
  };
}
