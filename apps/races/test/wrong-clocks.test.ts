import { createHash } from 'node:crypto';
import { createFileStorage } from '@kis/storage-file';
import { createKisIssuer } from '@kis/token-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needPosix } from '../../../packages/storage-file/test/posix.ts';
import { account, type Cast, createCast, type Process } from '../src/cast.ts';
import { points } from '../src/points.ts';
import { useActors } from './actors.ts';

const script = useActors();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function open(server: { readonly issueIntervalMs?: number; readonly sameTokenMs?: number } = {}): Promise<Cast> {
  const cast = await createCast(script(), { server });
  onTestFinished(cast.end);
  return cast;
}

/** A token that KIS gave, and that ends after `leftMs` by a clock that is right; its hash. */
async function store(cast: Cast, leftMs: number): Promise<string> {
  const { token } = await createKisIssuer({ ...account, baseUrl: cast.server.url }).issue({});
  const expiresAtMs = Date.now() + leftMs;
  await createFileStorage({ directory: cast.directory }).compareAndSet(cast.key, undefined, {
    token: { ...token, issuedAtMs: expiresAtMs - DAY_MS, expiresAtMs },
    attempts: [{ id: 'old', by: 'elsewhere.b.1.2.3', atMs: Date.now() - HOUR_MS, outcome: 'issued' }],
    dead: [],
  });
  cast.server.fake.control({ clearLog: true });
  return createHash('sha256').update(token.value).digest('hex');
}

/** The tokens, by their hashes, of processes that all end well. */
async function finish(processes: readonly Process[]): Promise<readonly string[]> {
  const tokens = await Promise.all(processes.map((each) => each.said('token')));
  expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual(Array(processes.length).fill(0));
  expect(processes.map(({ stderr }) => stderr).join('')).toBe('');
  for (const { expiresAtMs, atMs } of tokens) expect(expiresAtMs).toBeGreaterThan(atMs);
  return [...new Set(tokens.map(({ hash }) => hash))];
}

const run = (cast: Cast, wallOffsets: readonly number[]): Promise<Process[]> =>
  Promise.all(wallOffsets.map((wallOffsetMs) => cast.add({ wallOffsetMs })));

describe.each([-HOUR_MS, DAY_MS, -DAY_MS])('F5: eight processes on a host that is %i ms off', (offMs) => {
  const host = Array<number>(8).fill(offMs);

  test('ask for one token where none is stored', async () => {
    const cast = await open();
    const processes = await run(cast, host);
    cast.go(processes);
    expect(await finish(processes)).toHaveLength(1);
    expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });

  test('use the stored one that lives', async () => {
    const cast = await open();
    const hash = await store(cast, DAY_MS / 2);
    const processes = await run(cast, host);
    cast.go(processes);
    expect(await finish(processes)).toEqual([hash]);
    expect(cast.server.fake.log().tokenRequests).toBe(0);
  });

  test('do not use a stored one that has ended, and ask for one other', async () => {
    const cast = await open({ issueIntervalMs: 0, sameTokenMs: 0 });
    const hash = await store(cast, -HOUR_MS / 2);
    const processes = await run(cast, host);
    cast.go(processes);
    const hashes = await finish(processes);
    expect(hashes).toHaveLength(1);
    expect(hashes).not.toContain(hash);
    expect(cast.server.fake.log().tokenRequests).toBe(1);
  });
});

describe('F5: processes whose clocks differ, because one began before the host was set', () => {
  test.each([DAY_MS, -DAY_MS])('by %i ms ask for one token', async (offMs) => {
    const cast = await open();
    const processes = await run(cast, [0, offMs, 0, offMs, 0, offMs, 0, offMs]);
    cast.go(processes);
    expect(await finish(processes)).toHaveLength(1);
    expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });

  test.for([DAY_MS, -DAY_MS])("by %i ms keep their hands off a live claim of the other's", async (offMs, context) => {
    needPosix('signals that stop a process', context);
    const cast = await open();
    const claimant = await cast.add({ wallOffsetMs: offMs, stopAt: 'claimed', leaseMs: 20_000 });
    cast.go([claimant]);
    await claimant.said('reached');
    const others = await run(cast, [0, -offMs]);
    cast.go(others);
    await Promise.all(others.map((other) => other.said('event', ({ name }) => name === 'waiting')));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(cast.server.fake.log().tokenRequests).toBe(0);
    claimant.signal('SIGCONT');
    expect(await finish([claimant, ...others])).toHaveLength(1);
    expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });
});

describe('F5: a claimant whose clock is wrong, and that is killed when KIS has answered', () => {
  test.for([-DAY_MS, -HOUR_MS, HOUR_MS, DAY_MS])(
    'by %i ms: nobody asks within the interval',
    async (offMs, context) => {
      needPosix('signals that stop a process', context);
      const intervalMs = 3_000;
      const cast = await createCast(script(), {
        server: { issueIntervalMs: intervalMs, sameTokenMs: 0 },
        actors: { minIssueIntervalMs: intervalMs, leaseMs: 2_000 },
      });
      onTestFinished(cast.end);
      const claimant = await cast.add({ wallOffsetMs: offMs, stopAt: 'answered' });
      cast.go([claimant]);
      await claimant.said('reached');
      const others = await run(cast, [0, offMs]);
      cast.go(others);
      await Promise.all(others.map((other) => other.said('event', ({ name }) => name === 'waiting')));
      claimant.signal('SIGKILL');
      expect(await finish(others)).toHaveLength(1);
      expect(cast.server.fake.log().entries.flatMap(({ kisCode = '' }) => kisCode)).not.toContain('EGW00133');
      expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 2, tokensIssued: 2 });
    },
  );
});

describe('F5: a wall clock that jumps', () => {
  const jumps = [-1_000, HOUR_MS, DAY_MS, -DAY_MS];

  test.each(points)('at "%s" costs no other question', async (at) => {
    const casts = await Promise.all(jumps.map(() => open()));
    await Promise.all(
      casts.map(async (cast, nth) => {
        const wallJump = { at, byMs: jumps[nth] ?? 0 };
        const processes = await Promise.all([cast.add({ wallJump }), cast.add({ wallJump })]);
        cast.go(processes);
        expect(await finish(processes)).toHaveLength(1);
        expect(cast.server.fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
      }),
    );
  });
});
