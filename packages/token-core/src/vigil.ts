import type { Block } from './permission.ts';
import type { Clock, TokenStorage } from './ports.ts';

/** How waiting callers learn that something has changed. */
export interface Vigil {
  /** Counts changes; taken before the storage is read, so that none is missed between the read and the wait. */
  readonly changes: number;
  /** Something changed here: whoever waits looks again. */
  ring(): void;
  /** Subscribes to the storage until the returned function is called. */
  attend(): () => void;
  /** Until something changed since `seen`, the block is over or its claimant dead, or it is time to look anyway. */
  wait(block: Block, seen: number): Promise<void>;
}

const LIVENESS_MS = 100;
/** A storage without `watch` is polled; one with it is looked at now and then, since a notice can get lost. */
const POLL_MS = 200;
const SLOW_POLL_MS = 1_000;

export function createVigil(options: {
  readonly storage: TokenStorage;
  readonly key: string;
  readonly clock: Clock;
  isDead(by: string): boolean;
}): Vigil {
  const { storage, key, clock, isDead } = options;
  const sleepers = new Set<() => void>();
  let changes = 0;
  let attending = 0;
  let unwatch: (() => void) | undefined;

  function ring(): void {
    changes += 1;
    for (const wake of [...sleepers]) wake();
  }

  function watch(): (() => void) | undefined {
    try {
      return storage.watch?.(key, ring);
    } catch {
      // Polling goes on without it.
      return undefined;
    }
  }

  return {
    get changes() {
      return changes;
    },
    ring,
    attend() {
      attending += 1;
      if (attending === 1) unwatch = watch();
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        attending -= 1;
        if (attending > 0) return;
        try {
          unwatch?.();
        } catch {
          // Whoever waited is to learn what came of it, and not this.
        }
        unwatch = undefined;
      };
    },
    wait(block, seen) {
      const claimant = block.reason === 'claimed' ? block.attempt?.by : undefined;
      const pollMs = (unwatch === undefined ? POLL_MS : SLOW_POLL_MS) * (0.8 + Math.random() * 0.4);
      const endMs = clock.monotonicMs() + Math.min(block.waitMs, pollMs);
      return new Promise((resolve) => {
        let cancel = (): void => {};
        const wake = (): void => {
          cancel();
          sleepers.delete(wake);
          resolve();
        };
        const look = (): void => {
          const leftMs = endMs - clock.monotonicMs();
          if (changes !== seen || leftMs <= 0 || (claimant !== undefined && isDead(claimant))) {
            wake();
            return;
          }
          cancel = clock.setTimer(claimant === undefined ? leftMs : Math.min(LIVENESS_MS, leftMs), look, {
            ref: false,
          });
        };
        sleepers.add(wake);
        look();
      });
    },
  };
}
