import { describe, expect, test } from 'vitest';
import { createScene, type Scene } from '../simulation/processes.ts';

const seeds = [1, 2, 3, 4, 5];
const manySeeds = Array.from({ length: 30 }, (_, index) => index + 1);

async function callAll({ processes }: Scene, calls: number): Promise<void> {
  await Promise.all(processes.map(({ call }) => call(calls)));
}

/** The most that the service accepted within a second before this moment. */
function rateBefore({ service }: Scene, ms: number): number {
  return service.acceptedMs.filter((atMs) => atMs > ms - 1_000 && atMs <= ms).length;
}

describe('a process that is killed while it waits and calls', () => {
  test('costs the others its calls of that moment, for a lease of three windows, and nothing after', async () => {
    for (const seed of seeds) {
      const scene = createScene(4, seed);
      const [victim, ...others] = scene.processes;
      const all = Promise.all(others.map(({ call }) => call(80)));
      void victim?.call(100);
      await scene.time.playUntil(4_100 + 30 * seed);
      victim?.freeze();
      await scene.time.playUntil(9_000);
      expect(rateBefore(scene, 9_000)).toBeGreaterThanOrEqual(16);
      await scene.time.playUntil(60_000);
      await all;
      expect(scene.service.refusedMs).toEqual([]);
      expect(others.map(({ doneMs }) => doneMs.length)).toEqual([80, 80, 80]);
    }
  });
});

describe('a process that is frozen', () => {
  test('costs the others no more, and uses nothing that is stale when it is thawed', async () => {
    for (const seed of seeds) {
      const scene = createScene(4, seed);
      const all = callAll(scene, 100);
      await scene.time.playUntil(3_000 + 23 * seed);
      scene.processes[0]?.freeze();
      await scene.time.playUntil(3_000 + 1_700 * seed);
      scene.processes[0]?.thaw();
      await scene.time.playUntil(60_000);
      await all;
      expect(scene.service.refusedMs).toEqual([]);
      expect(scene.processes.map(({ doneMs }) => doneMs.length)).toEqual([100, 100, 100, 100]);
    }
  });
});

describe('a slot that was granted while its process was frozen', () => {
  test('is not used when that is thawed: it may be the slot of another by then', async () => {
    const scene = createScene(2, 1, { limit: 1 });
    const [one, other] = scene.processes;
    const late = one?.call(1);
    await scene.time.playUntil(0.1);
    // The answer is under way.
    one?.freeze();
    await scene.time.playUntil(100);
    const calls = other?.call(1);
    while (scene.service.sentMs.length === 0) await scene.time.playUntil(scene.time.nowMs + 1);
    one?.thaw();
    await scene.time.playUntil(60_000);
    await Promise.all([late, calls]);
    const [firstMs = 0, secondMs = 0] = scene.service.sentMs;
    expect(firstMs).toBeGreaterThan(3_000);
    expect(secondMs - firstMs).toBeGreaterThanOrEqual(1_000);
  });
});

describe('a process that makes a call now and then among busy ones', () => {
  test('has its turn within a round of theirs', async () => {
    const scene = createScene(4, 1);
    const [rare, ...busy] = scene.processes;
    const all = Promise.all(busy.map(({ call }) => call(100)));
    const waits: number[] = [];
    await scene.time.playUntil(3_000);
    for (let n = 0; n < 10; n += 1) {
      const askedMs = scene.time.nowMs;
      const asked = rare?.call(1);
      await scene.time.playUntil(askedMs + 1_337);
      await asked;
      waits.push((rare?.doneMs.at(-1) ?? Infinity) - askedMs);
    }
    await scene.time.playUntil(60_000);
    await all;
    expect(scene.service.refusedMs).toEqual([]);
    expect(Math.max(...waits)).toBeLessThan(1_337);
  });
});

