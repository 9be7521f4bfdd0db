import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createFileStorage } from '@kis/storage-file';
import { createKisIssuer, createTokenManager, type TokenIssuer, tokenKey } from '@kis/token-core';

/** What a process is in the middle of: KIS is asked, a version is written, a caller waits for the interval, or nothing. */
export type ExitPoint = 'asking' | 'before-temp-file' | 'before-claim-write' | 'waiting' | 'idle';

export interface ExitingOptions {
  readonly baseUrl: string;
  readonly directory: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly intervalMs: number;
  readonly leaseMs: number;
  readonly at: ExitPoint;
  /** What it does to itself there; absent: it goes on, or waits for a signal. */
  readonly by?: 'exit' | 'throw' | undefined;
  /** Whether it closes what it opened when a signal comes, as a well-behaved service does. */
  readonly closes: boolean;
  /** Whether it has other work, which does not end by itself. */
  readonly isServer: boolean;
}

export type ExitingLine =
  /** `listeners`: to SIGTERM. */
  | { readonly type: 'reached'; readonly listeners: number }
  | { readonly type: 'token' }
  | { readonly type: 'error'; readonly code: string }
  | { readonly type: 'closed' };

const options = JSON.parse(process.argv[2] ?? '') as ExitingOptions;
// Whatever a test does or forgets, no process of it outlives it by much.
setTimeout(() => process.exit(9), 30_000).unref();

const say = (line: ExitingLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);

let goOn = (): void => {};
const released = new Promise<void>((resolve) => {
  goOn = resolve;
});

function reach(point: ExitPoint): void {
  if (point !== options.at) return;
  say({ type: 'reached', listeners: process.listenerCount('SIGTERM') });
  // By then what was about to begin is under way.
  if (options.by === 'exit') setTimeout(() => process.exit(7), 50);
  if (options.by === 'throw') {
    setTimeout(() => {
      throw new Error('planted');
    }, 50);
  }
}

async function hold(point: ExitPoint): Promise<void> {
  reach(point);
  if (point !== options.at) return;
  // A call of the file system that is under way keeps the process, too.
  const call = setInterval(() => {}, 1_000);
  await released;
  clearInterval(call);
}

const { open, link } = fs;
fs.open = async (path, ...rest) => {
  if (String(path).endsWith('.tmp')) await hold('before-temp-file');
  return open(path, ...rest);
};
fs.link = async (...args) => {
  await hold('before-claim-write');
  return link(...args);
};

const account = {
  appKey: options.appKey,
  appSecret: options.appSecret,
  environment: 'real',
  baseUrl: options.baseUrl,
} as const;
const kis = createKisIssuer(account);
const issuer: TokenIssuer = {
  ...kis,
  issue(request) {
    reach('asking');
    return kis.issue(request);
  },
};
const storage = createFileStorage({ directory: options.directory });
const tokens = createTokenManager({
  ...account,
  storage,
  issuer,
  minIssueIntervalMs: options.intervalMs,
  leaseMs: options.leaseMs,
  onEvent: ({ type }) => type === 'waiting' && reach('waiting'),
});

if (options.isServer) setInterval(() => {}, 1_000);
if (options.closes) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      setTimeout(goOn, 100);
      await tokens.close();
      await storage.close?.();
      say({ type: 'closed' });
      // Nothing else: whatever is left of it would keep the process.
      process.exitCode = 143;
    });
  }
}

try {
  await tokens.getToken();
  say({ type: 'token' });
} catch (error) {
  say({ type: 'error', code: (error as Error & { code: string }).code });
}
if (options.at === 'idle') {
  tokens.start();
  storage.watch?.(tokenKey(account), () => {});
  // After its first fetch Node is busy with itself: it compiles its HTTP parser, and waits for that at the end.
  await new Promise((resolve) => setTimeout(resolve, 500));
  reach('idle');
}
