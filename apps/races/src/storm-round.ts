import { createHash } from 'node:crypto';
import type { MockServer } from '@kis/mock';
import { type TokenRecord, type TokenStorage, tokenKey } from '@kis/token-core';
import { drawPlan, type Fault, type Plan, PROCESSES } from './storm-plan.ts';
import type { StormLine } from './storming.ts';
import type { Blow, Troupe } from './troupe.ts';

/** What a round has left behind for the judge. */
export interface Evidence {
  readonly plan: Plan;
  readonly told: readonly Told[];
  readonly forced: readonly Forced[];
  readonly troubles: readonly string[];
  /** Each record that was stored, as far as it was seen, oldest first; the last one is the one that stayed. */
  readonly records: readonly Seen[];
  readonly issues: number;
  /** EGW00133. */
  readonly refusals: number;
  /** What was done to any process while the round lasted. */
  readonly blows: readonly Blow[];
  /** Faults that came about: a point may never be reached. */
  readonly done: readonly Fault[];
}

interface Seen {
  readonly record: TokenRecord;
  /** Monotonic. */
  readonly atMs: number;
}

export type Told = Extract<StormLine, { type: 'token' }> & { readonly who: number };
export type Forced = Extract<StormLine, { type: 'forces' }>;

/** A round that is being played. */
export interface Round {
  /** Under which the processes share their token. */
  readonly key: string;
  hear(who: number, line: StormLine): void;
  /** A new process is in this place. */
  replaced(who: number): void;
  readonly evidence: Promise<Evidence>;
}

export interface RoundOptions {
  readonly seed: number;
  /** The number by which its plan is drawn. */
  readonly plan: number;
  /** No two rounds of a storm have the same. */
  readonly number: number;
  readonly troupe: Troupe;
  readonly storage: TokenStorage;
  /** Gives tokens of a day. */
  readonly server: MockServer;
  /** Gives tokens of a few seconds. */
  readonly shortLived: MockServer;
}

/** Beyond what a caller waits for a token. */
const SILENCE_MS = 30_000;

export function playRound(options: RoundOptions): Round {
  const { seed, number: round, troupe, storage } = options;
  const plan = drawPlan(seed, options.plan);
  const server = plan.isShortLived ? options.shortLived : options.server;
  const appKey = `PSSTORM${String(round).padStart(29, '0')}`;
  const key = tokenKey({ environment: 'real', appKey, baseUrl: server.url });
  const sinceMs = performance.now();
  const told: Told[] = [];
  const forced: Forced[] = [];
  const troubles: string[] = [];
  const done: Fault[] = [];
  const playing = new Set<number>();
  const finishing = new Set<number>();
  let isLastScene = false;
  let isOver = false;
  let heardMs = sinceMs;
  /** Whatever has changed. */
  let look = (): void => {};

  function send(who: number, isNew: boolean): void {
    playing.add(who);
    finishing.delete(who);
    const atPoint = plan.faults.find(
      (fault) => fault.who === who && typeof fault.when === 'string' && !done.includes(fault),
    );
    const stopAt = typeof atPoint?.when === 'string' && !isNew ? atPoint.when : undefined;
    const acts = isNew ? [{ what: 'get' as const, atMs: 0 }] : (plan.acts[who] ?? []);
    troupe.tell(who, { type: 'play', round, appKey, baseUrl: server.url, acts, stopAt });
  }

  function finish(who: number): void {
    finishing.add(who);
    troupe.tell(who, { type: 'finish', round });
  }

  /** Ends with the process going on, or with another in its place. */
  async function strike(fault: Fault): Promise<void> {
    done.push(fault);
    if (fault.kind === 'kill') troupe.kill(fault.who);
    else if (fault.kind === 'freeze') await troupe.freeze(fault.who, fault.forMs);
    else {
      troupe.setClock(fault.who, fault.byMs);
      await sleep(fault.forMs);
      troupe.setClock(fault.who, 0);
    }
  }

  async function play(): Promise<Evidence> {
    const records = recordChanges(storage, key);
    for (let who = 0; who < PROCESSES; who += 1) send(who, false);
    const timed = plan.faults.map(async (fault) => {
      if (typeof fault.when === 'string') return;
      await sleep(fault.when);
      await strike(fault);
    });
    await Promise.all([...timed, until(() => playing.size === 0)]);
    isLastScene = true;
    for (let who = 0; who < PROCESSES; who += 1) if (!playing.has(who)) finish(who);
    await until(() => playing.size === 0 && finishing.size === 0);
    isOver = true;
    const seen = await records.end();
    const { entries, tokensIssued } = server.fake.log(appKey);
    const refusals = entries.filter(({ kisCode }) => kisCode === 'EGW00133').length;
    return {
      plan,
      told,
      forced,
      troubles,
      records: seen,
      issues: tokensIssued,
      refusals,
      blows: troupe.blows(sinceMs),
      done,
    };
  }

  /** Resolves when it is so, or when nothing was heard for too long, which is a trouble of its own. */
  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearInterval(timer);
        look = () => {};
        resolve();
      };
      const timer = setInterval(() => {
        if (performance.now() - heardMs < SILENCE_MS) return;
        troubles.push(`processes ${[...playing, ...finishing].join(', ')} hang`);
        end();
      }, 1_000);
      look = () => {
        heardMs = performance.now();
        if (isSo()) end();
      };
      look();
    });
  }

  return {
    key,
    hear(who, line) {
      if (line.type === 'token') told.push({ ...line, who });
      else if (line.type === 'forces') forced.push(line);
      else if (line.type === 'trouble') troubles.push(`process ${who}: ${line.text}`);
      else if (line.type === 'finished') finishing.delete(who);
      else if (line.type === 'played') {
        playing.delete(who);
        if (isLastScene) finish(who);
      } else if (line.type === 'reached') {
        const fault = plan.faults.find((each) => each.who === who && each.when === line.point && !done.includes(each));
        if (fault !== undefined) void strike(fault);
      }
      look();
    },
    replaced(who) {
      if (!isOver) send(who, true);
      look();
    },
    evidence: play(),
  };
}

/** Reads a key whenever it has changed. */
function recordChanges(storage: TokenStorage, key: string): { end(): Promise<readonly Seen[]> } {
  const records: Seen[] = [];
  let reading = Promise.resolve();
  const read = (): void => {
    reading = reading.then(async () => {
      const found = await storage.read(key);
      if (found !== undefined) records.push({ record: found.record, atMs: performance.now() });
    });
  };
  const unwatch = storage.watch?.(key, read);
  return {
    async end() {
      unwatch?.();
      read();
      await reading;
      return records;
    },
  };
}

/** How a token is told. */
export function hashOf(token: { readonly value: string }): string {
  return createHash('sha256').update(token.value).digest('hex');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
