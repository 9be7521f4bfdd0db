import { createAdaptiveLimit, createFixedLimit } from './adaptive-limit.ts';
import { createAlarm } from './alarm.ts';
import { createClosers } from './closers.ts';
import { laneOf } from './lanes.ts';
import { checkOptions, checkSignal, checkWait, type RateLimiterOptions } from './options.ts';
import type { ExecuteOptions, RateLimiter } from './ports.ts';
import { createQueue, type Waiter } from './queue.ts';
import { RateLimitError } from './rate-limit-error.ts';
import { createRest } from './rest.ts';
import { createRoundTrips } from './round-trips.ts';
import { createSlots } from './slots.ts';
import { createWaits } from './waits.ts';

/**
 * Lets no more than `limit` calls arrive in any `windowMs`, first come, first served within each priority. A slot is free again
 * a window after the reply to the call that had it, less a part of the smallest round trip, on a monotonic clock.
 *
 * @throws RangeError, TypeError naming the option that is wrong.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { limit, windowMs, maxConcurrent, maxQueue, queueTimeoutMs, isRefusal, clock, onEvent, ...rules } =
    checkOptions(options);
  const roundTrips = createRoundTrips(rules.roundTripCredit, limit);
  const slots = createSlots(limit, windowMs, roundTrips);
  const effective = rules.adaptive
    ? createAdaptiveLimit(limit, windowMs, (value) => onEvent({ type: 'limit', limit: value }))
    : createFixedLimit(limit);
  const rest = createRest(windowMs);
  const waits = createWaits();
  const queue = createQueue(() => settle(clock.monotonicMs()));
  const closers = createClosers(clock);
  const alarm = createAlarm(clock, serve);
  let granted = 0;
  let refused = 0;
  let isStarting = false;
  let isWaiting = false;
  let isClosed = false;
  /** Of the promise that was made last: a closure for each caller would cost more than the rest of its place in the queue. */
  const settlers = { resolve: (_: Promise<unknown>): void => {}, reject: (_: unknown): void => {} };
  const keepSettlers = (resolve: Waiter['resolve'], reject: Waiter['reject']) => {
    settlers.resolve = resolve;
    settlers.reject = reject;
  };

  /** One task may always run. */
  const hasRoom = () => slots.running < 1 || slots.running < maxConcurrent();

  /** Mostly told without a look at the clock. */
  const hasSlot = () =>
    slots.running + slots.ended < effective.value || slots.inUse(clock.monotonicMs()) < effective.value;

  /** How long whoever stands behind `place` others has to wait, at the least. */
  function waitMs(place: number, nowMs: number): number {
    const fromMs = rest.isOver ? nowMs : rest.endMs(nowMs);
    return slots.freeAtMs(place, effective.value, nowMs, fromMs) - nowMs;
  }

  function begin<T>(task: () => Promise<T>, waitedMs: number): Promise<T> {
    let result: Promise<T>;
    isStarting = true;
    try {
      result = task();
    } finally {
      isStarting = false;
    }
    slots.begin();
    granted += 1;
    waits.add(waitedMs);
    // After the task's first synchronous part, which is when a request really leaves.
    const startedMs = clock.monotonicMs();
    if (!rest.isOver) rest.begin(startedMs);
    return attend(result, startedMs);
  }

  async function attend<T>(result: Promise<T>, startedMs: number): Promise<T> {
    let value: T;
    try {
      value = await result;
    } catch (error) {
      const wasRefused = tellsOfRefusal(error);
      end(startedMs, wasRefused, wasRefused);
      throw error;
    }
    end(startedMs, true, false);
    return value;
  }

  function tellsOfRefusal(error: unknown): boolean {
    try {
      return isRefusal(error);
    } catch {
      // The task's own error is what the caller has to hear of.
      return false;
    }
  }

  function end(startedMs: number, isAnswered: boolean, wasRefused: boolean): void {
    const nowMs = clock.monotonicMs();
    slots.end(nowMs, isAnswered);
    if (isAnswered) roundTrips.see(nowMs - startedMs);
    if (isAnswered && !wasRefused) effective.accept();
    if (!rest.isOver) rest.end(startedMs);
    if (wasRefused) bearRefusal(startedMs, nowMs);
    if (isWaiting) serve();
    else if (isClosed) tellClosers();
  }

  function bearRefusal(startedMs: number, nowMs: number): void {
    refused += 1;
    const isFirst = !rest.isOfBurst(startedMs);
    if (isFirst) {
      rest.beginBurst(nowMs);
      onEvent({ type: 'pause', pauseMs: windowMs });
    }
    effective.refuse(isFirst, nowMs);
    if (isFirst) queue.turnAwayLate(nowMs, (place) => waitMs(place, nowMs));
  }

  function serve(): void {
    if (isStarting) return;
    let nowMs = clock.monotonicMs();
    effective.rise(nowMs);
    // `maxConcurrent` is not ours: whoever it sends away must not be looked at before.
    while (hasRoom()) {
      const waiter = queue.first;
      if (waiter === undefined) break;
      if (waiter.deadlineMs !== undefined && nowMs > waiter.deadlineMs) {
        queue.turnAway(waiter, new RateLimitError('timeout', 0));
        continue;
      }
      if (waitMs(0, nowMs) > 0) break;
      start(waiter, nowMs);
      nowMs = clock.monotonicMs();
    }
    queue.turnAwayDue(nowMs, () => waitMs(0, nowMs));
    settle(nowMs);
  }

  function start(waiter: Waiter, nowMs: number): void {
    queue.serve(waiter);
    try {
      waiter.resolve(begin(waiter.task, Math.max(0, nowMs - waiter.joinedMs)));
    } catch (error) {
      waiter.reject(error);
    }
  }

  /** After each change of the queue: one timer for all, as long as somebody waits. */
  function settle(nowMs: number): void {
    const mayStart = hasRoom();
    if (queue.size > 0 !== isWaiting) {
      isWaiting = !isWaiting;
      effective.setWaiting(isWaiting, nowMs);
    }
    if (!isWaiting) {
      alarm.cancel();
      if (isClosed) tellClosers();
      return;
    }
    // Without room only the end of a task can help: then the timer just keeps the process alive.
    alarm.set(Math.min(mayStart ? nowMs + waitMs(0, nowMs) : Infinity, queue.deadlineMs), nowMs);
  }

  function tellClosers(): void {
    if (slots.running === 0 && !isStarting && queue.size === 0) closers.tell();
  }

  function join<T>(
    task: () => Promise<T>,
    { signal, priority, timeoutMs, isRepeat = false }: ExecuteOptions,
  ): Promise<T> {
    let nowMs = clock.monotonicMs();
    if (alarm.dueMs !== undefined && alarm.dueMs <= nowMs) {
      // First those whose turn has come: after a blocked event loop their timer is late.
      serve();
      nowMs = clock.monotonicMs();
    }
    const lane = laneOf(priority, isRepeat);
    const longestMs = checkWait('timeoutMs', timeoutMs, queueTimeoutMs);
    const isFree = hasRoom();
    if (isClosed) throw new RateLimitError('closed', 0);
    const ms = waitMs(queue.placeIn(lane) + (isStarting ? 1 : 0), nowMs);
    const mayStart = ms <= 0 && isFree && !isStarting;
    if (!mayStart && !isRepeat && queue.size >= maxQueue) throw new RateLimitError('queue-full', ms);
    if (ms > longestMs) throw new RateLimitError('timeout', ms);
    const promise = new Promise(keepSettlers);
    const waiter: Waiter = {
      task,
      resolve: settlers.resolve,
      reject: settlers.reject,
      signal,
      lane,
      // Whole numbers take less room, and a queue may be long.
      joinedMs: Math.floor(nowMs),
      deadlineMs: longestMs === Infinity ? undefined : Math.ceil(nowMs + longestMs),
      hasLeft: false,
    };
    queue.join(waiter);
    if (mayStart) serve();
    else if (alarm.dueMs === undefined || alarm.dueMs > (waiter.deadlineMs ?? Infinity)) settle(nowMs);
    return promise as Promise<T>;
  }

  function execute<T>(task: () => Promise<T>, options?: ExecuteOptions): Promise<T> {
    if (options?.signal?.aborted) return Promise.reject(options.signal.reason);
    try {
      const mayStart = !isWaiting && hasRoom() && !isWaiting && !isStarting && !isClosed && rest.isOver && hasSlot();
      if (options?.signal !== undefined) checkSignal(options.signal);
      if (!mayStart) return join(task, options ?? {});
      if (options !== undefined) {
        laneOf(options.priority);
        checkWait('timeoutMs', options.timeoutMs, queueTimeoutMs);
      }
      try {
        return begin(task, 0);
      } finally {
        // The task may have asked again, or closed the limiter.
        if (isWaiting) serve();
        else if (isClosed) tellClosers();
      }
    } catch (error) {
      return Promise.reject(error);
    }
  }

  return {
    execute,
    penalize({ pauseMs }) {
      const nowMs = clock.monotonicMs();
      rest.pause(nowMs + checkWait('pauseMs', pauseMs));
      queue.turnAwayLate(nowMs, (place) => waitMs(place, nowMs));
      settle(nowMs);
    },
    stats() {
      const nowMs = clock.monotonicMs();
      const [waitP50Ms, waitP99Ms] = waits.quantiles(0.5, 0.99);
      return {
        limit,
        effectiveLimit: effective.value,
        windowMs,
        waiting: queue.size,
        inFlight: slots.running,
        slotsInUse: slots.inUse(nowMs),
        granted,
        refused,
        pauseMs: rest.endMs(nowMs) - nowMs,
        waitP50Ms,
        waitP99Ms,
      };
    },
    close({ drain = false, timeoutMs } = {}) {
      const longestMs = checkWait('timeoutMs', timeoutMs, Infinity);
      isClosed = true;
      if (!drain) turnAllAway();
      const closed = closers.join(longestMs, turnAllAway);
      tellClosers();
      return closed;
    },
  };

  function turnAllAway(): void {
    queue.turnAwayAll(new RateLimitError('closed', 0));
    settle(clock.monotonicMs());
  }
}
