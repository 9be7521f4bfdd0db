import { describe, expect, test } from 'vitest';
import { headersFor, PRICE_URL, type Stage, startGateway } from './harness.ts';

const scrape = async ({ app }: Stage) => (await app.inject('/metrics')).payload;

describe('what Prometheus reads', () => {
  test('tells of token, limiter, breaker, calls by TR id, cache and event loop, as they are at that moment', async () => {
    const stage = await startGateway({ env: { KIS_CACHE_TTL_PRICE: '60' } });
    const { app } = stage;
    await app.inject('/v1/quotes/005930');
    await app.inject('/v1/quotes/005930');
    await app.inject({ url: PRICE_URL, headers: await headersFor(app, 'FHKST01010100') });
    await app.inject({ url: PRICE_URL, headers: await headersFor(app, 'MADEUP0123456') });
    const { payload, headers } = await app.inject('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    for (const line of [
      /^kis_token_state\{account="main",state="VALID"\} 1$/m,
      /^kis_token_age_seconds\{account="main"\} \d/m,
      /^kis_token_remaining_seconds\{account="main"\} 8\d{4}/m,
      /^kis_token_issues_total\{account="main",outcome="issued"\} 1$/m,
      /^kis_limiter_limit\{account="main"\} 18$/m,
      /^kis_limiter_effective_limit\{account="main"\} 18$/m,
      /^kis_limiter_degraded\{account="main"\} 0$/m,
      /^# TYPE kis_limiter_granted_total counter$/m,
      /^kis_limiter_granted_total\{account="main"\} 3$/m,
      /^kis_limiter_refused_total\{account="main"\} 0$/m,
      /^kis_limiter_wait_seconds_count\{account="main"\} 3$/m,
      /^kis_breaker_state\{account="main",state="CLOSED"\} 1$/m,
      /^kis_call_seconds_count\{account="main",tr_id="FHKST01010100",status="200"\} 2$/m,
      /^# TYPE kis_cache_hits_total counter$/m,
      /^kis_cache_hits_total\{account="main"\} 1$/m,
      /^kis_cache_misses_total\{account="main"\} 1$/m,
      /^gateway_reply_seconds_count\{route="\/v1\/quotes\/:code",status="200"\} 2$/m,
      /^nodejs_eventloop_lag_p99_seconds \d/m,
    ]) {
      expect(payload).toMatch(line);
    }
    expect(await scrape(stage)).toMatch(/^kis_limiter_granted_total\{account="main"\} 3$/m);
  });

  test('counts what the cache gave whoever asked, for one price or for many', async () => {
    const stage = await startGateway({ env: { KIS_CACHE_TTL_PRICE: '60' } });
    const ask = () =>
      stage.app.inject({ method: 'POST', url: '/v1/quotes', payload: { codes: ['005930', '000660'], withName: true } });
    for (let n = 0; n < 3; n += 1) await ask();
    expect(stage.fake.log().calls).toBe(1);
    const text = await scrape(stage);
    expect(text).toMatch(/^kis_cache_hits_total\{account="main"\} 4$/m);
    expect(text).toMatch(/^kis_cache_misses_total\{account="main"\} 2$/m);
  });

  test('names a TR id that KIS knows however many were made up before it', async () => {
    const stage = await startGateway({ env: { KIS_API_RATE_LIMIT: '1000' }, kis: { limit: 1_000 } });
    const headers = await headersFor(stage.app, '');
    const ask = (trId: string) => stage.app.inject({ url: PRICE_URL, headers: { ...headers, tr_id: trId } });
    await Promise.all(Array.from({ length: 110 }, (_, n) => ask(`MADEUP${1_000_000 + n}`)));
    await ask('FHKST01010100');
    const text = await scrape(stage);
    expect(text).toMatch(/^kis_call_seconds_count\{account="main",tr_id="FHKST01010100",status="200"\} 1$/m);
    expect(text).toMatch(/^kis_call_seconds_count\{account="main",tr_id="other",status="500"\} 110$/m);
    expect(text).not.toContain('MADEUP');
  });

  test('tells a token that was asked for from one that another process had', async () => {
    const first = await startGateway();
    await first.app.inject('/v1/quotes/005930');
    const { fake, directory } = first;
    const second = await startGateway({ fake, env: { KIS_TOKEN_FILE_PATH: `${directory}/token.json` } });
    await second.app.inject('/v1/quotes/005930');
    const text = await scrape(second);
    expect(text).toMatch(/^kis_token_adoptions_total\{account="main"\} 1$/m);
    expect(text).not.toMatch(/^kis_token_issues_total\{/m);
  });
});
