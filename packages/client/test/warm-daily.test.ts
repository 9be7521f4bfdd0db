import { describe, expect, onTestFinished, test } from 'vitest';
import { type DailyCodes, startDailyWarming, type WarmDailyOptions } from '../src/cache/warm-daily.ts';
import type { KisClientEvent } from '../src/index.ts';
import { startTimeline, type Timeline } from './timeline.ts';

const korea = (time: string) => Date.parse(`${time}+09:00`);
const hourMs = 3_600_000;
const price = { types: ['price'] } as const;

const told = ({ events }: Timeline) =>
  events.filter(({ type }) => type === 'cache-warmed' || type === 'cache-warming-failed');
const holidayCalls = ({ fake }: Timeline) =>
  fake.log().entries.filter(({ path }) => path.endsWith('chk-holiday')).length;
const priceCalls = ({ fake }: Timeline) => fake.log().entries.filter(({ path }) => path.includes('price')).length;

describe('warmDaily', () => {
  test('warms at its time in Korea on market days, and on no holiday and no weekend', async () => {
    // Friday is Christmas.
    const stage = startTimeline({}, { cache: true }, korea('2026-12-24T08:29:00'));
    const { client, clock, pass } = stage;
    const passTo = (time: string) => pass(korea(time) - clock.nowMs());
    const daily = client.warmDaily('08:30', ['005930', '000660'], price);
    expect(daily.nextMs).toBe(korea('2026-12-24T08:30:00'));
    await passTo('2026-12-24T08:29:59');
    expect(stage.fake.log().calls).toBe(0);
    await passTo('2026-12-24T08:31:00');
    const warmed = {
      type: 'cache-warmed',
      report: { price: { succeeded: 2, failed: 0 }, durationMs: expect.any(Number) },
    };
    expect(told(stage)).toEqual([warmed]);
    expect(daily.nextMs).toBe(korea('2026-12-25T08:30:00'));
    await passTo('2026-12-28T08:29:00');
    expect(told(stage)).toEqual([warmed]);
    expect(priceCalls(stage)).toBe(2);
    await passTo('2026-12-28T08:31:00');
    expect(told(stage)).toEqual([warmed, warmed]);
    daily.stop();
  });

  test('on the virtual host, which tells no holidays, warms from Monday to Friday', async () => {
    const environment = 'virtual';
    const stage = startTimeline({ environment }, { environment, cache: true }, korea('2026-12-25T08:29:00'));
    stage.client.warmDaily('08:30', ['005930'], price);
    await stage.pass(120_000);
    expect(told(stage)).toMatchObject([{ type: 'cache-warmed', report: { price: { succeeded: 1 } } }]);
    expect(holidayCalls(stage)).toBe(0);
  });

  test('warms although it cannot ask for holidays, and tells why', async () => {
    const stage = startTimeline({}, { cache: true, retry: false }, korea('2026-12-24T08:29:00'));
    stage.fake.control({ failNext: { count: 1, path: 'chk-holiday', kisCode: 'EGW00001' } });
    stage.client.warmDaily('08:30', ['005930'], price);
    await stage.pass(120_000);
    expect(told(stage)).toMatchObject([
      { type: 'cache-warming-failed', isGoingOn: true, error: { kisCode: 'EGW00001' } },
      { type: 'cache-warmed' },
    ]);
  });

  test('is ended when the client is closed, in the middle of a warming, too', async () => {
    const stage = startTimeline({}, { cache: true }, korea('2026-12-24T08:29:59'));
    const { client, pass } = stage;
    const daily = client.warmDaily(
      '08:30',
      stage.fake.symbols.map(({ code }) => code),
      { types: ['info'] },
    );
    await pass(1_500);
    await client.close();
    expect(daily.nextMs).toBeUndefined();
    const { calls } = stage.fake.log();
    await pass(24 * hourMs);
    expect([calls, told(stage)]).toEqual([stage.fake.log().calls, []]);
    expect(calls).toBeLessThan(20);
  });
});

