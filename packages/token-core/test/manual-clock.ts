import type { Clock } from '../src/index.ts';

export interface ManualClock extends Clock {
  uptimeMs(): number;
  /** Lets time pass: timers run in their order, and what they set going goes on, as far as memory takes it. */
  advance(ms: number): Promise<void>;
  /** The wall clock jumps; nothing passes. */
  jumpWall(ms: number): void;
  /** The machine sleeps: the wall clock and the uptime go on, the monotonic clock and the timers stand still. */
  sleep(ms: number): void;
  /** Timers that keep the process alive. */
  refTimers(): number;
}

export function createManualClock(startMs: number = Date.parse('2026-11-20T01:00:00Z')): ManualClock {
  let wallMs = startMs;
  let monotonicMs = 5_000;
  let sleptMs = 700_000;
  const timers = new Set<{ atMs: number; run: () => void; ref: boolean }>();

  return {
    nowMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    uptimeMs: () => monotonicMs + sleptMs,
    setTimer(ms, run, options) {
      // As the platform does it: no timer is shorter than a millisecond.
      const timer = { atMs: monotonicMs + Math.max(1, ms), run, ref: options?.ref !== false };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const endMs = monotonicMs + ms;
      await settle();
      for (;;) {
        const due = [...timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined) break;
        timers.delete(due);
        pass(Math.max(0, due.atMs - monotonicMs));
        due.run();
        await settle();
      }
      pass(endMs - monotonicMs);
    },
    jumpWall(ms) {
      wallMs += ms;
    },
    sleep(ms) {
      wallMs += ms;
      sleptMs += ms;
    },
    refTimers: () => [...timers].filter(({ ref }) => ref).length,
  };

  function pass(ms: number): void {
    monotonicMs += ms;
    wallMs += ms;
  }
}

/** Until nothing is left that waits for nothing but memory. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
