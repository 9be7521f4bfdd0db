import { createAlarm } from './alarm.ts';
import { createClosers } from './closers.ts';
import type { Engine, Gate } from './gate.ts';
import { laneOf } from './lanes.ts';
import { type CheckedOptions, checkSignal, checkWait } from './options.ts';
import type { ExecuteOptions, RateLimiter } from './ports.ts';
import { createQueue, type Waiter } from './queue.ts';
import { RateLimitError } from './rate-limit-error.ts';
import { createRuns } from './runs.ts';
import { createWaits } from './waits.ts';

/** Who waits, whose turn it is, and how it ends, over a gate that knows the slots. */
export function createEngine<Permit>(
  options: CheckedOptions,
  createGate: (engine: Engine) => Gate<Permit>,
): RateLimiter {
  const { limit, windowMs, maxConcurrent, maxQueue, queueTimeoutMs, clock } = options;
  const gate = createGate({ wanted, serve: bearAnswer });
  const waits = createWaits();
  const runs = createRuns(gate, waits, options, bearEnd);
  const queue = createQueue(() => settle(clock.monotonicMs()));
  const closers = createClosers(clock);
  const alarm = createAlarm(clock, serve);
  /** Who came past a full queue, as the gate may have had a slot at once. */
  let guests: Waiter[] = [];
  let isWaiting = false;
  let isClosed = false;
  /** Of the promise that was made last: a closure for each caller would cost more than the rest of its place in the queue. */
  const settlers = { resolve: (_: Promise<unknown>): void => {}, reject: (_: unknown): void => {} };
  const keepSettlers = (resolve: Waiter['resolve'], reject: Waiter['reject']) => {
    settlers.resolve = resolve;
    settlers.reject = reject;
  };

  /** One task may always run. */
  const hasRoom = () => gate.running < 1 || gate.running < maxConcurrent();

  function bearEnd(nowMs: number, isPaused: boolean): void {
    if (isPaused) queue.turnAwayLate(nowMs, (place) => gate.waitMs(place, nowMs));
    if (isWaiting) serve();
    else if (isClosed) tellClosers();
  }

  function serve(): void {
    if (runs.isStarting) return;
    let nowMs = clock.monotonicMs();
    // `maxConcurrent` is not ours: whoever it sends away must not be looked at before.
    while (hasRoom()) {
      const waiter = queue.first;
      if (waiter === undefined) break;
      if (waiter.deadlineMs !== undefined && nowMs > waiter.deadlineMs) {
        queue.turnAway(waiter, new RateLimitError('timeout', 0));
        continue;
      }
      if (!gate.hasSlot(nowMs)) break;
      start(waiter, nowMs);
      nowMs = clock.monotonicMs();
    }
    queue.turnAwayDue(nowMs, () => gate.waitMs(0, nowMs));
    settle(nowMs);
  }

  function start(waiter: Waiter, nowMs: number): void {
    queue.serve(waiter);
    try {
      waiter.resolve(runs.begin(waiter.task, Math.max(0, nowMs - waiter.joinedMs)));
    } catch (error) {
      waiter.reject(error);
    }
  }

  /** The gate has asked for slots: whoever came past a full queue, or has little time, may have come in vain. */
  function bearAnswer(): void {
    serve();
    guests = guests.filter(({ hasLeft }) => !hasLeft);
    const nowMs = clock.monotonicMs();
    const ms = gate.waitMs(0, nowMs);
    if (ms <= 0) return;
    for (const guest of guests) queue.turnAway(guest, new RateLimitError('queue-full', ms));
    if (nowMs + ms > queue.deadlineMs) queue.turnAwayLate(nowMs, (place) => gate.waitMs(place, nowMs));
    settle(nowMs);
  }

  function wanted(): number {
    return Math.max(0, Math.min(queue.size, Math.max(1, maxConcurrent()) - gate.running));
  }

  /** After each change of the queue: one timer for all, as long as somebody waits. */
  function settle(nowMs: number): void {
    const mayStart = hasRoom();
    if (queue.size > 0 !== isWaiting) {
      isWaiting = !isWaiting;
      gate.setWaiting(isWaiting, nowMs);
    }
    if (!isWaiting) {
      alarm.cancel();
      if (isClosed) tellClosers();
      return;
    }
    // Without room only the end of a task can help: then the timer just keeps the process alive.
    alarm.set(Math.min(mayStart ? gate.seek(nowMs) : Infinity, queue.deadlineMs), nowMs);
  }

  function tellClosers(): void {
    if (gate.running === 0 && !runs.isStarting && queue.size === 0) closers.tell();
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
    const ms = gate.waitMs(queue.placeIn(lane) + (runs.isStarting ? 1 : 0), nowMs);
    const mayStart = ms <= 0 && isFree && !runs.isStarting;
    const isGuest = !isRepeat && queue.size >= maxQueue;
    if (!mayStart && isGuest) throw new RateLimitError('queue-full', ms);
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
    if (mayStart) {
      serve();
      if (isGuest && !waiter.hasLeft) guests.push(waiter);
    } else if (alarm.dueMs === undefined || alarm.dueMs > (waiter.deadlineMs ?? Infinity)) {
      settle(nowMs);
    }
    return promise as Promise<T>;
  }

  function execute<T>(task: () => Promise<T>, options?: ExecuteOptions): Promise<T> {
    if (options?.signal?.aborted) return Promise.reject(options.signal.reason);
    try {
      const mayStart = !isWaiting && hasRoom() && !isWaiting && !runs.isStarting && !isClosed && gate.isOpen();
      if (options?.signal !== undefined) checkSignal(options.signal);
      if (!mayStart) return join(task, options ?? {});
      if (options !== undefined) {
        laneOf(options.priority);
        checkWait('timeoutMs', options.timeoutMs, queueTimeoutMs);
      }
      try {
        return runs.begin(task, 0);
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
      gate.pause(checkWait('pauseMs', pauseMs), nowMs);
      queue.turnAwayLate(nowMs, (place) => gate.waitMs(place, nowMs));
      settle(nowMs);
    },
    stats() {
      const nowMs = clock.monotonicMs();
      const [waitP50Ms, waitP99Ms] = waits.quantiles(0.5, 0.99);
      return {
        limit,
        windowMs,
        ...gate.stats(nowMs),
        waiting: queue.size,
        inFlight: gate.running,
        granted: runs.granted,
        refused: runs.refused,
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
      return closed.then(gate.close);
    },
  };

  function turnAllAway(): void {
    queue.turnAwayAll(new RateLimitError('closed', 0));
    settle(clock.monotonicMs());
  }
}