describe('a budget that cannot be reached for a while', () => {
  test.each(['away', 'answers-lost', 'swallowed'] as const)(
    'is replaced by shares of the limit (%s), and shared again when it is back, empty or not; nothing is refused or lost',
    async (fault) => {
      for (const seed of manySeeds) {
        const scene = createScene(4, seed);
        const all = callAll(scene, 75);
        await scene.time.playUntil(4_000 + 37 * seed);
        scene.backend.set(fault);
        await scene.time.playUntil(15_000 + 130 * seed);
        // 4 of 18 for each of four.
        expect(scene.service.acceptedMs.filter((ms) => ms > 9_000 && ms <= 15_000).length).toBeGreaterThanOrEqual(80);
        scene.backend.set('none');
        if (seed % 2 === 0) scene.backend.restart();
        await scene.time.playUntil(60_000);
        await all;
        expect(scene.service.refusedMs).toEqual([]);
        for (const { events, doneMs } of scene.processes) {
          expect(doneMs).toHaveLength(75);
          expect(events).toEqual([
            { type: 'degraded', peers: 4, limit: 4, windowMs: 1_000, error: expect.any(Error) },
            { type: 'restored' },
          ]);
        }
      }
    },
  );

  test('is asked again by one that never noticed it, and is silent for a window: the others still go by their shares', async () => {
    for (const seed of manySeeds) {
      const scene = createScene(4, seed);
      const [idle, ...busy] = scene.processes;
      const first = idle?.call(1);
      const all = Promise.all(busy.map(({ call }) => call(80)));
      await scene.time.playUntil(4_000 + 37 * seed);
      scene.backend.set(seed % 2 === 0 ? 'away' : 'swallowed');
      await scene.time.playUntil(9_000 + 130 * seed);
      scene.backend.set('none');
      await scene.time.playUntil(scene.time.nowMs + 31 * (seed % 7));
      const late = idle?.call(30);
      await scene.time.playUntil(60_000);
      await Promise.all([first, all, late]);
      expect(scene.service.refusedMs).toEqual([]);
    }
  });

  test('for a moment only is used by none of them before it is asked again: whoever asks it meanwhile finds nobody missing', async () => {
    for (const seed of manySeeds) {
      const scene = createScene(2, seed);
      const [busy, idle] = scene.processes;
      const calls = [idle?.call(1), busy?.call(80)];
      await scene.time.playUntil(3_000 + 37 * seed);
      scene.backend.set(seed % 2 === 0 ? 'away' : 'swallowed');
      await scene.time.playUntil(scene.time.nowMs + 600 + 17 * seed);
      scene.backend.set('none');
      calls.push(idle?.call(18));
      await scene.time.playUntil(60_000);
      await Promise.all(calls);
      expect(scene.service.refusedMs).toEqual([]);
    }
  });

  test('is asked before anything starts by one that was frozen meanwhile, and goes by its share no more', async () => {
    for (const seed of manySeeds) {
      const scene = createScene(2, seed);
      const [one, other] = scene.processes;
      const calls = [one?.call(200), other?.call(200)];
      await scene.time.playUntil(3_000);
      scene.backend.set('away');
      await scene.time.playUntil(7_000 + 29 * seed);
      one?.freeze();
      await scene.time.playUntil(scene.time.nowMs + 300);
      scene.backend.set('none');
      await scene.time.playUntil(scene.time.nowMs + 4_000 + 53 * seed);
      one?.thaw();
      await scene.time.playUntil(60_000);
      await Promise.all(calls);
      expect(scene.service.refusedMs).toEqual([]);
    }
  });

  test('twice within a while leaves shares of all that were seen before the first time', async () => {
    for (const seed of manySeeds) {
      const scene = createScene(4, seed);
      const all = callAll(scene, 75);
      await scene.time.playUntil(4_000);
      scene.backend.set('away');
      await scene.time.playUntil(15_000 + 37 * seed);
      scene.backend.set('none');
      await scene.time.playUntil(scene.time.nowMs + 700);
      scene.backend.set('away');
      await scene.time.playUntil(120_000);
      await all;
      expect(scene.service.refusedMs).toEqual([]);
    }
  });

  test('leaves more processes than slots a longer window each', async () => {
    const scene = createScene(5, 1, { limit: 2 });
    const all = callAll(scene, 4);
    await scene.time.playUntil(3_000);
    scene.backend.set('away');
    await scene.time.playUntil(60_000);
    await all;
    expect(scene.service.refusedMs).toEqual([]);
    expect(scene.processes[0]?.events[0]).toMatchObject({ type: 'degraded', peers: 5, limit: 1, windowMs: 3_000 });
  });

  test('and never was: a process that saw no others has the limit to itself, after a window of silence', async () => {
    const scene = createScene(1, 1);
    scene.backend.set('away');
    const all = callAll(scene, 20);
    await scene.time.playUntil(60_000);
    await all;
    expect(scene.processes[0]?.events).toMatchObject([{ type: 'degraded', peers: 1, limit: 18 }]);
    expect(scene.service.sentMs[0]).toBeGreaterThanOrEqual(1_000);
    expect(scene.service.acceptedMs).toHaveLength(20);
  });
});

