import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Accounts } from './accounts/accounts.ts';
import type { Exchange } from './accounts/wire.ts';
import type { TokenStatuses } from './health/token-statuses.ts';

/** What Prometheus reads. */
export interface Metrics {
  noteExchange(account: string, exchange: Exchange): void;
  noteWait(account: string, waitMs: number): void;
  noteIssue(account: string, outcome: 'issued' | 'failed'): void;
  /** A token was taken that somebody else had asked for. */
  noteAdoption(account: string): void;
  noteReply(route: string, status: number, durationMs: number): void;
  text(accounts: Accounts, statuses: TokenStatuses, streams: number): Promise<string>;
  readonly contentType: string;
  close(): void;
}

const STATES = ['VALID', 'EXPIRING_SOON', 'EXPIRED', 'NO_TOKEN'] as const;
const CIRCUIT = ['CLOSED', 'OPEN', 'HALF_OPEN'] as const;
/** KIS has some 340, of which a user needs a few. */
const MOST_TR_IDS = 100;
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  // Node's own: the lag of the event loop, memory, collections.
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, ...labels: string[]) =>
    new Gauge({ name, help, labelNames: ['account', ...labels], registers: [registry] });
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const histogram = (name: string, help: string, ...labelNames: string[]) =>
    new Histogram({ name, help, labelNames, buckets, registers: [registry] });

  const state = gauge('kis_token_state', '1 for the state that holds', 'state');
  const age = gauge('kis_token_age_seconds', 'Since the token was issued');
  const remaining = gauge('kis_token_remaining_seconds', 'Until the token ends');
  const issues = counter('kis_token_issues_total', 'Tokens asked for, by outcome', 'account', 'outcome');
  const adoptions = counter('kis_token_adoptions_total', 'Tokens taken that another process had asked for', 'account');
  const limit = gauge('kis_limiter_limit', 'Calls a second, as configured');
  const effective = gauge('kis_limiter_effective_limit', 'What refusals have left of it');
  const waiting = gauge('kis_limiter_waiting', 'Calls that wait for their turn');
  const degraded = gauge('kis_limiter_degraded', '1 while the budget that it shares cannot be reached');
  const granted = counter('kis_limiter_granted_total', 'Calls that left', 'account');
  const refused = counter('kis_limiter_refused_total', 'Of these the ones that KIS refused for the rate', 'account');
  const waits = histogram('kis_limiter_wait_seconds', 'How long calls waited for their turn', 'account');
  const circuit = gauge('kis_breaker_state', '1 for the state that holds', 'state');
  const latency = histogram(
    'kis_call_seconds',
    'Answers of KIS, by TR id; status 0: none',
    'account',
    'tr_id',
    'status',
  );
  const hits = counter('kis_cache_hits_total', 'Questions that the cache answered', 'account');
  const misses = counter('kis_cache_misses_total', 'Questions that it did not', 'account');
  const replies = histogram('gateway_reply_seconds', 'Our own answers, by route', 'route', 'status');
  const streams = new Gauge({ name: 'gateway_event_streams', help: 'Who listens', registers: [registry] });

  const trIds = new Set<string>();

  return {
    contentType: registry.contentType,
    noteExchange(account, { trId, status, durationMs }) {
      // What somebody made up must not make a series each: KIS answers that with 500.
      if (status === 200 && trIds.size < MOST_TR_IDS && /^[A-Z0-9]{8,14}$/.test(trId)) trIds.add(trId);
      const known = trIds.has(trId) ? trId : 'other';
      latency.observe({ account, tr_id: known, status: String(status) }, durationMs / 1_000);
    },
    noteWait: (account, waitMs) => waits.observe({ account }, waitMs / 1_000),
    noteIssue: (account, outcome) => issues.inc({ account, outcome }),
    noteAdoption: (account) => adoptions.inc({ account }),
    noteReply: (route, status, durationMs) => replies.observe({ route, status: String(status) }, durationMs / 1_000),
    async text(accounts, statuses, open) {
      streams.set(open);
      // Counted elsewhere, and ever.
      for (const it of [granted, refused, hits, misses]) it.reset();
      for (const { name: account, client, limiter, sharing, breaker, usage } of accounts.all) {
        const token = statuses.last(account).status;
        const nowMs = client.tokens.clock?.nowMs() ?? Date.now();
        for (const it of STATES) state.set({ account, state: it }, token?.state === it ? 1 : 0);
        age.set({ account }, token?.issuedAt === undefined ? 0 : (nowMs - token.issuedAt.getTime()) / 1_000);
        const expiresAtMs = token?.expiresAt?.getTime();
        remaining.set({ account }, expiresAtMs === undefined ? 0 : Math.max(0, expiresAtMs - nowMs) / 1_000);
        const stats = limiter.stats();
        limit.set({ account }, stats.limit);
        effective.set({ account }, stats.effectiveLimit);
        waiting.set({ account }, stats.waiting);
        degraded.set({ account }, sharing.share === undefined ? 0 : 1);
        granted.inc({ account }, stats.granted);
        refused.inc({ account }, stats.refused);
        for (const it of CIRCUIT) circuit.set({ account, state: it }, breaker.state === it ? 1 : 0);
        hits.inc({ account }, usage.cache.hits);
        misses.inc({ account }, usage.cache.misses);
      }
      return registry.metrics();
    },
    close: () => registry.clear(),
  };
}
