import type { OwnClient, RedisClient } from './client.ts';
import { closedError, createErrorCleaner, isPermanent, isReply, RedisError } from './errors.ts';
import type { RedisConnectionEvent } from './events.ts';
import { inTime } from './in-time.ts';
import { createLink, type Link } from './link.ts';
import { loadRedis } from './load-ioredis.ts';
import { type RedisConnectionOptions, readOptions } from './options.ts';
import type { RedisScript } from './script.ts';
import { createSubscriptions } from './subscriptions.ts';

/** `role`: `'master'`, `'slave'` or `'sentinel'`, where the user may ask for it. `error`: why it is not reachable. */
export interface RedisHealth {
  readonly reachable: boolean;
  readonly latencyMs?: number;
  readonly role?: string;
  readonly error?: Error;
}

/**
 * Commands that end in time, whatever becomes of Redis: every one rejects with RedisError within `commandTimeoutMs`.
 *
 * On a connection of ours a command whose connection broke is sent once more, so all have to bear being carried out twice.
 */
export interface RedisConnection {
  /** By the script's name, and by its text where Redis does not know it. In a cluster all `keys` must be of one slot. */
  evaluate(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>;
  /** Calls `onMessage` after every message, and whenever one may have been missed, until the returned function is called. */
  subscribe(channel: string, onMessage: () => void): () => void;
  /** Never rejects. */
  health(): Promise<RedisHealth>;
  /** Closes what this opened. */
  close(): Promise<void>;
}

interface Request {
  readonly command: string;
  readonly args: readonly (string | number)[];
  isOver: boolean;
}

/** @throws TypeError, RangeError naming the option that is wrong; Error where a `url` is to be used and ioredis is not there. */
export function createRedisConnection(options: RedisConnectionOptions = {}): RedisConnection {
  const settings = readOptions(options);
  const clean = createErrorCleaner(settings.secrets);
  const { client: host } = options;
  const create = host === undefined ? ownClients(settings) : () => copyOf(host);
  const link = host === undefined ? createLink({ create, clean }) : undefined;
  const subscriptions = createSubscriptions({ create, clean, timeoutMs: settings.commandTimeoutMs });
  let isClosed = false;
  let hasFailed = false;

  function emit(event: RedisConnectionEvent): void {
    try {
      options.onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  }

  async function attempt(request: Request, isLast = false): Promise<unknown> {
    const client: RedisClient = host ?? (await connect());
    // Its caller was told already that it failed.
    if (request.isOver) return undefined;
    try {
      return await client.call(request.command, ...request.args);
    } catch (error) {
      if (isReply(error)) throw refusal(clean(error));
      if (isLast || host !== undefined || isClosed) throw lost(clean(error));
      return attempt(request, true);
    }
  }

  /** A busy machine may take more than a second for it: once more, as long as the command has time. */
  async function connect(): Promise<RedisClient> {
    const { get } = link as Link;
    return get().catch((error: RedisError) => {
      if (error.reason !== 'timeout') throw error;
      return get();
    });
  }

  function refusal(cause: Error): RedisError {
    // Another server may be the primary by now, or the user another one.
    if (isPermanent(cause) && !cause.message.startsWith('NOPERM')) link?.renew();
    return new RedisError('refused', `refused a command: ${cause.message}`, cause);
  }

  function lost(cause: Error): RedisError {
    return isClosed ? closedError() : new RedisError('unreachable', `the connection was lost: ${cause.message}`, cause);
  }

  async function send(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    if (isClosed) throw closedError();
    const request: Request = { command, args, isOver: false };
    const late = (): RedisError => {
      request.isOver = true;
      // A host that is gone without a word is only noticed so.
      link?.drop();
      subscriptions.renew();
      return new RedisError('timeout', `no answer within ${settings.commandTimeoutMs} ms`);
    };
    return inTime(attempt(request), settings.commandTimeoutMs, late);
  }

  async function told<T>(work: Promise<T>): Promise<T> {
    try {
      const answer = await work;
      if (hasFailed) emit({ type: 'redis-recovered' });
      hasFailed = false;
      return answer;
    } catch (error) {
      tell(error as RedisError);
      throw error;
    }
  }

  function tell(error: RedisError): void {
    if (error.reply === 'NOSCRIPT' || error.reason === 'closed') return;
    if (!hasFailed) emit({ type: 'redis-failed', error });
    hasFailed = true;
  }

  const call: RedisConnection['call'] = (command, ...args) => told(send(command, ...args));

  return {
    async evaluate(script, keys, args) {
      const rest = [keys.length, ...keys, ...args];
      try {
        return await call('evalsha', script.sha1, ...rest);
      } catch (error) {
        if ((error as RedisError).reply !== 'NOSCRIPT') throw error;
        return call('eval', script.lua, ...rest);
      }
    },
    call,
    subscribe: (channel, onMessage) => subscriptions.subscribe(channel, onMessage),
    async health() {
      const startMs = performance.now();
      try {
        await told(send('ping').catch(unlessForbidden));
        const latencyMs = performance.now() - startMs;
        const role = await send('role').catch(() => undefined);
        return { reachable: true, latencyMs, ...(Array.isArray(role) ? { role: String(role[0]) } : {}) };
      } catch (error) {
        return { reachable: (error as RedisError).reason === 'refused', error: error as RedisError };
      }
    },
    async close() {
      isClosed = true;
      subscriptions.close();
      link?.close();
    },
  };
}

/** Who may not ask has got an answer all the same. */
function unlessForbidden(error: RedisError): void {
  if (error.reply !== 'NOPERM') throw error;
}

/** Retries, queues and timeouts are ours: what has failed is never sent behind our back. */
const wire = {
  lazyConnect: true,
  connectTimeout: 1_000,
  retryStrategy: () => null,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  autoResendUnfulfilledCommands: false,
  disableClientInfo: true,
};

function ownClients({ url, password }: { url: string; password: string | undefined }): () => OwnClient {
  const Redis = loadRedis();
  // RESP2: the answers of ioredis 5 and 6 are the same by it.
  const own = { ...wire, protocol: 2, ...(password === undefined ? {} : { password }) };
  return () => new Redis(url, own);
}

/** To the same server with the same user; a channel is named as it is. Of a cluster any node tells every message. */
function copyOf(client: RedisClient): OwnClient {
  const nodes = client.nodes?.() ?? [client];
  const node = nodes[Math.floor(Math.random() * nodes.length)];
  if (node === undefined) throw new Error('the cluster is not connected');
  const duplicate = node.duplicate.bind(node) as (options: object) => OwnClient;
  return duplicate({ ...wire, keyPrefix: '', enableOfflineQueue: true });
}
