/** What refusals have left of a limit. */
export interface AdaptiveLimit {
  readonly value: number;
  /** A task was answered, and not refused. */
  accept(): void;
  /** A task was refused; `isFirst`: of its burst. */
  refuse(isFirst: boolean, nowMs: number): void;
  /** Callers wait from this moment on, or have ceased to. */
  setWaiting(isWaiting: boolean, nowMs: number): void;
  /** Raises it, if it is time. Asked before each start. */
  rise(nowMs: number): void;
}

/** In windows of waiting: from a fall to the first step up, from one step to the next, and until a step that failed is tried again. */
const windows = { first: 5, next: 2, again: 600 } as const;

/** What part of its rate a limit has to have let through before it counts as tried: slow replies try nothing. */
const triedShare = 0.6;

/**
 * Each refused task takes one off, so a full window that was refused leaves what it accepted. Time in which callers waited and
 * nobody was refused adds one, which is a probe: when it is refused, that height is left alone for long.
 */
export function createAdaptiveLimit(
  ceiling: number,
  windowMs: number,
  onChange: (limit: number) => void,
): AdaptiveLimit {
  let value = ceiling;
  let isProbe = false;
  /** Since the last change. */
  let accepted = 0;
  /** The height that a probe found too high, and when that was. */
  let failed = Infinity;
  let failedMs = 0;
  /** Moments below are counted on a clock that goes only while callers wait. */
  let changedMs = 0;
  let waitedMs = 0;
  let waitingSinceMs = Infinity;

  const waitedAt = (nowMs: number) => waitedMs + Math.max(0, nowMs - waitingSinceMs);

  function isTried(atMs: number): boolean {
    const tried = (atMs - changedMs) / windowMs;
    return tried >= windows.next && accepted >= triedShare * value * tried;
  }

  function change(to: number, atMs: number): void {
    changedMs = atMs;
    accepted = 0;
    if (to === value) return;
    value = to;
    onChange(value);
  }

  return {
    get value() {
      return value;
    },
    setWaiting(isWaiting, nowMs) {
      waitedMs = waitedAt(nowMs);
      waitingSinceMs = isWaiting ? nowMs : Infinity;
    },
    accept() {
      accepted += 1;
    },
    refuse(isFirst, nowMs) {
      const atMs = waitedAt(nowMs);
      if (isFirst && isProbe && !isTried(atMs)) {
        failed = value;
        failedMs = atMs;
      }
      if (isFirst) isProbe = false;
      change(Math.max(1, value - 1), atMs);
    },
    rise(nowMs) {
      if (value >= ceiling) return;
      const atMs = waitedAt(nowMs);
      if (!isTried(atMs) || (!isProbe && atMs - changedMs < windows.first * windowMs)) return;
      if (value + 1 >= failed && atMs - failedMs < windows.again * windowMs) return;
      if (value + 1 >= failed) failed = Infinity;
      isProbe = true;
      change(value + 1, atMs);
    },
  };
}

/** A limit that stays as it is. */
export function createFixedLimit(value: number): AdaptiveLimit {
  return { value, accept() {}, refuse() {}, setWaiting() {}, rise() {} };
}
