import { describe, expect, test } from 'vitest';
import { systemClock } from '../src/index.ts';
import { createServerClock } from '../src/server-clock.ts';
import { DAY, HOUR, MINUTE, SECOND } from './harness.ts';
import { createManualClock } from './manual-clock.ts';

const START = Date.parse('2026-11-20T01:00:00Z');

function createPair(start = START) {
  const host = createManualClock(start);
  const corrections: number[] = [];
  return { host, corrections, clock: createServerClock(host, (byMs) => corrections.push(byMs)) };
}

describe('F5: a wall clock that jumps', () => {
  test.each([SECOND, -SECOND, HOUR, -HOUR, DAY, -DAY])('by %i ms changes nothing', async (jumpMs) => {
    const { host, clock } = createPair();
    const beforeMs = clock.monotonicMs();
    host.jumpWall(jumpMs);
    expect(clock.nowMs()).toBe(START);
    await host.advance(5 * SECOND);
    host.jumpWall(jumpMs);
    expect([clock.nowMs() - START, clock.monotonicMs() - beforeMs]).toEqual([5 * SECOND, 5 * SECOND]);
  });

  test('and creeps changes nothing either', async () => {
    const { host, clock } = createPair();
    for (let i = 0; i < 100; i += 1) {
      host.jumpWall(400);
      await host.advance(SECOND);
    }
    expect(clock.nowMs() - START).toBe(100 * SECOND);
  });
});

describe('F5: a machine that sleeps', () => {
  test('has slept: the time has passed', () => {
    const { host, clock } = createPair();
    const beforeMs = clock.monotonicMs();
    host.sleep(8 * HOUR);
    expect([clock.nowMs() - START, clock.monotonicMs() - beforeMs]).toEqual([8 * HOUR, 8 * HOUR]);
    host.sleep(HOUR);
    expect(clock.nowMs() - START).toBe(9 * HOUR);
  });

  test('while its wall clock is set is told from that', () => {
    const { host, clock } = createPair();
    host.sleep(HOUR);
    host.jumpWall(-DAY);
    expect(clock.nowMs() - START).toBe(HOUR);
  });

  test('and is set back by just as much is found out within ten seconds', async () => {
    const { host, clock } = createPair();
    host.sleep(HOUR);
    host.jumpWall(-HOUR);
    await host.advance(10 * SECOND);
    expect(clock.nowMs() - START).toBe(HOUR + 10 * SECOND);
  });

  test.each([
    ['does not tell', (): Partial<typeof systemClock> => ({})],
    ['cannot tell', () => ({ uptimeMs: () => Number.NaN })],
  ])('and %s its uptime seems to have been set, until KIS says otherwise', (_, uptime) => {
    const { nowMs, monotonicMs, setTimer, ...host } = createManualClock(START);
    const clock = createServerClock({ nowMs, monotonicMs, setTimer, ...uptime() });
    host.sleep(HOUR);
    expect(clock.nowMs()).toBe(START);
    clock.learn(START + HOUR, clock.monotonicMs());
    expect(clock.nowMs()).toBe(START + HOUR);
  });

  test('is not one that stopped a process between two readings', () => {
    let [wallMs, monotonicMs, stopMs] = [START, 0, 0];
    const pass = (ms: number): void => {
      wallMs += ms;
      monotonicMs += ms;
    };
    const clock = createServerClock({
      nowMs: () => wallMs,
      monotonicMs: () => monotonicMs,
      uptimeMs() {
        pass(stopMs);
        return monotonicMs + DAY;
      },
      setTimer: () => () => {},
    });
    for (stopMs of [5 * SECOND, 0]) {
      wallMs += HOUR;
      clock.nowMs();
    }
    expect(clock.nowMs() - START).toBe(5 * SECOND);
  });
});

describe("F5: KIS's time", () => {
  test.each([HOUR, -HOUR, DAY, -DAY, 5 * SECOND])('corrects a host that is %i ms off', (offMs) => {
    const { clock, corrections } = createPair(START + offMs);
    expect(clock.isLearned).toBe(false);
    clock.learn(START, clock.monotonicMs());
    expect(Math.abs(clock.nowMs() - START - 500)).toBeLessThanOrEqual(500);
    expect([clock.isLearned, corrections.length]).toEqual([true, 1]);
  });

  test('changes nothing where the host agrees with it', async () => {
    const { host, clock, corrections } = createPair(START + 700);
    const sinceMs = clock.monotonicMs();
    await host.advance(50);
    clock.learn(START, sinceMs);
    expect([clock.nowMs(), clock.isLearned, corrections]).toEqual([START + 750, true, []]);
  });

  test('is closed in on by every reply', async () => {
    const { host, clock } = createPair(START - DAY);
    for (let i = 0; i < 200; i += 1) {
      const trueMs = START + host.monotonicMs() - 5_000;
      clock.learn(Math.floor(trueMs / SECOND) * SECOND, clock.monotonicMs());
      await host.advance(333);
    }
    expect(Math.abs(clock.nowMs() - START - 200 * 333)).toBeLessThan(10);
  });

  test('may have lain in a socket while the process was stopped', async () => {
    const { host, clock, corrections } = createPair();
    const sinceMs = clock.monotonicMs();
    await host.advance(10 * MINUTE);
    clock.learn(START, sinceMs);
    expect([clock.nowMs(), corrections, clock.isLearned]).toEqual([START + 10 * MINUTE, [], false]);
  });

  test('is taken from two replies in a row where it is known, and one is far off it', () => {
    const { clock, corrections } = createPair();
    const learn = (serverDateMs: number) => clock.learn(serverDateMs, clock.monotonicMs());
    learn(START);
    learn(START + DAY);
    learn(START);
    learn(START - DAY);
    expect([clock.nowMs(), corrections]).toEqual([START, []]);
    learn(START - DAY);
    expect([clock.nowMs(), corrections]).toEqual([START - DAY + SECOND, [SECOND - DAY]]);
  });

  test('is not what is no date', () => {
    const { clock, corrections } = createPair();
    clock.learn(Number.NaN, clock.monotonicMs());
    clock.learn(START - DAY, Number.NaN);
    expect([clock.nowMs(), clock.isLearned, corrections]).toEqual([START, false, []]);
  });
});

test('the system clock tells since when the machine has been up', () => {
  const uptimeMs = systemClock.uptimeMs?.() ?? Number.NaN;
  expect(uptimeMs).toBeGreaterThan(performance.now() - 10_000);
  const clock = createServerClock(systemClock);
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(50);
});
