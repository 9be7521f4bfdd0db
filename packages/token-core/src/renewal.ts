import { TokenIssueError } from './errors.ts';
import type { EventSink } from './events.ts';
import type { Clock } from './ports.ts';

/** Getting a better token while the old one serves. */
export interface Renewal {
  /** Tries now, unless it was tried in vain a moment ago. Never rejects. */
  attempt(seek: () => Promise<unknown>): Promise<void>;
  /** A try that takes too long for whoever wanted it: nobody else waits for it. */
  postpone(): void;
  /** What was learned about when to try again is over. */
  reset(): void;
  /** Tries whenever a token is due, by a timer that does not keep the process alive. */
  start(seek: () => Promise<unknown>): void;
  stop(): void;
}

const MIN_NAP_MS = 1_000;
const MAX_NAP_MS = 60_000;

export function createRenewal(options: {
  readonly clock: Clock;
  readonly emit: EventSink;
  /** Until the token at hand is due; 0 or less where there is none. */
  dueInMs(): number;
}): Renewal {
  const { clock, emit } = options;
  let againMs = Number.NEGATIVE_INFINITY;
  let cancelNap: (() => void) | undefined;
  let isStopped = false;
  let running: Promise<void> | undefined;

  const restMs = (waitMs: number): number => Math.min(MAX_NAP_MS, Math.max(MIN_NAP_MS, waitMs));

  async function attempt(seek: () => Promise<unknown>): Promise<void> {
    if (isStopped || clock.monotonicMs() < againMs) return;
    running ??= run(seek).finally(() => {
      running = undefined;
    });
    await running;
  }

  async function run(seek: () => Promise<unknown>): Promise<void> {
    try {
      await seek();
    } catch (error) {
      againMs = clock.monotonicMs() + restMs(error instanceof TokenIssueError ? (error.retryAfterMs ?? 0) : 0);
      if (error instanceof Error && !isStopped) emit({ type: 'renewal-failed', error });
    }
  }

  function nap(seek: () => Promise<unknown>): void {
    if (isStopped) return;
    // At least once a minute: a storage may have been emptied, a clock set.
    const napMs = restMs(Math.max(options.dueInMs(), againMs - clock.monotonicMs()));
    cancelNap = clock.setTimer(napMs, () => void attempt(seek).then(() => nap(seek)), { ref: false });
  }

  return {
    attempt,
    postpone() {
      againMs = clock.monotonicMs() + MIN_NAP_MS;
    },
    reset() {
      againMs = Number.NEGATIVE_INFINITY;
    },
    start(seek) {
      if (cancelNap !== undefined) return;
      cancelNap = () => {};
      void attempt(seek).then(() => nap(seek));
    },
    stop() {
      isStopped = true;
      cancelNap?.();
    },
  };
}
