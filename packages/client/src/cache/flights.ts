import { onAbort } from '../on-abort.ts';

/** Work that many wait for, and that is done once. */
export interface Flights<T> {
  /**
   * Waits for what is under way under this key, or starts it; `isNew` starts it in any case. Whoever aborts leaves, and
   * with the last one the work itself is aborted.
   */
  join(key: string, options: JoinOptions, start: Start<T>): Promise<T>;
  /** Waits for all that is under way, whatever becomes of it. */
  settle(): Promise<void>;
}

interface JoinOptions {
  readonly signal?: AbortSignal | undefined;
  readonly isNew: boolean;
}

/** `isLatest` tells whether nothing newer has been started under the key, and somebody still waits. */
type Start<T> = (signal: AbortSignal, isLatest: () => boolean) => Promise<T>;

interface Flight<T> {
  readonly landed: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export function createFlights<T>(): Flights<T> {
  const latest = new Map<string, Flight<T>>();
  const underWay = new Set<Promise<T>>();

  function begin(key: string, start: Start<T>): Flight<T> {
    const controller = new AbortController();
    const isLatest = () => latest.get(key)?.controller === controller;
    const landed = start(controller.signal, isLatest);
    const flight = { landed, controller, waiting: 0 };
    latest.set(key, flight);
    underWay.add(landed);
    const end = () => {
      underWay.delete(landed);
      if (isLatest()) latest.delete(key);
    };
    landed.then(end, end);
    return flight;
  }

  function leave(key: string, flight: Flight<T>, reason: unknown): void {
    flight.waiting -= 1;
    if (flight.waiting > 0) return;
    if (latest.get(key) === flight) latest.delete(key);
    flight.controller.abort(reason);
  }

  return {
    async join(key, { signal, isNew }, start) {
      signal?.throwIfAborted();
      const flight = (isNew ? undefined : latest.get(key)) ?? begin(key, start);
      flight.waiting += 1;
      return new Promise<T>((resolve, reject) => {
        const forget = onAbort(signal, () => {
          reject(signal?.reason);
          leave(key, flight, signal?.reason);
        });
        flight.landed.then(resolve, reject).finally(forget);
      });
    },
    async settle() {
      await Promise.allSettled(underWay);
    },
  };
}
