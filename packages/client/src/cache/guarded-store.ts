import { createCircuitBreaker } from '@kis/breaker';
import type { Clock } from '@kis/token-core';
import { withDeadline } from '../deadline.ts';
import type { EventSink } from '../events.ts';
import type { CacheStore, SafeStore } from './store.ts';

/** Far more than a store takes that is well, and little beside a call of KIS that waits in the queue. */
const deadlineMs = 500;

/** A store that was given, so that it fails no quote: it is left after half a second, and for 10 s after three failures. */
export function createGuardedStore(options: {
  readonly store: CacheStore;
  readonly clock: Clock;
  readonly onEvent: EventSink;
}): SafeStore {
  const { store, clock, onEvent } = options;
  const breaker = createCircuitBreaker({ failureThreshold: 3, openMs: 10_000, isFailure: () => true, clock });

  async function guard<T>(operation: 'get' | 'set', task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await breaker.execute(() => withDeadline({ clock, ms: deadlineMs, signal: undefined }, task));
    } catch (error) {
      if (!isRejectedByBreaker(error)) onEvent({ type: 'cache-failed', operation, reason: reasonOf(error) });
      return undefined;
    }
  }

  return {
    get: (key) => guard('get', async () => store.get(key)),
    async set(key, value, ttlMs) {
      const isKept = await guard('set', async () => {
        // A Keyv tells its own listeners what is wrong, and its caller no more than this.
        if ((await store.set(key, value, ttlMs)) === false) throw new Error('the store has not taken it');
        return true;
      });
      return isKept ?? false;
    },
  };
}

function isRejectedByBreaker(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_CIRCUIT_OPEN';
}

/** Not the error itself: those of some stores bear the command that failed, which may be the one with the password. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'no error was given';
}
