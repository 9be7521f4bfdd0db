import { type CircuitBreaker, createCircuitBreaker } from '@kis/breaker';
import { createKisClientFromEnv, type KisClient, type KisClientEvent } from '@kis/client';
import type { RateLimiter, RateLimiterOptions } from '@kis/ratelimit';
import { Agent, type Dispatcher } from 'undici';
import type { AccountConfig } from '../config/account-config.ts';
import type { GatewayConfig } from '../config/config.ts';
import { worldOf } from '../config/world.ts';
import { type Approve, createApproval } from './approval.ts';
import { countCached } from './count-cached.ts';
import { createGatewayTokens, type GatewayTokens } from './gateway-token.ts';
import { createLatencies, type Latencies } from './latencies.ts';
import type { CreateLimiter } from './limiters.ts';
import { createRelay, type Relay } from './relay.ts';
import { createSharing, type Sharing } from './sharing.ts';
import type { Storage } from './storage.ts';
import { createUsage, type Usage } from './usage.ts';
import { type Exchange, observe } from './wire.ts';

/** One app key: its token, its budget, its breaker, and all that goes out with it. */
export interface Account {
  readonly name: string;
  readonly appKey: string;
  readonly client: KisClient;
  readonly limiter: RateLimiter;
  readonly sharing: Sharing;
  readonly breaker: CircuitBreaker;
  readonly usage: Usage;
  readonly latencies: Latencies;
  /** The tokens that the gateway gives to those who use this account. */
  readonly tokens: GatewayTokens;
  readonly relay: Relay;
  readonly approve: Approve;
  /** Resolves when what is under way has ended. */
  close(): Promise<void>;
  /** Ends what is under way: of an order it is not known then what became of it. */
  cut(): void;
}

export interface AccountEvents {
  onEvent(account: string, event: KisClientEvent): void;
  onExchange(account: string, exchange: Exchange): void;
  onWait(account: string, waitMs: number): void;
}

/** The client has as many of its own. */
const CONNECTIONS = 10;

export async function createAccount(options: {
  readonly config: AccountConfig;
  readonly breaker: GatewayConfig['breaker'];
  readonly storage: Storage;
  /** Default: as many connections as its limiter reckons with, which no other account takes away. */
  readonly dispatcher: Dispatcher | undefined;
  readonly createLimiter: CreateLimiter;
  readonly events: AccountEvents;
}): Promise<Account> {
  const { config, storage, createLimiter, events } = options;
  const { name, appKey, env } = config;
  const appSecret = config.appSecret.reveal();
  const latencies = createLatencies();
  const usage = createUsage({ nowMs: Date.now, onWait: (waitMs) => events.onWait(name, waitMs) });
  const agent = new Agent({ connections: CONNECTIONS });
  const dispatcher = options.dispatcher ?? agent;
  const wire = observe(dispatcher, (exchange) => {
    if (exchange.trId !== '') latencies.note(exchange.durationMs);
    events.onExchange(name, exchange);
  });
  const relay = createRelay(wire);
  const breaker = createCircuitBreaker({
    ...options.breaker,
    onEvent: (event) => events.onEvent(name, { type: 'breaker', event }),
  });

  const sharing = createSharing();
  let limiter: RateLimiter | undefined;
  const create = (given: RateLimiterOptions) => {
    limiter = createLimiter(given);
    return usage.watch(limiter);
  };
  const client = await createKisClientFromEnv({
    env,
    appKey,
    appSecret,
    storage: storage.tokens,
    breaker,
    rateLimiter: { create },
    cache: true,
    dispatcher: relay.dispatcher,
    onEvent(event) {
      sharing.note(event);
      events.onEvent(name, event);
    },
  });
  if (limiter === undefined) throw new Error('gateway: the client made no limiter');

  const { origin } = new URL(worldOf(env).baseUrl);
  return {
    name,
    appKey,
    client: countCached(client, usage.noteCache),
    limiter,
    sharing,
    breaker,
    usage,
    latencies,
    tokens: createGatewayTokens({ appKey, appSecret, nowMs: Date.now }),
    relay: relay.through(client.request),
    approve: createApproval({ origin, appKey, appSecret, dispatcher }),
    async close() {
      await client.close();
      if (!agent.destroyed) await agent.close();
    },
    cut: () => void agent.destroy(),
  };
}
