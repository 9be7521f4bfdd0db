import type { OwnClient } from './client.ts';
import { type ErrorCleaner, isPermanent } from './errors.ts';
import { createLink } from './link.ts';

/** Hears of messages on a connection of its own, which is there as long as anybody listens. */
export interface Subscriptions {
  subscribe(channel: string, onMessage: () => void): () => void;
  close(): void;
}

const RETRY_MS = 500;
const PERMANENT_RETRY_MS = 5_000;

export function createSubscriptions(create: () => OwnClient, clean: ErrorCleaner): Subscriptions {
  const listeners = new Map<string, Set<() => void>>();
  const subscribed = new Set<string>();
  let isWorking = false;
  let timer: NodeJS.Timeout | undefined;

  const link = createLink({
    create() {
      const client = create();
      client.on('message', (channel: string) => tell(channel));
      return client;
    },
    clean,
    onClose() {
      subscribed.clear();
      later(RETRY_MS);
    },
  });

  function tell(channel: string): void {
    for (const onMessage of listeners.get(channel) ?? []) {
      try {
        onMessage();
      } catch {
        // It is the listener's trouble: the others are to be told.
      }
    }
  }

  /** Subscribes to what is listened to, and leaves what is not any more. */
  async function work(): Promise<void> {
    if (isWorking) return;
    isWorking = true;
    try {
      for (let channel = missing(); channel !== undefined; channel = missing()) {
        await (await link.get()).subscribe(channel);
        subscribed.add(channel);
        // What was said before this is not told any more.
        tell(channel);
      }
      for (const channel of [...subscribed].filter((each) => !listeners.has(each))) {
        subscribed.delete(channel);
        await (await link.get()).unsubscribe(channel);
      }
    } catch (error) {
      link.drop();
      subscribed.clear();
      const { cause } = error as Error;
      later(isPermanent(clean(cause ?? error)) ? PERMANENT_RETRY_MS : RETRY_MS);
    } finally {
      isWorking = false;
    }
    if (listeners.size === 0) link.drop();
  }

  function missing(): string | undefined {
    return [...listeners.keys()].find((channel) => !subscribed.has(channel));
  }

  function later(ms: number): void {
    if (timer !== undefined || listeners.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      void work();
    }, ms).unref();
  }

  return {
    subscribe(channel, onMessage) {
      const ofChannel = listeners.get(channel) ?? new Set();
      const listener = (): void => onMessage();
      listeners.set(channel, ofChannel.add(listener));
      void work();
      return () => {
        ofChannel.delete(listener);
        if (ofChannel.size > 0 || listeners.get(channel) !== ofChannel) return;
        listeners.delete(channel);
        void work();
      };
    },
    close() {
      clearTimeout(timer);
      listeners.clear();
      link.close();
    },
  };
}
