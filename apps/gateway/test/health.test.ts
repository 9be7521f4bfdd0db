import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { startGateway } from './harness.ts';

describe('health', () => {
  test('is told by /readyz: the token is usable, the storage takes records, the breaker is not open', async () => {
    const { app } = await startGateway();
    expect((await app.inject('/readyz')).json()).toMatchObject({ ready: false, missing: ['token'] });
    await app.inject('/v1/quotes/005930');
    await later();
    const ready = await app.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([200, { ready: true, missing: [], details: [], source: 'kis' }]);
  });

  test('names the breaker and the storage where they are at fault, and all is served that can be', async () => {
    const { app, fake, directory } = await startGateway({ env: { KIS_API_CIRCUIT_BREAKER_THRESHOLD: '1' } });
    await app.inject('/v1/stocks/005930');
    fake.control({ failNext: { count: 50, cut: 'before' } });
    await app.inject('/v1/quotes/005930');
    await rm(directory, { recursive: true });
    await writeFile(directory, 'no directory any more');
    await later();
    const reply = await app.inject('/readyz');
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({ ready: false, missing: ['storage', 'breaker'] });
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/v1/stocks/005930')).statusCode).toBe(200);
  });
});

test('the token is told of at /token/status by the names that monitors read', async () => {
  const { app } = await startGateway();
  const before = (await app.inject('/token/status')).json();
  expect(before).toMatchObject({ status: 'NO_TOKEN', valid: false, expires_at: null, remaining_seconds: 0 });
  await app.inject('/v1/quotes/005930');
  const status = (await app.inject('/token/status')).json();
  expect(status).toEqual({
    account: 'main',
    status: 'VALID',
    valid: true,
    expires_at: expect.stringMatching(/^2026-11-27T\d\d:\d\d:\d\d\.000Z$/),
    issued_at: expect.any(String),
    remaining_seconds: expect.any(Number),
    remaining_hours: 24,
    buffer_seconds: 300,
    proactive_refresh_seconds: 1_800,
    cache_exists: true,
    attempts: [{ at: expect.any(String), outcome: 'issued', by: expect.any(String) }],
    last_error: null,
    source: 'kis',
  });
});

/** A look is good for two seconds. */
const later = () => new Promise((resolve) => setTimeout(resolve, 2_050));
