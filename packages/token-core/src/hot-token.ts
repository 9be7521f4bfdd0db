import type { Clock, Token } from './ports.ts';

/** The token at hand: one promise for all callers until it is due for renewal. */
export interface HotToken {
  /** Undefined where there is none, or it is due. */
  take(): Promise<Token> | undefined;
  /** Milliseconds until the token is due; 0 or less where there is none. */
  leftMs(): number;
  hold(token: Token, leftMs: number): void;
  drop(): void;
}

/**
 * Due by the wall clock, which is read at every call and passes while the machine sleeps, or by a timer, which a wall
 * clock that is set back does not move: whichever comes first.
 */
export function createHotToken(clock: Clock): HotToken {
  let held: Promise<Token> | undefined;
  let untilMs = 0;
  let cancelTimer = (): void => {};

  function drop(): void {
    held = undefined;
    cancelTimer();
  }

  return {
    take() {
      if (held !== undefined && clock.nowMs() < untilMs) return held;
      drop();
      return undefined;
    },
    leftMs: () => (held === undefined ? 0 : untilMs - clock.nowMs()),
    hold(token, leftMs) {
      drop();
      if (leftMs <= 0) return;
      held = Promise.resolve(token);
      untilMs = clock.nowMs() + leftMs;
      cancelTimer = clock.setTimer(Math.min(leftMs, MAX_TIMER_MS), drop, { ref: false });
    },
    drop,
  };
}

/** Beyond this the platform's timers fire at once; a token this far from its end is looked up again. */
const MAX_TIMER_MS = 2_147_483_647;
