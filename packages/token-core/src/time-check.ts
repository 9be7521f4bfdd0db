import type { TokenIssuer } from './ports.ts';
import type { ServerClock } from './server-clock.ts';

/** Asks KIS for its time before what is stored is first judged: the host's clock may be wrong from the start. */
export interface TimeCheck {
  /** To be waited for before the record is judged; one question for all who wait together. Never rejects. */
  before(): Promise<void>;
  /** Nobody waits any longer, and nothing more is asked. */
  stop(): void;
}

const PATIENCE_MS = 3_000;
/** After a stop, timers run before sockets are read: an answer that has been lying there gets this long. */
const GRACE_MS = 100;
/** Where KIS cannot be asked the host's clock has to do, and is not doubted at every look. */
const REST_MS = 60_000;

export function createTimeCheck(options: {
  readonly issuer: TokenIssuer;
  readonly clock: ServerClock;
  /** KIS did not tell: the host's clock has to do. */
  onVain(): void;
}): TimeCheck {
  const { issuer, clock, onVain } = options;
  let running: Promise<void> | undefined;
  let giveUp = (): void => {};
  let isStopped = false;
  let againMs = Number.NEGATIVE_INFINITY;

  function ask(): Promise<void> {
    const controller = new AbortController();
    const sinceMs = clock.monotonicMs();
    againMs = sinceMs + REST_MS;
    return new Promise((resolve) => {
      let cancel = (): void => {};
      let isOver = false;
      const end = (): void => {
        if (isOver) return;
        isOver = true;
        cancel();
        running = undefined;
        resolve();
        if (!clock.isLearned && !isStopped) onVain();
      };
      giveUp = () => {
        controller.abort();
        end();
      };
      const unref = { ref: false };
      cancel = clock.setTimer(
        PATIENCE_MS,
        () => {
          cancel = clock.setTimer(GRACE_MS, giveUp, unref);
        },
        unref,
      );
      Promise.resolve()
        .then(() => issuer.serverDateMs?.({ signal: controller.signal }))
        .then((serverDateMs = Number.NaN) => clock.learn(serverDateMs, sinceMs))
        .then(end, end);
    });
  }

  return {
    async before() {
      if (clock.isLearned || isStopped || issuer.serverDateMs === undefined) return;
      if (clock.monotonicMs() >= againMs) running ??= ask();
      await running;
    },
    stop() {
      isStopped = true;
      giveUp();
    },
  };
}
