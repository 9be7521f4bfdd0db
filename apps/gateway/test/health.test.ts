import { rm, writeFile } from 'node:fs/promises';
import Fastify from 'fastify';
import { describe, expect, test, vi } from 'vitest';
import type { Accounts } from '../src/accounts/accounts.ts';
import { healthRoutes, tokenStatusRoute } from '../src/health/health.ts';
import type { Readiness } from '../src/health/readiness.ts';
import { createTokenStatuses } from '../src/health/token-statuses.ts';
import { createAnswerError } from '../src/http/errors.ts';
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

test('a breaker that opens is told by /readyz at once', async () => {
  const { app, fake } = await startGateway({ env: { KIS_API_CIRCUIT_BREAKER_THRESHOLD: '1' } });
  await app.inject('/v1/quotes/005930');
  expect((await app.inject('/readyz')).json()).toMatchObject({ ready: true });
  fake.control({ failNext: { count: 50, cut: 'before' } });
  await app.inject('/v1/quotes/000660');
  expect((await app.inject('/readyz')).json()).toMatchObject({ ready: false, missing: ['breaker'] });
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

/** The routes of health alone, of an account whose token manager gives what `status` gives. */
function healthApp(status: () => Promise<object>) {
  const accounts = { all: [{ name: 'main', client: { tokens: { status } } }], byName: () => accounts.all[0] };
  const app = Fastify();
  app.setErrorHandler(createAnswerError(() => {}));
  const told: unknown[] = [];
  app.addHook('preSerialization', async (_request, _reply, payload) => {
    told.push(payload);
    return payload;
  });
  const found = { ready: false, missing: ['storage'], details: ['no space'] };
  const readiness = { look: async () => found } as unknown as Readiness;
  healthRoutes(app, { readiness, source: 'mock', isClosing: () => false, maySeeDetails: () => true });
  const statuses = createTokenStatuses(accounts as unknown as Accounts);
  tokenStatusRoute(app, { accounts: accounts as unknown as Accounts, statuses, source: 'mock' });
  return { app, told };
}

describe('what health is answered with', () => {
  test('is whole: nothing is lost for want of a schema that names it', async () => {
    const attempt = { by: 'host.boot.1.2.3', atMs: 1, outcome: 'refused', kisCode: 'EGW00133', count: 2, forced: true };
    const { app, told } = healthApp(async () => ({
      ...{ state: 'VALID', valid: true, stored: true, remainingMs: 1_500, bufferMs: 1, refreshAheadMs: 1_001 },
      ...{ expiresAt: new Date(2_500), issuedAt: new Date(1), attempts: [attempt], lastError: new Error('refused') },
    }));
    for (const url of ['/healthz', '/readyz', '/token/status']) {
      const reply = await app.inject(url);
      expect(reply.json()).toEqual(JSON.parse(JSON.stringify(told.at(-1))));
    }
    expect(told).toHaveLength(3);
    expect(told.at(-1)).toMatchObject({ remaining_seconds: 1, attempts: [{ kis_code: 'EGW00133', forced: true }] });
  });

  test('comes though the storage hangs', async () => {
    const status = vi.fn(() => new Promise<object>(() => {}));
    const { app } = healthApp(status);
    await app.ready();
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const asked = app.inject('/token/status');
      await vi.waitFor(() => expect(status).toHaveBeenCalled());
      await vi.advanceTimersByTimeAsync(3_000);
      const reply = await asked;
      expect([reply.statusCode, reply.json()]).toMatchObject([503, { code: 'ERR_TOKEN_STORAGE' }]);
    } finally {
      vi.useRealTimers();
    }
  });
});

/** A look is good for two seconds. */
const later = () => new Promise((resolve) => setTimeout(resolve, 2_050));
