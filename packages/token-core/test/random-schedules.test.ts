import { describe, expect, test, vi } from 'vitest';
import { createTokenManager, TokenIssueError, type TokenManager, type TokenStorage } from '../src/index.ts';
import { appKey, appSecret, createRig, MINUTE, SECOND } from './harness.ts';
import { createRandom } from './random.ts';

// Processes of two hosts, in one: each manager is another process, and one that was killed is known to be dead on its host.
const hosts = vi.hoisted(() => ({ next: '', count: 0, killed: new Set<string>() }));

vi.mock('../src/claimant.ts', () => ({
  createClaimants() {
    const host = hosts.next;
    hosts.count += 1;
    const self = `${host}.boot.1.${hosts.count}.1`;
    const isNeighbour = (by: string): boolean => by.startsWith(`${host}.`);
    return { self, isNeighbour, isDead: (by: string) => isNeighbour(by) && hosts.killed.has(by) };
  },
}));

interface Faults {
  /** Of a hundred storage calls, how many fail: half of them before, half of them after they were carried out. */
  readonly storage: number;
  /** Of a hundred questions for the time. */
  readonly time: number;
}

/** When KIS was asked, in milliseconds, while processes come and go, stand still, and are killed anywhere. */
async function play(seed: number, faults: Faults): Promise<number[]> {
  const random = createRandom(seed);
  const chance = (percent: number): boolean => random() * 100 < percent;
  const rig = createRig();
  const { clock, storage } = rig;
  const asked: number[] = [];

  function start(): { readonly tokens: TokenManager; kill(): void } {
    hosts.next = chance(70) ? 'one' : 'other';
    let isKilled = false;
    const wait = (maxMs: number): Promise<void> =>
      new Promise((resolve) => void clock.setTimer(1 + random() * maxMs, resolve));
    /** Now and then the process stands still, for less or more than its lease. */
    const pass = async (maxMs: number): Promise<void> => {
      await wait(chance(2) ? 40 * SECOND : chance(5) ? 8 * SECOND : maxMs);
      if (isKilled) await new Promise(() => {});
    };
    async function call<T>(run: () => Promise<T>): Promise<T> {
      await pass(60);
      if (chance(faults.storage / 2)) throw new Error('EIO');
      const result = await run();
      await pass(60);
      if (chance(faults.storage / 2)) throw new Error('ECONNRESET');
      return result;
    }
    const shared: TokenStorage = {
      read: (key) => call(() => storage.read(key)),
      compareAndSet: (key, expected, record) => call(() => storage.compareAndSet(key, expected, record)),
      delete: async () => {},
    };
    const issuer = {
      timeoutMs: 10 * SECOND,
      async issue() {
        asked.push(clock.monotonicMs());
        // A stop here is one between the last look at the clock and the question, which nobody can tell from a slow answer.
        await wait(chance(20) ? 9 * SECOND : 300);
        if (isKilled) await new Promise(() => {});
        if (chance(30)) throw new TokenIssueError('no answer', { mayHaveArrived: true });
        return { token: rig.token(`${seed}-${asked.length}-`, 5 * SECOND + random() * 100 * SECOND) };
      },
      async serverDateMs() {
        await wait(50);
        if (chance(faults.time)) throw new Error('ENOTFOUND');
        return clock.nowMs();
      },
    };
    const tokens = createTokenManager({ appKey, appSecret, environment: 'real', storage: shared, issuer, clock });
    const self = `${hosts.next}.boot.1.${hosts.count}.1`;
    tokens.getToken().catch(() => {});
    return {
      tokens,
      kill() {
        isKilled = true;
        hosts.killed.add(self);
      },
    };
  }

  const processes = [start(), start(), start()];
  for (let act = 0; act < 120; act += 1) {
    await clock.advance(50 + random() * 4 * SECOND);
    const who = Math.floor(random() * processes.length);
    const { tokens, kill } = processes[who] ?? start();
    if (chance(15)) {
      kill();
      processes[who] = start();
    } else if (chance(5)) {
      void tokens.close();
      processes[who] = start();
    } else {
      (chance(5) ? tokens.refresh() : tokens.getToken()).catch(() => {});
    }
  }
  return asked;
}

describe('processes that come and go, stand still, and are killed at any point', () => {
  test.each<[string, Faults]>([
    ['and all else works', { storage: 0, time: 0 }],
    ['while the storage fails now and then, and KIS tells its time to half of them', { storage: 20, time: 50 }],
  ])('%s: never put two questions within the interval', async (_, faults) => {
    const tooSoon: { readonly seed: number; readonly apartMs: number }[] = [];
    let questions = 0;
    for (let seed = 1; seed <= 160; seed += 1) {
      const asked = await play(seed, faults);
      questions += asked.length;
      for (const [nth, atMs] of asked.slice(1).entries()) {
        const apartMs = atMs - (asked[nth] ?? 0);
        if (apartMs < MINUTE) tooSoon.push({ seed, apartMs });
      }
    }
    expect(tooSoon).toEqual([]);
    expect(questions).toBeGreaterThan(160);
  });
});
