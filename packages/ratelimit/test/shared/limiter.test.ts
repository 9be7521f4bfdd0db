import { describe, expect, test } from 'vitest';
import { createScene } from '../simulation/processes.ts';

/** Two processes with one slot between them. */
function createPair() {
  const scene = createScene(2, 1, { limit: 1 });
  const [one, other] = scene.processes.map(({ limiter }) => limiter);
  if (one === undefined || other === undefined) throw new Error('There are two');
  return { ...scene, one, other };
}

describe('a shared limiter', () => {
  test('keeps the slot of a task that runs for much longer than a lease', async () => {
    const { time, one, other } = createPair();
    let endedMs = 0;
    let startedMs = 0;
    const long = one.execute(async () => {
      await time.pass(20_000);
      endedMs = time.nowMs;
    });
    await time.playUntil(100);
    const next = other.execute(async () => {
      startedMs = time.nowMs;
    });
    await time.playUntil(60_000);
    await Promise.all([long, next]);
    expect(startedMs).toBeGreaterThanOrEqual(endedMs + 1_000);
    expect(startedMs).toBeLessThan(endedMs + 1_100);
  });

  test('asks once for all who come at one moment, and not again before it was told to', async () => {
    const { time, backend, one, other } = createPair();
    const first = one.execute(() => time.pass(5_000));
    await time.playUntil(100);
    const before = backend.exchanges;
    const waiting = Array.from({ length: 50 }, () => other.execute(async () => {}));
    await time.playUntil(1_000);
    expect(backend.exchanges - before).toBe(1);
    await time.playUntil(120_000);
    await Promise.all([first, ...waiting]);
  });

  test('asks nothing while nobody waits and nothing runs', async () => {
    const { time, backend, one } = createPair();
    const call = one.execute(async () => {});
    await time.playUntil(100);
    await call;
    const before = backend.exchanges;
    await time.playUntil(3_600_000);
    expect(backend.exchanges).toBe(before);
  });

  test('tells of a pause as soon as the question is answered that was under way', async () => {
    const { time, backend, one, other } = createPair();
    const call = one.execute(async () => {});
    await time.playUntil(10);
    await call;
    // The report of its end is under way.
    const before = backend.exchanges;
    while (backend.exchanges === before) await time.playUntil(time.nowMs + 0.1);
    one.penalize({ pauseMs: 5_000 });
    await time.playUntil(time.nowMs + 50);
    const startsMs: number[] = [];
    const calls = [1, 2].map(() => other.execute(async () => void startsMs.push(time.nowMs)));
    await time.playUntil(20_000);
    await Promise.all(calls);
    expect(Math.min(...startsMs)).toBeGreaterThanOrEqual(5_000);
  });

  test('reports what has ended before it is closed', async () => {
    const { time, one, other } = createPair();
    const call = one.execute(() => time.pass(50));
    const closed = one.close({ drain: true });
    await time.playUntil(200);
    await Promise.all([call, closed]);
    let startedMs = 0;
    const next = other.execute(async () => {
      startedMs = time.nowMs;
    });
    await time.playUntil(10_000);
    await next;
    expect(startedMs).toBeGreaterThanOrEqual(1_050);
    expect(startedMs).toBeLessThan(1_150);
  });

  test('can be closed twice, and while it cannot reach the budget', async () => {
    const { time, backend, one } = createPair();
    backend.set('away');
    const call = one.execute(() => time.pass(50));
    await time.playUntil(2_000);
    await call;
    const closed = Promise.all([one.close(), one.close()]);
    await time.playUntil(3_000);
    await closed;
  });

  test('tells in its statistics what it was told last, and of its share while it goes by that', async () => {
    const { time, backend, one, other } = createPair();
    const calls = [one.execute(() => time.pass(100))];
    await time.playUntil(20);
    calls.push(other.execute(() => time.pass(100)));
    await time.playUntil(50);
    expect(one.stats()).toMatchObject({ limit: 1, effectiveLimit: 1, slotsInUse: 1, inFlight: 1 });
    expect(other.stats()).toMatchObject({ waiting: 1, slotsInUse: 1, inFlight: 0 });
    one.penalize({ pauseMs: 300 });
    expect(one.stats().pauseMs).toBe(300);
    await time.playUntil(60);
    backend.set('away');
    await time.playUntil(2_000);
    // Of two processes and one slot each has one each two windows.
    expect(other.stats()).toMatchObject({ limit: 1, effectiveLimit: 1, windowMs: 1_000 });
    await time.playUntil(20_000);
    await Promise.all(calls);
  });

  test('pauses its share when that is refused, once, and tells the others nothing of it', async () => {
    const scene = createScene(2, 1);
    const [one, other] = scene.processes;
    const first = Promise.all(scene.processes.map(({ call }) => call(5)));
    await scene.time.playUntil(3_000);
    await first;
    scene.backend.set('away');
    const calls = one?.call(4);
    scene.service.refuseNext();
    scene.service.refuseNext();
    await scene.time.playUntil(6_000);
    scene.backend.set('none');
    await scene.time.playUntil(9_000);
    await calls;
    expect(one?.events.map(({ type }) => type)).toEqual(['degraded', 'pause', 'restored']);
    expect(one?.errors).toHaveLength(2);
    expect(other?.events).toEqual([]);
  });

  test('is told of a long pause as well, and of an endless one for an hour: it outlives who told it', async () => {
    const { time, one, other } = createPair();
    one.penalize({ pauseMs: Infinity });
    await time.playUntil(100);
    const call = other.execute(async () => {}, { timeoutMs: 60_000 }).catch((error: unknown) => error);
    await time.playUntil(200);
    expect(await call).toMatchObject({ reason: 'timeout' });
    expect(other.stats().pauseMs).toBeLessThanOrEqual(3_600_000);
    let startedMs = 0;
    const late = other.execute(
      async () => {
        startedMs = time.nowMs;
      },
      { timeoutMs: Infinity },
    );
    await time.playUntil(4_000_000);
    await late;
    expect(startedMs).toBeGreaterThanOrEqual(3_600_000);
    expect(one.stats().pauseMs).toBe(Infinity);
  });
});
