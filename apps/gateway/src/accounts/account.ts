import { type CircuitBreaker, createCircuitBreaker } from '@kis/breaker';
import { createKisClientFromEnv, type KisClient, type KisClientEvent } from '@kis/client';
import type { RateLimiter, RateLimiterOptions } from '@kis/ratelimit';
import type { Dispatcher } from 'undici';
import type { AccountConfig } from '../config/accounts.ts';
import type { GatewayConfig } from '../config/config.ts';
import { worldOf } from '../config/world.ts';
import { createGatewayTokens, type GatewayTokens } from '../dropin/gateway-token.ts';
import { type Approve, createApproval } from './approval.ts';
import { createLatencies, type Latencies } from './latencies.ts';
import type { CreateLimiter } from './limiters.ts';
import { createRelay, type Relay } from './relay.ts';
import type { Storage } from './storage.ts';
import { createUsage, type Usage } from './usage.ts';
import { type Exchange, observe } from './wire.ts';

/** One app key: its token, its budget, its breaker, and all that goes out with it. */
export interface Account {
  readonly name: string;
  readonly appKey: string;
  readonly client: KisClient;
  readonly limiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly usage: Usage;
  readonly latencies: Latencies;
  /** The tokens that the gateway gives to those who use this account. */
  readonly tokens: GatewayTokens;
  readonly relay: Relay;
  readonly approve: Approve;
  close(): Promise<void>;
}

export interface AccountEvents {
  onEvent(account: string, event: KisClientEvent): void;
  onExchange(account: string, exchange: Exchange): void;
  onWait(account: string, waitMs: number): void;
}

export async function createAccount(options: {
  readonly config: AccountConfig;
  readonly breaker: GatewayConfig['breaker'];
  readonly storage: Storage;
  readonly dispatcher: Dispatcher;
  readonly createLimiter: CreateLimiter;
  readonly events: AccountEvents;
}): Promise<Account> {
  const { config, storage, createLimiter, events } = options;
  const { name, appKey, appSecret, env } = config;
  const latencies = createLatencies();
  const usage = createUsage({ nowMs: Date.now, onWait: (waitMs) => events.onWait(name, waitMs) });
  const wire = observe(options.dispatcher, (exchange) => {
    if (exchange.trId !== '') latencies.note(exchange.durationMs);
    events.onExchange(name, exchange);
  });
  const relay = createRelay(wire);
  const breaker = createCircuitBreaker({
    ...options.breaker,
    onEvent: (event) => events.onEvent(name, { type: 'breaker', event }),
  });

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
    onEvent: (event) => events.onEvent(name, event),
  });
  if (limiter === undefined) throw new Error('gateway: the client made no limiter');

  const { origin } = new URL(worldOf(env).baseUrl);
  return {
    name,
    appKey,
    client,
    limiter,
    breaker,
    usage,
    latencies,
    tokens: createGatewayTokens({ appKey, appSecret, nowMs: Date.now }),
    relay: relay.through(client.request),
    approve: createApproval({ origin, appKey, appSecret, dispatcher: options.dispatcher }),
    close: () => client.close(),
  };
}
