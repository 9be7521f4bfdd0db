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

/** Its moments are on a clock that goes only while callers wait. */
export interface AdaptiveState {
  value: number;
  isProbe: boolean;
  /** Since the last change. */
  accepted: number;
  changedMs: number;
  /** The height that a probe found too high, 0: none, and when that was. */
  failed: number;
  failedMs: number;
}

/** In windows of waiting: from a fall to the first step up, from one step to the next, and until a step that failed is tried again. */
export const windows = { first: 5, next: 2, again: 600 } as const;

/** What part of its rate a limit has to have let through before it counts as tried: slow replies try nothing. */
export const triedShare = 0.6;

export function createAdaptiveState(ceiling: number): AdaptiveState {
  return { value: ceiling, isProbe: false, accepted: 0, changedMs: 0, failed: 0, failedMs: 0 };
}

function isTried(state: AdaptiveState, windowMs: number, waitedMs: number): boolean {
  const tried = (waitedMs - state.changedMs) / windowMs;
  return tried >= windows.next && state.accepted >= triedShare * state.value * tried;
}

function change(state: AdaptiveState, to: number, waitedMs: number): void {
  state.changedMs = waitedMs;
  state.accepted = 0;
  state.value = to;
}

/** Each refused task takes one off, so a full window that was refused leaves what it accepted. */
export function fall(state: AdaptiveState, windowMs: number, isFirst: boolean, waitedMs: number): void {
  if (isFirst && state.isProbe && !isTried(state, windowMs, waitedMs)) {
    state.failed = state.value;
    state.failedMs = waitedMs;
  }
  if (isFirst) state.isProbe = false;
  change(state, Math.max(1, state.value - 1), waitedMs);
}

/**
 * Time in which callers waited and nobody was refused adds one, which is a probe: when it is refused, that height is left
 * alone for long.
 */
export function rise(state: AdaptiveState, ceiling: number, windowMs: number, waitedMs: number): void {
  if (state.value >= ceiling) return;
  if (!isTried(state, windowMs, waitedMs)) return;
  if (!state.isProbe && waitedMs - state.changedMs < windows.first * windowMs) return;
  const isKnownTooHigh = state.failed > 0 && state.value + 1 >= state.failed;
  if (isKnownTooHigh && waitedMs - state.failedMs < windows.again * windowMs) return;
  if (isKnownTooHigh) state.failed = 0;
  state.isProbe = true;
  change(state, state.value + 1, waitedMs);
}

export function createAdaptiveLimit(
  ceiling: number,
  windowMs: number,
  onChange: (limit: number) => void,
): AdaptiveLimit {
  const state = createAdaptiveState(ceiling);
  let waitedMs = 0;
  let waitingSinceMs = Infinity;

  const waitedAt = (nowMs: number) => waitedMs + Math.max(0, nowMs - waitingSinceMs);

  function tell(before: number): void {
    if (state.value !== before) onChange(state.value);
  }

  return {
    get value() {
      return state.value;
    },
    setWaiting(isWaiting, nowMs) {
      waitedMs = waitedAt(nowMs);
      waitingSinceMs = isWaiting ? nowMs : Infinity;
    },
    accept() {
      state.accepted += 1;
    },
    refuse(isFirst, nowMs) {
      const before = state.value;
      fall(state, windowMs, isFirst, waitedAt(nowMs));
      tell(before);
    },
    rise(nowMs) {
      const before = state.value;
      rise(state, ceiling, windowMs, waitedAt(nowMs));
      tell(before);
    },
  };
}

/** A limit that stays as it is. */
export function createFixedLimit(value: number): AdaptiveLimit {
  return { value, accept() {}, refuse() {}, setWaiting() {}, rise() {} };
}
