import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKisIssuer, createTokenManager, type Token } from '@kis/token-core';
import { openStorage, type StoragePlace } from './actor-storage.ts';
import { createPoints, createReach, type Point, type Reach } from './points.ts';

/** What one process is to do; it comes as JSON in its first argument. */
export interface ActorOptions extends StoragePlace {
  readonly baseUrl: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly minIssueIntervalMs?: number;
  readonly leaseMs?: number;
  readonly stopAt?: Point;
  /** The name of the host that it takes itself to be on. */
  readonly server?: string;
  /** Asks again for as long as the storage cannot be reached. */
  readonly isPatient?: boolean;
  /** How far the host's wall clock is off from the start. */
  readonly wallOffsetMs?: number;
  /** It jumps by so much more where this point is first reached. */
  readonly wallJump?: { readonly at: Point; readonly byMs: number };
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
const wallNow = Date.now;
let wallOffsetMs = options.wallOffsetMs ?? 0;
let { wallJump } = options;
Date.now = () => wallNow() + wallOffsetMs;

const { server } = options;
if (server !== undefined) {
  os.hostname = () => server;
  syncBuiltinESMExports();
}

const stop = createReach(options.stopAt);
const reach: Reach = (point) => {
  if (point === wallJump?.at) {
    wallOffsetMs += wallJump.byMs;
    wallJump = undefined;
  }
  stop(point);
};
const points = createPoints();

const storage = openStorage(options);
const account = {
  appKey: options.appKey,
  appSecret: options.appSecret,
  environment: 'real',
  baseUrl: options.baseUrl,
} as const;
const tokens = createTokenManager({
  ...account,
  storage: points.inStorage(storage, reach),
  issuer: points.inIssuer(createKisIssuer(account), reach),
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

async function getToken(): Promise<Token> {
  for (;;) {
    try {
      return await tokens.getToken();
    } catch (error) {
      if (!options.isPatient || (error as { code?: unknown }).code !== 'ERR_TOKEN_STORAGE') throw error;
      await sleep(50);
    }
  }
}

try {
  const token = await getToken();
  const hash = createHash('sha256').update(token.value).digest('hex');
  say({ type: 'token', hash, expiresAtMs: token.expiresAtMs, atMs: wallNow() });
} catch (error) {
  const { code, message } = error as Error & { code: string };
  say({ type: 'error', code, message });
  process.exitCode = 1;
}
await tokens.close();
await storage.close?.();