describe('a budget that is restarted empty, or with what it knew a while ago', () => {
  test('is silent for a window, since slots are in use that it does not remember', async () => {
    for (const seed of seeds) {
      const scene = createScene(4, seed);
      const all = callAll(scene, 50);
      for (const ms of [2_500, 4_700, 6_900]) {
        await scene.time.playUntil(ms + 17 * seed);
        scene.backend.restart();
        if (seed % 2 === 0) scene.backend.keep();
      }
      await scene.time.playUntil(60_000);
      await all;
      expect(scene.service.refusedMs).toEqual([]);
      expect(scene.processes.map(({ events }) => events)).toEqual([[], [], [], []]);
    }
  });

  test('is so for whoever comes first, though it is new or was idle and misses nothing', async () => {
    for (const seed of manySeeds) {
      const scene = createScene(3, seed);
      const [busy, idle, newcomer] = scene.processes;
      const calls = [idle?.call(1), busy?.call(100)];
      await scene.time.playUntil(1_000);
      if (seed % 2 === 0) scene.backend.keep();
      await scene.time.playUntil(6_000 + 17 * seed);
      scene.backend.restart();
      calls.push(idle?.call(9), newcomer?.call(9));
      await scene.time.playUntil(60_000);
      await Promise.all(calls);
      expect(scene.service.refusedMs).toEqual([]);
    }
  });
});

describe('a budget that was never there, or is no more, though what keeps it was not restarted', () => {
  test('is not missed by whoever was idle: nothing of then is in use', async () => {
    const scene = createScene(1, 1);
    const first = callAll(scene, 1);
    await scene.time.playUntil(10_000);
    expect(scene.service.sentMs[0]).toBeLessThan(50);
    await first;
    scene.backend.forget();
    const second = callAll(scene, 1);
    await scene.time.playUntil(10_050);
    expect(scene.service.sentMs).toHaveLength(2);
    await scene.time.playUntil(60_000);
    await second;
  });
});

describe('refusals', () => {
  test('of one burst pause all processes once, and then one call goes first', async () => {
    for (const seed of seeds) {
      const scene = createScene(4, seed);
      scene.service.setLimit(14);
      const all = callAll(scene, 5);
      await scene.time.playUntil(60_000);
      await all;
      const { sentMs, refusedMs } = scene.service;
      // The first window of 18, of which 14 were accepted, and maybe one or two more of those.
      const windows = Math.ceil((sentMs.length - 18) / 18);
      expect(refusedMs.length).toBeLessThanOrEqual(4 * (windows + 1));
      for (const { events } of scene.processes) {
        expect(events.filter(({ type }) => type === 'pause').length).toBeLessThanOrEqual(windows + 1);
      }
      const [scoutMs = 0, nextMs = 0] = sentMs.filter((ms) => ms > (refusedMs[0] ?? 0) + 500);
      expect(scoutMs).toBeGreaterThanOrEqual((refusedMs[0] ?? 0) + 1_000);
      expect(nextMs - scoutMs).toBeGreaterThanOrEqual(40);
    }
  });

  test('with `adaptive` lower the limit of all: what one has found out nobody finds out again', async () => {
    const scene = createScene(4, 3, { adaptive: true });
    scene.service.setLimit(9);
    const all = callAll(scene, 60);
    await scene.time.playUntil(120_000);
    await all;
    // 9 of the first 18, and a probe now and then.
    expect(scene.service.refusedMs.length).toBeLessThanOrEqual(9 + 3);
    for (const { limiter, events } of scene.processes) {
      expect(limiter.stats().effectiveLimit).toBeLessThanOrEqual(10);
      expect(events.filter(({ type }) => type === 'limit').length).toBeGreaterThan(0);
    }
  });
});

