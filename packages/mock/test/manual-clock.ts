import type { Clock } from '../src/index.ts';

/** A clock that stands still until it is told otherwise. */
export interface ManualClock extends Clock {
  /** Lets time pass: timers run in order, and what they set going runs before the next one. */
  advance(ms: number): Promise<void>;
  readonly pendingTimers: number;
}

export function createManualClock(startMs: number): ManualClock {
  let passedMs = 0;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    nowMs: () => startMs + passedMs,
    monotonicMs: () => 5_000 + passedMs,
    setTimer(ms, run) {
      const timer = { atMs: passedMs + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const endMs = passedMs + ms;
      await settle();
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        passedMs = Math.max(passedMs, next.atMs);
        next.run();
        await settle();
      }
      passedMs = endMs;
    },
    get pendingTimers() {
      return timers.length;
    },
  };
}

/** This wall time of Korea as epoch milliseconds. */
export function korea(time: string): number {
  return Date.parse(`${time}+09:00`);
}
