import type { Clock, TokenStorage } from './ports.ts';

/** Sees to it that a storage which may lose what it holds is given it again. */
export interface Keeper {
  /** Watches from now on, if the storage is such a one. */
  start(): void;
  stop(): void;
}

const RETRY_MS = 1_000;

export function createKeeper(options: {
  readonly storage: TokenStorage;
  readonly key: string;
  readonly clock: Clock;
  /** Compares what is stored with what is known here, and mends it. May reject: then it is called again. */
  readonly tend: () => Promise<void>;
}): Keeper {
  const { storage, key, clock, tend } = options;
  let unwatch: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;
  let isTending = false;
  let mustTendAgain = false;

  function onChange(): void {
    mustTendAgain = true;
    if (!isTending) void run();
  }

  async function run(): Promise<void> {
    isTending = true;
    while (mustTendAgain && unwatch !== undefined) {
      mustTendAgain = false;
      cancelRetry?.();
      try {
        await tend();
      } catch {
        // It was told by whoever read.
        cancelRetry = clock.setTimer(RETRY_MS, onChange, { ref: false });
      }
    }
    isTending = false;
  }

  return {
    start() {
      if (storage.isVolatile !== true || unwatch !== undefined) return;
      try {
        unwatch = storage.watch?.(key, onChange);
        // What is lost before the storage's first look is no change to it.
        cancelRetry = clock.setTimer(RETRY_MS, onChange, { ref: false });
      } catch {
        // Whoever asks for a token looks all the same.
      }
    },
    stop() {
      cancelRetry?.();
      const end = unwatch;
      unwatch = undefined;
      try {
        end?.();
      } catch {
        // There is nobody to tell.
      }
    },
  };
}
