import type { LimiterPeer, RunOptions } from './limiter-peer.ts';

interface Waiter {
  readonly task: () => Promise<unknown>;
  readonly resolve: (result: Promise<unknown>) => void;
  readonly reject: (reason: unknown) => void;
  readonly group: Group | undefined;
  isGone: boolean;
}

/** Who waits under one signal, and the end of listening to it. */
interface Group {
  readonly waiters: Set<Waiter>;
  end(): void;
}

/**
 * The least that keeps a sliding window and leaks nothing: a ring of the last starts, a queue, one timer, and one listener for
 * each signal. It has no timeouts, no priorities, no statistics, and no guard against what happens on the way.
 */
export const floor: LimiterPeer = {
  name: 'floor: ring sliding log by hand',
  canAbort: true,
  create(limit, windowMs) {
    const starts = new Float64Array(limit).fill(-Infinity);
    const groups = new Map<AbortSignal, Group>();
    let oldest = 0;
    let queue: Waiter[] = [];
    let head = 0;
    let timer: NodeJS.Timeout | undefined;

    const freeInMs = () => (starts[oldest] ?? 0) + windowMs - performance.now();
    const setTimer = () => setTimeout(turn, Math.max(1, Math.ceil(freeInMs())));
    function start<T>(task: () => Promise<T>): Promise<T> {
      const result = task();
      starts[oldest] = performance.now();
      oldest = oldest + 1 === limit ? 0 : oldest + 1;
      return result;
    }
    function turn(): void {
      for (; head < queue.length && freeInMs() <= 0; head += 1) {
        const waiter = queue[head];
        if (waiter === undefined || waiter.isGone) continue;
        waiter.resolve(start(waiter.task));
        waiter.group?.waiters.delete(waiter);
        if (waiter.group?.waiters.size === 0) waiter.group.end();
      }
      timer = head < queue.length ? setTimer() : undefined;
      if (timer === undefined) [queue, head] = [[], 0];
    }
    function sendAway(waiters: Iterable<Waiter>, reason: unknown): void {
      for (const waiter of waiters) {
        waiter.isGone = true;
        waiter.reject(reason);
      }
    }
    function watch(signal: AbortSignal): Group {
      const abort = () => {
        groups.delete(signal);
        sendAway(group.waiters, signal.reason);
      };
      const end = () => {
        groups.delete(signal);
        signal.removeEventListener('abort', abort);
      };
      const group: Group = { waiters: new Set(), end };
      groups.set(signal, group);
      signal.addEventListener('abort', abort);
      return group;
    }

    return {
      run<T>(task: () => Promise<T>, options?: RunOptions): Promise<T> {
        if (head === queue.length && freeInMs() <= 0) return start(task);
        return new Promise<T>((resolve, reject) => {
          const group = options && (groups.get(options.signal) ?? watch(options.signal));
          const waiter: Waiter = { task, resolve: resolve as Waiter['resolve'], reject, group, isGone: false };
          queue.push(waiter);
          group?.waiters.add(waiter);
          timer ??= setTimer();
        });
      },
      close() {
        clearTimeout(timer);
        const waiting = queue.slice(head).filter(({ isGone }) => !isGone);
        [queue, head, timer] = [[], 0, undefined];
        sendAway(waiting, new Error('closed'));
        for (const { end } of groups.values()) end();
      },
    };
  },
};
