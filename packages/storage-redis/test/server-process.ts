import { createTokenManager } from '@kis/token-core';
import { createRedisStorage } from '../src/index.ts';

/** Asks for the token as often as its parent says, all at one moment with the others. */
const { url, baseUrl, appKey, appSecret } = JSON.parse(process.argv[2] ?? '') as Record<string, string>;
const [now, clockOffMs] = [Date.now, Number(process.argv[3])];
Date.now = () => now() + clockOffMs;
const storage = createRedisStorage({ url });
const manager = createTokenManager({
  appKey: appKey ?? '',
  appSecret: appSecret ?? '',
  environment: 'real',
  baseUrl,
  storage,
});
// 100 s is beyond every test: what hangs is not left behind.
setTimeout(() => process.exit(99), 100_000).unref();

process.on('message', async ({ atMs }: { atMs: number }) => {
  while (performance.timeOrigin + performance.now() < atMs);
  process.send?.(await manager.getToken().then(({ value }) => value, String));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
