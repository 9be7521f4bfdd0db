import { describe, expect, test } from 'vitest';
import { TokenIssueError } from '../src/index.ts';
import { breakCalls, createRig, DAY, HOUR, key, MINUTE, SECOND } from './harness.ts';
import { settle } from './manual-clock.ts';

const settings = { bufferMs: 5 * MINUTE, refreshAheadMs: 30 * MINUTE };

describe('status()', () => {
  test('is complete, and never asks: without a token', async () => {
    const { manager, issuer } = createRig();
    expect(await manager().status()).toEqual({
      ...settings,
      state: 'NO_TOKEN',
      valid: false,
      expiresAt: undefined,
      issuedAt: undefined,
      remainingMs: 0,
      stored: false,
      attempts: [],
      lastError: undefined,
    });
    expect(issuer.asked).toEqual([]);
  });

  test.each([
    ['a fresh one', 0, 'VALID', true],
    ['one that is due for renewal', DAY - 29 * MINUTE, 'EXPIRING_SOON', true],
    ['one within its buffer', DAY - 4 * MINUTE, 'EXPIRED', false],
    ['one past its end', DAY + HOUR, 'EXPIRED', false],
  ] as const)('is complete, and never asks: with %s', async (_, ageMs, state, valid) => {
    const { manager, issuer, token, clock } = createRig();
    const one = token('one');
    issuer.answer(one);
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(ageMs);
    expect(await tokens.status()).toEqual({
      ...settings,
      state,
      valid,
      expiresAt: new Date(one.expiresAtMs),
      issuedAt: new Date(one.issuedAtMs),
      remainingMs: Math.max(0, DAY - ageMs),
      stored: true,
      attempts: [{ id: expect.any(String), by: expect.any(String), atMs: one.issuedAtMs, outcome: 'issued' }],
      lastError: undefined,
    });
    expect(issuer.asked).toHaveLength(1);
  });

  test('shows the settings of its manager', async () => {
    const { manager } = createRig();
    const tokens = manager({ expiryBufferMs: 7, refreshAheadMs: 9 });
    expect(await tokens.status()).toMatchObject({ bufferMs: 7, refreshAheadMs: 9 });
  });

  test('says what is stored, though this process never used it', async () => {
    const { manager, token, store } = createRig();
    await store({ token: token('theirs') });
    expect(await manager().status()).toMatchObject({ state: 'VALID', stored: true, remainingMs: DAY });
  });

  test('does not take a token that has ended for one', async () => {
    const { manager, token, store, clock } = createRig();
    await store({ token: token('theirs', SECOND) });
    await clock.advance(MINUTE);
    expect(await manager().status()).toMatchObject({ state: 'NO_TOKEN', stored: false });
  });

  test('says that a token is not stored: the storage was emptied, holds another one, or cannot be read', async () => {
    const { manager, issuer, token, storage, store } = createRig();
    issuer.answer(token('one'));
    const tokens = manager();
    await tokens.getToken();
    await storage.delete(key);
    expect(await tokens.status()).toMatchObject({ state: 'VALID', stored: false });
    await store({ token: { ...token('earlier'), expiresAtMs: 5 } });
    expect(await tokens.status()).toMatchObject({ state: 'VALID', stored: false });
    breakCalls(storage, 'read');
    expect(await tokens.status()).toMatchObject({
      state: 'VALID',
      stored: false,
      lastError: { code: 'ERR_TOKEN_STORAGE', operation: 'read' },
    });
  });

  test('keeps the last error, also that of a renewal nobody waited for', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(token('one'), new TokenIssueError('down', { status: 503 }));
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(DAY - 20 * MINUTE);
    await tokens.getToken();
    await settle();
    expect(await tokens.status()).toMatchObject({
      state: 'EXPIRING_SOON',
      lastError: { code: 'ERR_TOKEN_ISSUE', status: 503 },
      attempts: [{ outcome: 'failed' }, { outcome: 'issued' }],
    });
  });

  test('tells of what another process does now', async () => {
    const { manager, store, clock } = createRig();
    const claim = {
      id: 'theirs',
      by: 'elsewhere.b.1.2.3',
      atMs: clock.nowMs(),
      outcome: 'pending',
      leaseMs: 15_000,
    } as const;
    await store({ attempts: [claim] });
    expect((await manager().status()).attempts).toEqual([claim]);
  });
});
