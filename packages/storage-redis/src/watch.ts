import type { RedisConnection } from '@kis/redis-connection';
import type { Place } from './names.ts';

/** Notices new versions: by messages, and by a slow poll beside them, which also sees what Python writes. Neither keeps the process alive. */
export interface Watch {
  subscribe(place: Place, onChange: () => void): () => void;
  close(): void;
}

interface Subscriber {
  readonly look: () => Promise<void>;
  readonly leave: () => void;
}

const POLL_MS = 500;

export function createWatch(connection: RedisConnection, readVersion: (place: Place) => Promise<string>): Watch {
  const subscribers = new Set<Subscriber>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function lookFor(place: Place, isOver: () => boolean, onChange: () => void): () => Promise<void> {
    // Whatever is there at the first look may have come after the call of `watch`.
    let seen = '';
    let looking = false;
    let mustLookAgain = false;
    return async () => {
      mustLookAgain = true;
      if (looking) return;
      looking = true;
      try {
        while (mustLookAgain && !isOver()) {
          mustLookAgain = false;
          const version = await readVersion(place);
          if (version === seen || isOver()) continue;
          seen = version;
          onChange();
        }
      } catch {
        // What cannot be read now is read by the next poll; what `onChange` throws is its own trouble.
      } finally {
        looking = false;
      }
    };
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    subscribe(place, onChange) {
      if (isClosed) return () => {};
      let isOver = false;
      const look = lookFor(place, () => isOver, onChange);
      const unsubscribe = connection.subscribe(place.channel, () => void look());
      const leave = (): void => {
        isOver = true;
        unsubscribe();
        if (subscribers.delete(subscriber) && subscribers.size === 0) stop();
      };
      const subscriber: Subscriber = { look, leave };
      subscribers.add(subscriber);
      void look();
      timer ??= setInterval(() => {
        for (const each of subscribers) void each.look();
      }, POLL_MS).unref();
      return leave;
    },
    close() {
      isClosed = true;
      for (const each of [...subscribers]) each.leave();
    },
  };
}
