import { createAbortGroups } from './abort-groups.ts';
import { createLine, type InLine } from './line.ts';
import { checkOptions, checkWait, type RateLimiterOptions } from './options.ts';
import type { ExecuteOptions, RateLimiter } from './ports.ts';
import { RateLimitError } from './rate-limit-error.ts';
import { createStartLog } from './start-log.ts';

interface Waiter extends InLine<Waiter> {
  /** Runs the task; false if it threw before it began. */
  readonly start: () => boolean;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly deadlineMs: number;
}

/** Longer timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Lets no more than `limit` tasks start in any `windowMs`, first come, first served: an exact sliding log on a monotonic
 * clock. A slot is free again `windowMs` after the start of the task that had it.
 *
 * @throws RangeError naming the option that is wrong.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { limit, windowMs, maxQueue, queueTimeoutMs, clock } = checkOptions(options);
  const log = createStartLog(limit, windowMs);
  const line = createLine<Waiter>();
  const aborts = createAbortGroups<Waiter>((waiter, reason) => {
    turnAway(waiter, reason);
    setTimer();
  });
  let pausedUntilMs = -Infinity;
  let running = 0;
  let timed = 0;
  let isStarting = false;
  let isClosed = false;
  let cancelTimer: (() => void) | undefined;

  /** How long whoever stands behind `place` others has to wait, if nobody leaves. */
  function waitMs(place: number, nowMs: number): number {
    const firstMs = Math.max(nowMs, pausedUntilMs, log.freeAtMs(place % limit));
    return firstMs + Math.floor(place / limit) * windowMs - nowMs;
  }

  function leave(waiter: Waiter): void {
    line.leave(waiter);
    if (waiter.signal !== undefined) aborts.leave(waiter.signal, waiter);
    if (waiter.deadlineMs !== Infinity) timed -= 1;
  }

  function turnAway(waiter: Waiter, error: unknown): void {
    leave(waiter);
    waiter.reject(error);
  }

  function startWhoMay(): void {
    if (isStarting) return;
    isStarting = true;
    let nowMs = clock.monotonicMs();
    for (let waiter = line.first; waiter !== undefined && waitMs(0, nowMs) <= 0; waiter = line.first) {
      if (nowMs > waiter.deadlineMs) {
        turnAway(waiter, new RateLimitError('timeout', 0));
        continue;
      }
      leave(waiter);
      const hasBegun = waiter.start();
      nowMs = clock.monotonicMs();
      // Stamped after the task's first synchronous part, which is when a request really leaves.
      if (hasBegun) log.add(nowMs);
    }
    isStarting = false;
    setTimer();
  }

  function turnAwayWhoIsLate(): void {
    if (timed === 0) return;
    const nowMs = clock.monotonicMs();
    let place = 0;
    for (const waiter of line) {
      const ms = waitMs(place, nowMs);
      if (nowMs + ms > waiter.deadlineMs) turnAway(waiter, new RateLimitError('timeout', ms));
      else place += 1;
    }
  }

  // One timer serves the whole line. A slot never gets free earlier than it seemed, so a timer that runs is soon enough,
  // and the clock is read again when it fires: it may be a millisecond early, or a pause may have come.
  function setTimer(): void {
    if (line.size === 0) {
      cancelTimer?.();
      cancelTimer = undefined;
    } else if (cancelTimer === undefined) {
      const ms = Math.ceil(waitMs(0, clock.monotonicMs()));
      cancelTimer = clock.setTimer(Math.min(Math.max(ms, 1), longestTimerMs), () => {
        cancelTimer = undefined;
        turnAwayWhoIsLate();
        startWhoMay();
      });
    }
  }

  return {
    execute<T>(task: () => Promise<T>, { signal, timeoutMs }: ExecuteOptions = {}): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        // First those whose turn has come: after a blocked event loop their timer is late.
        startWhoMay();
        signal?.throwIfAborted();
        if (isClosed) throw new RateLimitError('closed', 0);
        const longestMs = checkWait('timeoutMs', timeoutMs, queueTimeoutMs);
        const nowMs = clock.monotonicMs();
        const ms = waitMs(line.size + (isStarting ? 1 : 0), nowMs);
        if (ms > 0 && line.size >= maxQueue) throw new RateLimitError('queue-full', ms);
        if (ms > longestMs) throw new RateLimitError('timeout', ms);

        const end = () => {
          running -= 1;
        };
        const start = () => {
          try {
            const result = task();
            running += 1;
            Promise.resolve(result).then(end, end);
            resolve(result);
            return true;
          } catch (error) {
            reject(error);
            return false;
          }
        };
        const waiter: Waiter = { start, reject, signal, deadlineMs: nowMs + longestMs };
        line.join(waiter);
        if (signal !== undefined) aborts.join(signal, waiter);
        if (waiter.deadlineMs !== Infinity) timed += 1;
        startWhoMay();
      });
    },
    penalize({ pauseMs }) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.monotonicMs() + checkWait('pauseMs', pauseMs, 0));
      turnAwayWhoIsLate();
      setTimer();
    },
    stats() {
      const nowMs = clock.monotonicMs();
      return {
        limit,
        windowMs,
        queued: line.size,
        running,
        startedInWindow: log.startedSince(nowMs - windowMs),
        pauseMs: Math.max(0, pausedUntilMs - nowMs),
      };
    },
    close() {
      isClosed = true;
      for (const waiter of line) turnAway(waiter, new RateLimitError('closed', 0));
      setTimer();
    },
  };
}
