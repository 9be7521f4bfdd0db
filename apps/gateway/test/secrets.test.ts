import { describe, expect, test } from 'vitest';
import { findSecrets } from '../../../vitest.secrets.ts';
import { API_KEY, APP_KEY, APP_SECRET, headersFor, ORDER, ORDER_PATH, PRICE_URL, startGateway } from './harness.ts';

/** What is secret, beside the marks of all tests: the account's number, and its app key, which is given to nobody. */
const SECRETS = [APP_KEY, APP_SECRET, API_KEY, ORDER.CANO];

describe('keys, secrets and tokens', () => {
  test('are in no log line, whatever is asked and however it fails', async () => {
    const stage = await startGateway({ env: { LOG_LEVEL: 'trace' } });
    const { app, fake } = stage;
    const headers = await headersFor(app, 'TTTC0012U', API_KEY);
    const quote = { ...headers, tr_id: 'FHKST01010100' };
    const order = () => app.inject({ method: 'POST', url: `${ORDER_PATH}?CANO=12345678`, headers, payload: ORDER });
    await order();
    for (const failNext of [
      { count: 1, kisCode: 'EGW00206' },
      { count: 1, kisCode: 'EGW00304' },
      { count: 1, cut: 'after' as const },
      { count: 1, status: 502, body: `<html>${APP_SECRET}</html>` },
    ]) {
      fake.control({ failNext });
      await order();
      fake.control({ failNext });
      await app.inject({ url: PRICE_URL, headers: quote });
      fake.control({ failNext });
      await app.inject('/v1/quotes/005930?fresh=true');
    }
    await app.inject({ method: 'POST', url: '/oauth2/tokenP', payload: `{"appsecret":"${APP_SECRET}"` });
    await app.inject({
      method: 'POST',
      url: '/v1/quotes',
      payload: { codes: APP_SECRET },
      headers: { 'x-api-key': API_KEY },
    });
    await app.inject(`/v1/quotes/${encodeURIComponent(APP_SECRET)}`);
    await app.inject({ url: '/healthz', headers: { host: 'evil.example', ...headers } });
    const logged = stage.logged();
    expect(logged).toContain('"order"');
    expect(findSecrets(logged)).toEqual([]);
    for (const secret of SECRETS) expect(logged).not.toContain(secret);
  });

  test('are in no reply: not in problems, not in metrics, not in events, not in the status', async () => {
    const stage = await startGateway();
    const url = await stage.gateway.listen();
    const { app, fake } = stage;
    await app.inject('/v1/quotes/005930');
    fake.control({ failNext: { count: 1, kisCode: 'EGW00304' } });
    const replies = [];
    for (const path of [
      '/v1/quotes/000660',
      '/v1/quotes/x',
      '/token/status',
      '/readyz',
      '/metrics',
      '/docs/json',
      '/nothing',
    ]) {
      replies.push((await app.inject(path)).payload);
    }
    const stream = await fetch(`${url}/events`);
    for await (const chunk of stream.body ?? []) {
      replies.push(Buffer.from(chunk).toString());
      if (replies.length > 9) break;
    }
    expect(findSecrets(replies.join('\n'))).toEqual([]);
    for (const secret of SECRETS) expect(replies.join('\n')).not.toContain(secret);
  });
});