/** A clock whose one timer is run by hand, at whatever time. */
function createSchedule(
  time: string,
  codes: DailyCodes,
  options: WarmDailyOptions = {},
  isMarketDay?: (date: string, signal: AbortSignal) => Promise<boolean>,
) {
  let nowMs = korea('2026-12-24T08:00:00');
  let timer: { readonly ms: number; readonly run: () => void; readonly ref: boolean | undefined } | undefined;
  const events: KisClientEvent[] = [];
  const warmed: string[][] = [];
  const clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    setTimer(ms: number, run: () => void, { ref }: { readonly ref?: boolean | undefined } = {}) {
      timer = { ms, run, ref };
      return () => {
        timer = undefined;
      };
    },
  };
  const daily = startDailyWarming(
    {
      clock,
      warm: async (list) => {
        warmed.push([...list]);
        return { durationMs: 0 };
      },
      isMarketDay,
      onEvent: (event) => events.push(event),
    },
    time,
    codes,
    options,
  );
  onTestFinished(() => daily.stop());
  return {
    daily,
    warmed,
    events,
    timer: () => timer,
    /** What the timer does when it is run at that time. */
    async wakeAt(at: string) {
      nowMs = korea(at);
      timer?.run();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the time of day', () => {
  test('is kept through sleep and clocks that are set: it is looked at every minute', async () => {
    const { daily, timer, warmed, wakeAt } = createSchedule('08:30', ['a']);
    expect(timer()).toMatchObject({ ms: 60_000, ref: false });
    await wakeAt('2026-12-24T08:29:40');
    expect(timer()?.ms).toBe(20_000);
    await wakeAt('2026-12-24T07:00:00');
    expect([warmed, timer()?.ms]).toEqual([[], 60_000]);
    await wakeAt('2026-12-24T11:00:00');
    expect(warmed).toEqual([['a']]);
    expect(daily.nextMs).toBe(korea('2026-12-25T08:30:00'));
  });

  test('is that of Korea, wherever the machine is', async () => {
    const { daily } = createSchedule('00:00', []);
    expect(daily.nextMs).toBe(Date.parse('2026-12-24T15:00:00Z'));
  });

  test('comes from Monday to Friday', async () => {
    const { daily, wakeAt } = createSchedule('08:30', []);
    await wakeAt('2026-12-25T08:30:00');
    expect(daily.nextMs).toBe(korea('2026-12-28T08:30:00'));
  });

  test('is given up without a word when it is stopped while KIS is asked for holidays', async () => {
    const hang = (_: string, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { daily, events, warmed, wakeAt } = createSchedule('08:30', ['a'], {}, hang);
    await wakeAt('2026-12-24T08:30:00');
    daily.stop();
    await wakeAt('2026-12-24T08:31:00');
    expect([events, warmed]).toEqual([[], []]);
  });

  test.each(['8:30', '24:00', '08:60', '0830', '08:30:00', '', undefined])('%j is none', (time) => {
    expect(() => createSchedule(time as string, [])).toThrow(
      `client: the time must be HH:MM in Korea, such as '08:30', got ${time}`,
    );
  });

  test('keeps the process alive where that is asked for', () => {
    expect(createSchedule('08:30', [], { ref: true }).timer()?.ref).toBe(true);
  });

  test('finds its codes on the day', async () => {
    let codes = ['a'];
    const { warmed, wakeAt } = createSchedule('08:30', async () => codes);
    await wakeAt('2026-12-24T08:30:00');
    codes = ['b', 'c'];
    await wakeAt('2026-12-25T08:30:00');
    expect(warmed).toEqual([['a'], ['b', 'c']]);
  });

  test('comes again after a failure, which is an event', async () => {
    const error = new Error('no list today');
    let isDown = true;
    const { events, warmed, wakeAt } = createSchedule('08:30', () => {
      if (isDown) throw error;
      return ['a'];
    });
    await wakeAt('2026-12-24T08:30:00');
    isDown = false;
    await wakeAt('2026-12-25T08:30:00');
    expect(events).toEqual([
      { type: 'cache-warming-failed', error, isGoingOn: false },
      { type: 'cache-warmed', report: { durationMs: 0 } },
    ]);
    expect(warmed).toEqual([['a']]);
  });

  test('does not come again while it still warms', async () => {
    let asked = 0;
    const { wakeAt } = createSchedule('08:30', () => {
      asked += 1;
      return new Promise(() => {});
    });
    await wakeAt('2026-12-24T08:30:00');
    await wakeAt('2026-12-25T08:30:00');
    expect(asked).toBe(1);
  });

  test('comes no more when it is stopped, or its signal aborted', async () => {
    const stopped = createSchedule('08:30', ['a']);
    stopped.daily.stop();
    const controller = new AbortController();
    const aborted = createSchedule('08:30', ['a'], { signal: controller.signal });
    controller.abort();
    const abortedBefore = createSchedule('08:30', ['a'], { signal: controller.signal });
    for (const { daily, timer } of [stopped, aborted, abortedBefore]) {
      expect([daily.nextMs, timer()]).toEqual([undefined, undefined]);
    }
  });
});
