import type { OwnClient } from './client.ts';
import { type ErrorCleaner, isPermanent } from './errors.ts';
import { inTime } from './in-time.ts';
import { createLink } from './link.ts';

/** Hears of messages on a connection of its own, which is there as long as anybody listens. */
export interface Subscriptions {
  subscribe(channel: string, onMessage: () => void): () => void;
  /** Goes on by another connection: this one may lead to a host that is gone without a word. */
  renew(): void;
  close(): void;
}

const RETRY_MS = 500;
const PERMANENT_RETRY_MS = 5_000;

export function createSubscriptions(options: {
  readonly create: () => OwnClient;
  readonly clean: ErrorCleaner;
  /** The longest that Redis takes to answer. */
  readonly timeoutMs: number;
}): Subscriptions {
  const { create, clean, timeoutMs } = options;
  const listeners = new Map<string, Set<() => void>>();
  const subscribed = new Set<string>();
  let isWorking = false;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

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
      for (let next = nextStep(); next !== undefined; next = nextStep()) await next();
    } catch (error) {
      drop();
      const { cause } = error as Error;
      later(isPermanent(clean(cause ?? error)) ? PERMANENT_RETRY_MS : RETRY_MS);
    } finally {
      isWorking = false;
    }
    if (listeners.size === 0) link.drop();
  }

  /** Looked for anew after each: listeners come and go meanwhile. */
  function nextStep(): (() => Promise<void>) | undefined {
    const missing = [...listeners.keys()].find((channel) => !subscribed.has(channel));
    if (missing !== undefined) return () => enter(missing);
    const superfluous = [...subscribed].find((channel) => !listeners.has(channel));
    return superfluous === undefined ? undefined : () => leave(superfluous);
  }

  async function enter(channel: string): Promise<void> {
    const client = await link.get();
    await inTime(client.subscribe(channel), timeoutMs, late);
    subscribed.add(channel);
    // What was said before this is not told any more.
    tell(channel);
  }

  async function leave(channel: string): Promise<void> {
    subscribed.delete(channel);
    const client = await link.get();
    await inTime(client.unsubscribe(channel), timeoutMs, late);
  }

  function late(): Error {
    return new Error(`no answer within ${timeoutMs} ms`);
  }

  function drop(): void {
    link.drop();
    subscribed.clear();
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
      if (isClosed) return () => {};
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
    renew() {
      drop();
      later(RETRY_MS);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      listeners.clear();
      link.close();
    },
  };
}