describe('more processes than slots', () => {
  test.each([
    { limit: 1, processes: 4 },
    { limit: 18, processes: 32 },
  ])('have their turns alike: $processes at $limit a second', async ({ limit, processes }) => {
    for (const seed of seeds) {
      const scene = createScene(processes, seed, { limit });
      const all = callAll(scene, 1_000);
      await scene.time.playUntil(100_000);
      const counts = scene.processes.map(({ doneMs }) => doneMs.length);
      const mean = (0.9 * limit * 100) / processes;
      expect(Math.min(...counts)).toBeGreaterThan(0.5 * mean);
      for (const { limiter } of scene.processes) void limiter.close({ timeoutMs: 0 });
      await scene.time.playUntil(110_000);
      await all;
    }
  });
});

describe('processes that were told different limits', () => {
  test('keep to the smallest, and have their turns alike', async () => {
    const scene = createScene(2, 1, { limit: 18 }, { limit: 9 });
    const all = callAll(scene, 90);
    await scene.time.playUntil(60_000);
    await all;
    expect(Math.max(...scene.service.sentMs.map((_, n) => rateBefore(scene, n * 100)).slice(30))).toBeLessThanOrEqual(
      9,
    );
    const [one, other] = scene.processes.map(({ doneMs }) => doneMs.filter((ms) => ms > 3_000 && ms < 15_000).length);
    expect(Math.abs((one ?? 0) - (other ?? 0))).toBeLessThanOrEqual(9);
  });
});

describe('whoever stops waiting', () => {
  test('says so, so that nobody takes it for one that is away', async () => {
    const scene = createScene(2, 1, { limit: 1 });
    const [one, other] = scene.processes;
    const leaver = new AbortController();
    const calls = [1, 2].map(() => one?.limiter.execute(scene.service.call, { signal: leaver.signal }).catch(() => {}));
    await scene.time.playUntil(500);
    leaver.abort();
    await scene.time.playUntil(60_000);
    await Promise.all(calls);
    const late = other?.call(1);
    await scene.time.playUntil(60_200);
    await late;
    expect(other?.doneMs).toHaveLength(1);
  });
});

describe('a pause that one process is told', () => {
  test('is over for all when it is over, however many wait', async () => {
    const scene = createScene(4, 1);
    const all = callAll(scene, 30);
    await scene.time.playUntil(2_500);
    scene.processes[2]?.limiter.penalize({ pauseMs: 3_000 });
    await scene.time.playUntil(5_600);
    expect(scene.service.sentMs.filter((ms) => ms >= 5_500).length).toBeGreaterThan(0);
    await scene.time.playUntil(60_000);
    await all;
  });

  test('holds for all of them', async () => {
    const scene = createScene(4, 1);
    const all = callAll(scene, 30);
    await scene.time.playUntil(2_500);
    scene.processes[2]?.limiter.penalize({ pauseMs: 3_000 });
    await scene.time.playUntil(60_000);
    await all;
    expect(scene.service.sentMs.filter((ms) => ms > 2_510 && ms < 5_500)).toEqual([]);
    expect(scene.service.refusedMs).toEqual([]);
  });
});
