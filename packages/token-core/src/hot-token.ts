import type { Clock, Token } from './ports.ts';
import type { ServerClock } from './server-clock.ts';

/** The token at hand: one promise for all callers until it is due for renewal. */
export interface HotToken {
  /** Undefined where there is none, or it is due. */
  take(): Promise<Token> | undefined;
  /** Milliseconds until the token is due; 0 or less where there is none. */
  leftMs(): number;
  /** Until `dueMs` of the server's clock. */
  hold(token: Token, dueMs: number): void;
  /** The server's clock was moved: the next `take` looks at it. */
  recheck(): void;
  drop(): void;
}

/** The server's clock is looked at this often; in between that would cost each caller more than all the rest. */
const WINDOW_MS = 60_000;

/**
 * Between two looks at the server's clock the token is given out by the host's wall clock, which is read at every call and
 * passes while the machine sleeps, and for as long as a timer takes, which nobody can set back.
 */
export function createHotToken(options: { readonly wall: Clock; readonly clock: ServerClock }): HotToken {
  const { wall, clock } = options;
  let held: Promise<Token> | undefined;
  let dueMs = 0;
  let fromMs = 0;
  let untilMs = Number.NEGATIVE_INFINITY;
  let cancelTimer = (): void => {};

  function shut(): void {
    untilMs = Number.NEGATIVE_INFINITY;
    cancelTimer();
  }

  function drop(): void {
    held = undefined;
    shut();
  }

  function open(): Promise<Token> | undefined {
    shut();
    if (held === undefined) return undefined;
    const leftMs = dueMs - clock.nowMs();
    if (leftMs <= 0) {
      held = undefined;
      return undefined;
    }
    const windowMs = Math.min(leftMs, WINDOW_MS);
    fromMs = wall.nowMs();
    untilMs = fromMs + windowMs;
    cancelTimer = wall.setTimer(windowMs, shut, { ref: false });
    return held;
  }

  return {
    take() {
      const nowMs = wall.nowMs();
      return nowMs < untilMs && nowMs >= fromMs ? held : open();
    },
    leftMs: () => (held === undefined ? 0 : dueMs - clock.nowMs()),
    hold(token, endMs) {
      held = Promise.resolve(token);
      dueMs = endMs;
      open();
    },
    recheck: shut,
    drop,
  };
}
