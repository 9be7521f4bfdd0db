import { createHash } from 'node:crypto';
import { createTokenManager } from '@kis/token-core';
import { createLmdbStorage } from '../src/lmdb-storage.ts';
import { record } from './records.ts';

/** What a process can be asked to do. */
export type Method = 'read' | 'compareAndSet' | 'delete' | 'close' | 'getToken' | 'writeOn';

// Whatever a test does or forgets, no process of it outlives it by much.
setTimeout(() => process.exit(9), 120_000).unref();

const storage = createLmdbStorage({ path: process.argv[2] ?? '' });

const methods = {
  read: storage.read,
  compareAndSet: storage.compareAndSet,
  delete: storage.delete,
  close: async () => storage.close?.(),

  /** From `startMs` on, at one moment with the others; gives the token's hash. */
  async getToken(account: { appKey: string; appSecret: string; baseUrl: string }, startMs: number) {
    const tokens = createTokenManager({ ...account, environment: 'real', storage });
    while (Date.now() < startMs);
    const { value } = await tokens.getToken();
    await tokens.close();
    return createHash('sha256').update(value).digest('hex');
  },

  /** Writes one record after another until it is killed, and tells of each that is stored. */
  async writeOn(key: string) {
    const found = await storage.read(key);
    let version = found?.version;
    for (let number = (found?.record.token?.issuedAtMs ?? 0) + 1; ; number += 1) {
      version = await storage.compareAndSet(key, version, record(number));
      process.send?.({ wrote: number });
    }
  },
} satisfies Record<Method, (...args: never[]) => Promise<unknown>>;

process.on('message', async ({ id, method, args }: { id: number; method: Method; args: never[] }) => {
  const run = methods[method] as (...args: never[]) => Promise<unknown>;
  process.send?.(
    await run(...args).then(
      (result) => ({ id, result }),
      (error: unknown) => ({ id, error }),
    ),
  );
});
process.send?.('ready');
