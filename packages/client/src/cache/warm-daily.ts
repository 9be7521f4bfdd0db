import type { Clock } from '@kis/token-core';
import { Cron } from 'croner';
import { checkCodes } from '../batch/check-codes.ts';
import type { EventSink } from '../events.ts';
import { koreanDate } from '../korean-time.ts';
import { onAbort } from '../on-abort.ts';
import { checkWarmOptions, type WarmOptions, type WarmReport } from './warm.ts';

export interface WarmDailyOptions extends WarmOptions {
  /** Whether waiting for the next day keeps the process alive. Default false. */
  readonly ref?: boolean | undefined;
}

/** Codes, or what gives them on the day. */
export type DailyCodes = Iterable<string> | (() => Iterable<string> | Promise<Iterable<string>>);

export interface DailyWarming {
  /** When it warms next, market day or not; undefined once it is stopped. */
  readonly nextMs: number | undefined;
  /** For good; a warming under way is ended. */
  stop(): void;
}

/** The machine may sleep, and clocks are set: the time of day is looked at again at least as often. */
const lookEveryMs = 60_000;

/**
 * Warms from Monday to Friday at a time of day in Korea, `HH:MM`, but for holidays. Failures are events.
 *
 * @throws TypeError naming what is wrong with the time, the codes or the options.
 */
export function startDailyWarming(
  source: {
    readonly clock: Clock;
    warm(codes: Iterable<string>, options: WarmOptions): Promise<WarmReport>;
    /** Of a `YYYYMMDD`. Undefined where nobody tells holidays. */
    readonly isMarketDay?: ((date: string, signal: AbortSignal) => Promise<boolean>) | undefined;
    readonly onEvent: EventSink;
  },
  time: string,
  codes: DailyCodes,
  { ref = false, signal, ...options }: WarmDailyOptions,
): DailyWarming {
  const { clock, onEvent } = source;
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hours === undefined) {
    throw new TypeError(`client: the time must be HH:MM in Korea, such as '08:30', got ${String(time)}`);
  }
  if (typeof codes !== 'function') checkCodes(codes);
  checkWarmOptions(options);
  // Asked for instants only: its own timers know no clock but the platform's.
  const schedule = new Cron(`${Number(minutes)} ${Number(hours)} * * 1-5`, { timezone: 'Asia/Seoul', paused: true });
  const stopped = new AbortController();
  let nextMs: number | undefined = findNextMs();
  let cancel = () => {};
  let forget = () => {};
  let isRunning = false;

  function findNextMs(): number | undefined {
    return schedule.nextRun(new Date(clock.nowMs()))?.getTime();
  }

  function wait(): void {
    if (nextMs === undefined) return;
    const leftMs = Math.max(0, nextMs - clock.nowMs());
    cancel = clock.setTimer(Math.min(leftMs, lookEveryMs), look, { ref });
  }

  function look(): void {
    if (nextMs !== undefined && clock.nowMs() >= nextMs) {
      nextMs = findNextMs();
      if (!isRunning) void run();
    }
    wait();
  }

  async function run(): Promise<void> {
    isRunning = true;
    try {
      if (await isOpenToday()) {
        const today = typeof codes === 'function' ? await codes() : codes;
        const report = await source.warm(today, { ...options, signal: stopped.signal });
        onEvent({ type: 'cache-warmed', report });
      }
    } catch (error) {
      if (!stopped.signal.aborted) onEvent({ type: 'cache-warming-failed', error, isGoingOn: false });
    }
    isRunning = false;
  }

  async function isOpenToday(): Promise<boolean> {
    try {
      return (await source.isMarketDay?.(koreanDate(clock.nowMs()), stopped.signal)) ?? true;
    } catch (error) {
      stopped.signal.throwIfAborted();
      // A holiday's warming costs calls, and a market day's is missed by all who read.
      onEvent({ type: 'cache-warming-failed', error, isGoingOn: true });
      return true;
    }
  }

  function stop(): void {
    nextMs = undefined;
    cancel();
    forget();
    stopped.abort();
  }

  forget = onAbort(signal, stop);
  if (signal?.aborted) stop();
  wait();
  return {
    get nextMs() {
      return nextMs;
    },
    stop,
  };
}
