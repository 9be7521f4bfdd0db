import type { Clock, Token } from './ports.ts';

/** The token at hand: one promise for all callers until it is due for renewal. */
export interface HotToken {
  /** Undefined where there is none, or it is due: by the wall clock or by the monotonic one, since either may be wrong. */
  take(): Promise<Token> | undefined;
  /** Milliseconds until the token is due; 0 or less where there is none. */
  leftMs(): number;
  hold(token: Token, leftMs: number): void;
  drop(): void;
}

export function createHotToken(clock: Clock): HotToken {
  let held: Promise<Token> | undefined;
  let untilWallMs = 0;
  let untilMonotonicMs = 0;
  return {
    take() {
      if (held !== undefined && clock.monotonicMs() < untilMonotonicMs && clock.nowMs() < untilWallMs) return held;
      held = undefined;
      return undefined;
    },
    leftMs: () => (held === undefined ? 0 : untilMonotonicMs - clock.monotonicMs()),
    hold(token, leftMs) {
      held = leftMs > 0 ? Promise.resolve(token) : undefined;
      untilWallMs = clock.nowMs() + leftMs;
      untilMonotonicMs = clock.monotonicMs() + leftMs;
    },
    drop() {
      held = undefined;
    },
  };
}
