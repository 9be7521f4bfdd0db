import { describe, expect, test } from 'vitest';
import { TokenIssueError } from '../src/index.ts';
import { createRig, DAY, HOUR, key, MINUTE, SECOND, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

describe("a token's life", () => {
  test('it is renewed in the background half an hour ahead, while the old one serves', async () => {
    const { manager, issuer, token, clock } = createRig();
    const old = token('old');
    issuer.answer(old);
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(DAY - 31 * MINUTE);
    await tokens.getToken();
    await settle();
    expect(issuer.asked).toHaveLength(1);
    await clock.advance(5 * MINUTE);
    expect(await tokens.getToken()).toEqual(old);
    await settle();
    expect(issuer.asked).toHaveLength(2);
    expect(await tokens.getToken()).toEqual(old);
    issuer.reply(token('new'));
    await settle();
    expect((await tokens.getToken()).value).toBe(token('new').value);
    expect(issuer.asked).toHaveLength(2);
  });

  test('a failed renewal leaves the old token serving to its true end', async () => {
    const { manager, issuer, token, clock, events } = createRig();
    const old = token('old');
    issuer.answer(old, ...Array.from({ length: 40 }, () => new TokenIssueError('down', { status: 503 })));
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(DAY - 27 * MINUTE);
    for (let i = 0; i < 26; i += 1) {
      expect(await tokens.getToken()).toEqual(old);
      await settle();
      await clock.advance(MINUTE);
    }
    expect(events.some(({ type }) => type === 'renewal-failed')).toBe(true);
    const minutes = issuer.asked.slice(1).map((atMs) => Math.round((atMs - (issuer.asked[1] ?? 0)) / MINUTE));
    expect(minutes).toEqual([0, 1, 3, 7, 15, 23]);
    await clock.advance(2 * MINUTE);
    await expect(tokens.getToken()).rejects.toMatchObject({ code: 'ERR_TOKEN_ISSUE' });
  });

  test('a renewal that fails is told once, however many callers there are', async () => {
    const { manager, issuer, token, clock, events } = createRig();
    issuer.answer(token('old'), new TokenIssueError('down', { status: 503 }));
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(DAY - 20 * MINUTE);
    await Promise.all(Array.from({ length: 50 }, () => tokens.getToken()));
    await settle();
    expect(events.filter(({ type }) => type === 'renewal-failed')).toHaveLength(1);
  });

  test('F5: a wall clock that is set back does not delay the renewal', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(token('old'));
    const tokens = manager();
    await tokens.getToken();
    clock.jumpWall(-HOUR);
    await clock.advance(DAY - 35 * MINUTE);
    await tokens.getToken();
    await settle();
    expect(issuer.asked).toHaveLength(1);
    await clock.advance(25 * MINUTE);
    await tokens.getToken();
    await settle();
    expect(issuer.asked).toHaveLength(2);
  });

  test('in its buffer a better one is worth a short wait, no failure and no long one', async () => {
    const { manager, issuer, token, clock, store } = createRig();
    const old = token('old', 4 * MINUTE);
    await store({ token: { ...old, issuedAtMs: clock.nowMs() - DAY } });
    const tokens = manager();
    const caller = watchPromise(tokens.getToken());
    await clock.advance(SECOND);
    expect([caller.state, issuer.asked.length]).toEqual(['pending', 1]);
    await clock.advance(SECOND);
    expect(caller).toMatchObject({ state: 'fulfilled', value: { value: old.value } });
    // Who comes then does not wait again.
    expect((await tokens.getToken()).value).toBe(old.value);
    await clock.advance(5 * SECOND);
    issuer.reply(token('new'));
    await settle();
    expect((await tokens.getToken()).value).toBe(token('new').value);
    expect(issuer.asked).toHaveLength(1);
  });

  test('a short-lived token is usable for three quarters of its life', async () => {
    const { manager, issuer, token, clock } = createRig();
    const short = token('short', 8 * SECOND);
    issuer.answer(short);
    const tokens = manager({ minIssueIntervalMs: 0 });
    await tokens.getToken();
    await clock.advance(3 * SECOND);
    expect(await tokens.getToken()).toEqual(short);
    expect(issuer.asked).toHaveLength(1);
    await clock.advance(4 * SECOND);
    issuer.answer(token('next', 8 * SECOND));
    expect((await tokens.getToken()).value).toBe(token('next').value);
  });

  test('the least interval holds between all processes', async () => {
    const { manager, issuer, token, clock, store } = createRig();
    await store({
      attempts: [{ id: 'theirs', by: 'other.boot.1.2.3', atMs: clock.nowMs() - 20 * SECOND, outcome: 'failed' }],
    });
    await expect(manager().getToken()).rejects.toMatchObject({ retryAfterMs: 40 * SECOND });
    expect(issuer.asked).toHaveLength(0);
    await clock.advance(40 * SECOND);
    issuer.answer(token('one'));
    await expect(manager().getToken()).resolves.toBeDefined();
  });

  test('an emptied storage is given the token again, unless it is dead', async () => {
    const { manager, issuer, token, clock, storage, stored } = createRig();
    issuer.answer(token('one'));
    const tokens = manager();
    tokens.start();
    await settle();
    const held = await tokens.getToken();
    await storage.delete(key);
    expect((await stored())?.token).toBeUndefined();
    await clock.advance(61 * SECOND);
    expect((await stored())?.token).toEqual(held);
    await tokens.close();
  });

  test('start() keeps a token at hand without any call', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(token('one'));
    const tokens = manager();
    tokens.start();
    await settle();
    expect(issuer.asked).toHaveLength(1);
    await clock.advance(23 * HOUR);
    issuer.answer(token('two'));
    await clock.advance(40 * MINUTE);
    expect(issuer.asked).toHaveLength(2);
    expect(clock.refTimers()).toBe(0);
    await tokens.close();
    await clock.advance(2 * DAY);
    expect(issuer.asked).toHaveLength(2);
  });

  test('a token that KIS gives after its end is a failure, and no loop', async () => {
    const { manager, issuer, token } = createRig();
    issuer.answer({ ...token('late'), expiresAtMs: 5 });
    await expect(manager().getToken()).rejects.toThrow('expired');
    expect(issuer.asked).toHaveLength(1);
  });
});

