import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createFileStorage } from '@kis/storage-file';
import { createKisIssuer, createTokenManager } from '@kis/token-core';
import { createReach, type Point, stopAfterAnswer, stopAfterClaim, stopAtLinks } from './points.ts';

/** What one process is to do; it comes as JSON in its first argument. */
export interface ActorOptions {
  readonly baseUrl: string;
  readonly directory: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly minIssueIntervalMs?: number;
  readonly leaseMs?: number;
  readonly stopAt?: Point;
}

/** What it tells, a line of JSON each. Tokens are told by their hash. */
export type ActorLine =
  | { readonly type: 'ready' }
  | { readonly type: 'reached'; readonly point: Point; readonly atMs: number }
  | { readonly type: 'event'; readonly name: string }
  | { readonly type: 'token'; readonly hash: string; readonly expiresAtMs: number; readonly atMs: number }
  | { readonly type: 'error'; readonly code: string; readonly message: string };

const options = JSON.parse(process.argv[2] ?? '') as ActorOptions;
// Whatever a test does or forgets, no process of it outlives it by much.
setTimeout(() => process.exit(9), 60_000).unref();

const say = (line: ActorLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const reach = createReach(options.stopAt);
stopAtLinks(reach);

const storage = createFileStorage({ directory: options.directory });
const account = {
  appKey: options.appKey,
  appSecret: options.appSecret,
  environment: 'real',
  baseUrl: options.baseUrl,
} as const;
const tokens = createTokenManager({
  ...account,
  storage: stopAfterClaim(storage, reach),
  issuer: stopAfterAnswer(createKisIssuer(account), reach),
  minIssueIntervalMs: options.minIssueIntervalMs,
  leaseMs: options.leaseMs,
  onEvent: ({ type }) => say({ type: 'event', name: type }),
});

say({ type: 'ready' });
const input = createInterface({ input: process.stdin });
const { value: startMs } = await input[Symbol.asyncIterator]().next();
input.close();
// All at one instant: a timer would spread them.
while (performance.timeOrigin + performance.now() < Number(startMs));

try {
  const token = await tokens.getToken();
  const hash = createHash('sha256').update(token.value).digest('hex');
  say({ type: 'token', hash, expiresAtMs: token.expiresAtMs, atMs: Date.now() });
} catch (error) {
  const { code, message } = error as Error & { code: string };
  say({ type: 'error', code, message });
  process.exitCode = 1;
}
await tokens.close();
await storage.close?.();
