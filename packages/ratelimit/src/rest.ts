/**
 * A pause of all lanes. After one that refusals caused, a single task goes first, and the others when it was answered, or a
 * window later: a service that still refuses sees one call a window.
 */
export interface Rest {
  /** Whether nothing holds tasks back, without a look at the clock. */
  readonly isOver: boolean;
  /** Whether a task that was started then belongs to the burst whose refusals began the last pause. */
  isOfBurst(startedMs: number): boolean;
  pause(untilMs: number): void;
  /** The first refusal of a burst. */
  beginBurst(nowMs: number): void;
  /** When the next task may start; of a pause whose scout is under way, the latest moment. */
  endMs(nowMs: number): number;
  /** A task has started, or ended. */
  begin(startedMs: number): void;
  end(startedMs: number): void;
}

export function createRest(windowMs: number): Rest {
  let untilMs = -Infinity;
  let burstMs = -Infinity;
  let scout: 'none' | 'due' | 'out' = 'none';
  let scoutMs = Infinity;
  let isOver = true;

  return {
    get isOver() {
      return isOver;
    },
    isOfBurst: (startedMs) => startedMs <= burstMs,
    pause(ms) {
      untilMs = Math.max(untilMs, ms);
      isOver = false;
    },
    beginBurst(nowMs) {
      burstMs = nowMs;
      scout = 'due';
      this.pause(nowMs + windowMs);
    },
    endMs(nowMs) {
      if (untilMs > nowMs) return untilMs;
      if (scout === 'out' && scoutMs + windowMs > nowMs) return scoutMs + windowMs;
      if (scout === 'out') scout = 'none';
      isOver = scout === 'none';
      return nowMs;
    },
    begin(startedMs) {
      if (scout !== 'due') return;
      scout = 'out';
      scoutMs = startedMs;
    },
    end(startedMs) {
      if (scout === 'out' && startedMs >= scoutMs) scout = 'none';
    },
  };
}