describe('T2: processes that share a token', () => {
  test('renew it at moments of their own, within a tenth of the time before', async () => {
    const dues = new Set<number>();
    for (let i = 0; i < 20; i += 1) {
      const { manager, issuer, token, clock } = createRig();
      issuer.answer(token('old'));
      const tokens = manager();
      tokens.start();
      await clock.advance(DAY - 30 * MINUTE - SECOND);
      expect(issuer.asked).toHaveLength(1);
      const before = clock.nowMs();
      issuer.answer(() => token('new'));
      await clock.advance(4 * MINUTE);
      expect(issuer.asked).toHaveLength(2);
      dues.add(Math.round((issuer.asked[1] ?? 0) - before));
      await tokens.close();
    }
    expect(dues.size).toBeGreaterThan(10);
  });

  test('ask once, though all of them find it due', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(token('old'), () => token('new'));
    const managers = Array.from({ length: 8 }, () => manager());
    for (const tokens of managers) {
      await tokens.getToken();
      tokens.start();
    }
    await clock.advance(DAY - 20 * MINUTE);
    expect(issuer.asked).toHaveLength(2);
    for (const tokens of managers) expect((await tokens.getToken()).value).toBe(token('new').value);
    await Promise.all(managers.map((tokens) => tokens.close()));
  });
});

describe('refresh', () => {
  test('gives a token issued after the call, once the interval allows', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(token('one'), token('two', DAY + SECOND));
    const tokens = manager();
    await tokens.getToken();
    const fresh = watchPromise(tokens.refresh());
    await clock.advance(59 * SECOND);
    expect(fresh.state).toBe('pending');
    await clock.advance(2 * SECOND);
    expect(fresh).toMatchObject({ state: 'fulfilled', value: { value: token('two').value } });
    expect((await tokens.getToken()).value).toBe(token('two').value);
  });

  test('rejects where KIS gives none, and the token in use goes on serving', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(token('one'), new TokenIssueError('down', { status: 500 }));
    const tokens = manager();
    const held = await tokens.getToken();
    await clock.advance(MINUTE);
    await expect(tokens.refresh()).rejects.toMatchObject({ status: 500 });
    expect(await tokens.getToken()).toEqual(held);
  });

  test('three an hour, over all processes', async () => {
    const { manager, issuer, token, clock } = createRig();
    for (let i = 0; i < 4; i += 1) issuer.answer(token(`t${i}`, DAY + i * MINUTE));
    for (let i = 0; i < 3; i += 1) {
      const fresh = watchPromise(manager().refresh());
      await clock.advance(61 * SECOND);
      expect(fresh.state).toBe('fulfilled');
    }
    await expect(manager().refresh()).rejects.toMatchObject({ retryAfterMs: expect.any(Number) });
    expect(issuer.asked).toHaveLength(3);
  });
});
