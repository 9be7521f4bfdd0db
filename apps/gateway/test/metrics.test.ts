import { expect, test } from 'vitest';
import { headersFor, PRICE_URL, startGateway } from './harness.ts';

test('what Prometheus reads tells of token, limiter, breaker, calls by TR id, cache and event loop', async () => {
  const { app } = await startGateway({ env: { KIS_CACHE_TTL_PRICE: '60' } });
  await app.inject('/v1/quotes/005930');
  await app.inject('/v1/quotes/005930');
  await app.inject({ url: PRICE_URL, headers: await headersFor(app, 'FHKST01010100') });
  await app.inject({ url: PRICE_URL, headers: await headersFor(app, 'MADEUP0123456') });
  await app.inject('/metrics');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { payload, headers } = await app.inject('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain/);
  for (const line of [
    /^kis_token_state\{account="main",state="VALID"\} 1$/m,
    /^kis_token_age_seconds\{account="main"\} \d/m,
    /^kis_token_issues_total\{account="main",outcome="issued"\} 1$/m,
    /^kis_limiter_limit\{account="main"\} 18$/m,
    /^kis_limiter_effective_limit\{account="main"\} 18$/m,
    /^kis_limiter_refused\{account="main"\} 0$/m,
    /^kis_limiter_wait_seconds_count\{account="main"\} 3$/m,
    /^kis_breaker_state\{account="main",state="CLOSED"\} 1$/m,
    /^kis_call_seconds_count\{account="main",tr_id="FHKST01010100",status="200"\} 2$/m,
    /^kis_cache_hits\{account="main"\} 1$/m,
    /^gateway_reply_seconds_count\{route="\/v1\/quotes\/:code",status="200"\} 2$/m,
    /^nodejs_eventloop_lag_p99_seconds \d/m,
  ]) {
    expect(payload).toMatch(line);
  }
});
