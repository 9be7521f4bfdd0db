import type { OwnClient } from './client.ts';
import { closedError, type ErrorCleaner, isPermanent, RedisError } from './errors.ts';
import { inTime } from './in-time.ts';

/** A connection of ours that is made when it is needed, and made anew when it is needed again. */
export interface Link {
  /** Rejects with RedisError, of the reason `'timeout'` where nobody answered; at once while it is too soon to try again. */
  get(): Promise<OwnClient>;
  drop(): void;
  /** Drops it, unless it was made a moment ago. */
  renew(): void;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 1_000;
/** Between an attempt that failed and the next. */
const PAUSE_MS = 250;
const PERMANENT_PAUSE_MS = 5_000;

export function createLink(options: {
  /** A client that connects when it is told, and only once. */
  readonly create: () => OwnClient;
  readonly clean: ErrorCleaner;
  readonly onClose?: (() => void) | undefined;
}): Link {
  const { create, clean, onClose } = options;
  let current: OwnClient | undefined;
  let opening: Promise<OwnClient> | undefined;
  let failure: { readonly error: RedisError; readonly untilMs: number } | undefined;
  let openedMs = 0;
  let isClosed = false;

  async function open(): Promise<OwnClient> {
    const client = create();
    let fault: unknown;
    let isSlow = false;
    client.on('error', (error: unknown) => {
      fault ??= error;
    });
    client.on('close', () => {
      if (client !== current) return;
      current = undefined;
      onClose?.();
    });
    try {
      await inTime(greet(client), CONNECT_TIMEOUT_MS, () => {
        isSlow = true;
        return new Error(`no answer within ${CONNECT_TIMEOUT_MS} ms`);
      });
      // ioredis goes on after a wrong password or database, and tells of it by an event alone.
      if (fault !== undefined) throw fault;
    } catch (error) {
      client.disconnect();
      const cause = clean(fault ?? error);
      const reason = isSlow ? 'timeout' : 'unreachable';
      const failed = new RedisError(reason, `there is no connection: ${cause.message}`, cause);
      const pauseMs = isPermanent(cause) ? PERMANENT_PAUSE_MS : PAUSE_MS;
      // Whoever was slow has made everybody wait already.
      failure = isSlow ? undefined : { error: failed, untilMs: performance.now() + pauseMs };
      throw failed;
    }
    if (isClosed) {
      client.disconnect();
      throw closedError();
    }
    failure = undefined;
    current = client;
    openedMs = performance.now();
    // It is its commands that keep the process alive.
    client.stream?.unref?.();
    return client;
  }

  function drop(): void {
    const client = current;
    current = undefined;
    client?.disconnect();
  }

  return {
    async get() {
      if (isClosed) throw closedError();
      if (current !== undefined) return current;
      if (opening === undefined) {
        if (failure !== undefined && performance.now() < failure.untilMs) throw failure.error;
        opening = open().finally(() => {
          opening = undefined;
        });
      }
      return opening;
    },
    drop,
    renew() {
      if (performance.now() - openedMs >= PERMANENT_PAUSE_MS) drop();
    },
    close() {
      isClosed = true;
      drop();
    },
  };
}

/** Until Redis has answered a command: what else was wrong with the connection has been told of by then. */
async function greet(client: OwnClient): Promise<void> {
  await client.connect();
  try {
    await client.call('ping');
  } catch (error) {
    // Who may not ping may do other things.
    if (!(error as Error).message.startsWith('NOPERM')) throw error;
  }
}
