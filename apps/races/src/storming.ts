import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFileStorage } from '@kis/storage-file';
import { createKisIssuer, createTokenManager, type Token, type TokenManager } from '@kis/token-core';
import { createPoints, type Point, type Reach } from './points.ts';
import type { Act } from './storm-plan.ts';

/** What one process of the storm is given; it comes as JSON in its first argument. */
export interface StormingOptions {
  readonly directory: string;
  readonly appSecret: string;
  readonly minIssueIntervalMs: number;
  readonly leaseMs: number;
}

/** A line of JSON each. */
export type StormCommand =
  | {
      readonly type: 'play';
      readonly round: number;
      readonly appKey: string;
      readonly baseUrl: string;
      readonly acts: readonly Act[];
      readonly stopAt?: Point | undefined;
    }
  /** The last look at the round's token; nothing of the round is left afterwards. */
  | { readonly type: 'finish'; readonly round: number }
  /** How far the wall clock is off from now on. */
  | { readonly type: 'clock'; readonly offsetMs: number };

/** Tokens are told by their hash. */
export type StormLine =
  | { readonly type: 'ready' }
  | { readonly type: 'reached'; readonly point: Point; readonly round: number }
  | {
      readonly type: 'token';
      readonly round: number;
      readonly what: Act['what'] | 'finish';
      readonly hash: string;
      readonly expiresAtMs: number;
      /** To its end, when it was given out, by a clock that nobody has changed. */
      readonly leftMs: number;
      readonly waitMs: number;
    }
  /** Said beforehand: whoever is killed tells nothing afterwards. `refused`: the token that KIS is said to have refused. */
  | { readonly type: 'forces'; readonly round: number; readonly refused?: string | undefined }
  | { readonly type: 'played' | 'finished'; readonly round: number }
  | { readonly type: 'trouble'; readonly round?: number | undefined; readonly text: string };

const options = JSON.parse(process.argv[2] ?? '') as StormingOptions;
// A storm that was interrupted leaves nobody behind: its end closes our input.
setTimeout(() => process.exit(9), 3_600_000).unref();

const ownNow = Date.now;
let offsetMs = 0;
Date.now = () => ownNow() + offsetMs;

const say = (line: StormLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const points = createPoints();
const storage = createFileStorage({
  directory: options.directory,
  onEvent(event) {
    if (event.type === 'damaged') say({ type: 'trouble', text: `a damaged file: ${event.reason}` });
  },
});
const managers = new Map<number, TokenManager>();

async function play(command: Extract<StormCommand, { type: 'play' }>): Promise<void> {
  const { round, appKey, baseUrl, acts } = command;
  const account = { appKey, appSecret: options.appSecret, environment: 'real', baseUrl } as const;
  const reach = createPause(round, command.stopAt);
  const tokens = createTokenManager({
    ...account,
    storage: points.inStorage(storage, reach),
    issuer: points.inIssuer(createKisIssuer({ ...account, timeoutMs: 600 }), reach),
    minIssueIntervalMs: options.minIssueIntervalMs,
    leaseMs: options.leaseMs,
    maxWaitMs: 20_000,
    onEvent(event) {
      if (event.type === 'storage-failed') say({ type: 'trouble', round, text: event.error.message });
    },
  });
  managers.set(round, tokens);

  const sinceMs = performance.now();
  let first: Token | undefined;
  for (const { atMs, what } of acts) {
    await sleep(Math.max(0, sinceMs + atMs - performance.now()));
    const refused = what === 'invalidate' ? first : undefined;
    if (what !== 'get') say({ type: 'forces', round, refused: refused && sha256(refused) });
    if (refused !== undefined) tokens.invalidate(refused);
    const token = await tell(round, what, () => (what === 'refresh' ? tokens.refresh() : tokens.getToken()));
    if (token !== undefined && token.value === refused?.value) {
      say({ type: 'trouble', round, text: 'a refused token was given again' });
    }
    first ??= token;
  }
  say({ type: 'played', round });
}

/** Stands still at a point for as long as the others need to stop or kill this process: one that stopped itself might do so after the signal to go on. */
function createPause(round: number, stopAt: Point | undefined): Reach {
  let isOver = false;
  return (point) => {
    if (point !== stopAt || isOver) return;
    isOver = true;
    say({ type: 'reached', point, round });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  };
}

async function tell(
  round: number,
  what: Act['what'] | 'finish',
  get: () => Promise<Token>,
): Promise<Token | undefined> {
  const sinceMs = performance.now();
  try {
    const token = await get();
    const { expiresAtMs } = token;
    const leftMs = expiresAtMs - ownNow();
    say({ type: 'token', round, what, hash: sha256(token), expiresAtMs, leftMs, waitMs: performance.now() - sinceMs });
    return token;
  } catch (error) {
    say({ type: 'trouble', round, text: `${what} rejected: ${String(error)}` });
    return undefined;
  }
}

async function finish(round: number): Promise<void> {
  const tokens = managers.get(round);
  if (tokens === undefined) throw new RangeError(`round ${round} is not being played`);
  managers.delete(round);
  await tell(round, 'finish', () => tokens.getToken());
  await tokens.close();
  say({ type: 'finished', round });
}

function sha256(token: Token): string {
  return createHash('sha256').update(token.value).digest('hex');
}

say({ type: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as StormCommand;
  if (command.type === 'clock') offsetMs = command.offsetMs;
  else if (command.type === 'play') void play(command);
  else void finish(command.round);
}
await Promise.all([...managers.values()].map((tokens) => tokens.close()));
await storage.close?.();
