import type { Clock } from './ports.ts';

/** Longer timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** A timer of the clock for any time, `Infinity` too; it may fire early. */
export function setTimer(clock: Clock, ms: number, run: () => void, ref = true): () => void {
  return clock.setTimer(Math.min(Math.max(Math.ceil(ms), 1), longestTimerMs), run, { ref });
}

/** One timer for the earliest of all moments that somebody waits for. */
export interface Alarm {
  /** When it is due; undefined: it is not set. */
  readonly dueMs: number | undefined;
  /** It is due then, or earlier if it is so already. */
  set(dueMs: number, nowMs: number): void;
  cancel(): void;
}

/** `ref`: it keeps the process alive. */
export function createAlarm(clock: Clock, run: () => void, ref = true): Alarm {
  let timer: { readonly dueMs: number; readonly cancel: () => void } | undefined;
  return {
    get dueMs() {
      return timer?.dueMs;
    },
    set(dueMs, nowMs) {
      if (timer !== undefined && timer.dueMs <= dueMs) return;
      timer?.cancel();
      const ring = () => {
        timer = undefined;
        run();
      };
      timer = { dueMs, cancel: setTimer(clock, dueMs - nowMs, ring, ref) };
    },
    cancel() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
