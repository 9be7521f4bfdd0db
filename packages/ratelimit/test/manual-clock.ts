import type { Clock } from '../src/index.ts';

export interface ManualClock extends Clock {
  /** How many timers are set. */
  readonly timers: number;
  /** Moves on by `ms`, firing what falls due in order, each with time for promises to settle. */
  advance(ms: number): Promise<void>;
  /** Time passes and nothing fires, as when the event loop is blocked. */
  block(ms: number): void;
}

/** Time that moves when told to. `earlyMs`: timers fire this much too soon, as the platform's may. */
export function createManualClock({ earlyMs = 0 }: { readonly earlyMs?: number } = {}): ManualClock {
  let nowMs = 1_000_000;
  const timers = new Set<{ readonly dueMs: number; readonly run: () => void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    monotonicMs: () => nowMs,
    setTimer(ms, run) {
      const timer = { dueMs: nowMs + ms - Math.min(earlyMs, ms / 2), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    get timers() {
      return timers.size;
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (;;) {
        const [next] = [...timers].filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        timers.delete(next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.run();
        await settle();
      }
      nowMs = endMs;
      await settle();
    },
    block(ms) {
      nowMs += ms;
    },
  };
}
