import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TokenIssueError } from '../src/index.ts';
import { createRig, DAY, MINUTE, SECOND, tooSoon, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

describe('T1: callers of one process', () => {
  test('a hundred at once cost one issue', async () => {
    const { manager, issuer, token } = createRig();
    issuer.answer(token('one'));
    const tokens = manager();
    const got = await Promise.all(Array.from({ length: 100 }, () => tokens.getToken()));
    expect(new Set(got.map(({ value }) => value)).size).toBe(1);
    expect(issuer.asked).toHaveLength(1);
  });

  test('get the same promise, and no I/O, while the token is at hand', async () => {
    const { manager, issuer, token, storage } = createRig();
    issuer.answer(token('one'));
    const tokens = manager();
    await tokens.getToken();
    storage.read = () => Promise.reject(new Error('no I/O, please'));
    expect(tokens.getToken()).toBe(tokens.getToken());
    await tokens.getToken();
  });

  test("one caller's abort ends that caller's wait only, even the first one's", async () => {
    const { manager, issuer, token } = createRig();
    const tokens = manager();
    const controller = new AbortController();
    const first = watchPromise(tokens.getToken({ signal: controller.signal }));
    const second = watchPromise(tokens.getToken());
    await settle();
    const reason = new Error('the user left');
    controller.abort(reason);
    await settle();
    expect(first).toMatchObject({ state: 'rejected', error: reason });
    expect(second.state).toBe('pending');
    issuer.reply(token('one'));
    await settle();
    expect(second.state).toBe('fulfilled');
    expect(issuer.asked).toHaveLength(1);
  });

  test('the abort of one that waits for the interval leaves the others waiting', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(tooSoon(), token('one'));
    const tokens = manager();
    const controller = new AbortController();
    const gone = watchPromise(tokens.getToken({ signal: controller.signal }));
    const callers = [watchPromise(tokens.getToken()), watchPromise(tokens.getToken())];
    await clock.advance(10 * SECOND);
    controller.abort();
    await clock.advance(45 * SECOND);
    expect([gone.state, ...callers.map(({ state }) => state)]).toEqual(['rejected', 'pending', 'pending']);
    await clock.advance(6 * SECOND);
    expect(callers.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled']);
  });

  test('when all of a hundred leave while KIS is asked, each has its own reason, and the answer is kept for the next', async () => {
    const { manager, issuer, token, stored, clock } = createRig();
    const tokens = manager();
    const leaving = Array.from({ length: 100 }, (_, i) => ({
      reason: new Error(`reason ${i}`),
      by: new AbortController(),
    }));
    const callers = leaving.map(({ by }) => watchPromise(tokens.getToken({ signal: by.signal })));
    await settle();
    for (const { by, reason } of leaving) by.abort(reason);
    await settle();
    expect(callers.map(({ error }) => error)).toEqual(leaving.map(({ reason }) => reason));
    expect(clock.refTimers()).toBe(0);
    issuer.reply(token('one'));
    await settle();
    expect((await stored())?.token).toEqual(token('one'));
    expect(await tokens.getToken()).toEqual(token('one'));
    expect(issuer.asked).toHaveLength(1);
    await tokens.close();
  });

  test('when the last one that waits has left, nobody asks any more', async () => {
    const { manager, issuer, clock } = createRig();
    issuer.answer(tooSoon());
    const controller = new AbortController();
    const gone = watchPromise(manager().getToken({ signal: controller.signal }));
    await clock.advance(10 * SECOND);
    controller.abort();
    await clock.advance(5 * MINUTE);
    expect([gone.state, issuer.asked.length]).toEqual(['rejected', 1]);
  });

  test('a hundred under one signal raise no warning and leave no listener', async () => {
    const { manager, issuer, token } = createRig();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { signal } = new AbortController();
    const tokens = manager();
    const callers = Array.from({ length: 100 }, () => tokens.getToken({ signal }));
    await settle();
    expect(getEventListeners(signal, 'abort')).toHaveLength(100);
    issuer.reply(token('one'));
    await Promise.all(callers);
    await settle();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(warnings).toEqual([]);
  });

  test('an aborted caller gets no token, not even one that is at hand', async () => {
    const { manager, issuer, token } = createRig();
    issuer.answer(token('one'));
    const tokens = manager();
    await tokens.getToken();
    await expect(tokens.getToken({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an answer that comes after every caller has left is kept', async () => {
    const { manager, issuer, token, stored } = createRig();
    const tokens = manager();
    const controller = new AbortController();
    const gone = watchPromise(tokens.getToken({ signal: controller.signal }));
    await settle();
    controller.abort();
    issuer.reply(token('one'));
    await settle();
    expect(gone.state).toBe('rejected');
    expect((await stored())?.token).toMatchObject({ value: token('one').value });
    await tokens.getToken();
    expect(issuer.asked).toHaveLength(1);
  });
});

describe('without a usable token', () => {
  test('a caller waits up to maxWaitMs, then learns when to come back', async () => {
    const { manager, issuer, clock } = createRig();
    issuer.answer(tooSoon());
    const caller = watchPromise(manager({ maxWaitMs: 10 * SECOND }).getToken());
    await clock.advance(10 * SECOND);
    await settle();
    expect(caller).toMatchObject({
      state: 'rejected',
      error: { code: 'ERR_TOKEN_ISSUE', kisCode: 'EGW00133', retryAfterMs: expect.any(Number) },
    });
    const { retryAfterMs } = caller.error as TokenIssueError;
    expect(retryAfterMs).toBeGreaterThan(48 * SECOND);
    expect(retryAfterMs).toBeLessThanOrEqual(60 * SECOND);
  });

  test('wrong keys are told to every caller at once, and asked about once an hour', async () => {
    const { manager, issuer, clock } = createRig();
    issuer.answer(new TokenIssueError('wrong key', { status: 403, kisCode: 'EGW00103' }));
    const tokens = manager();
    for (let i = 0; i < 5; i += 1) {
      await expect(tokens.getToken()).rejects.toMatchObject({ kisCode: 'EGW00103' });
      await clock.advance(11 * MINUTE);
    }
    expect(issuer.asked).toHaveLength(1);
    const corrected = manager({ appSecret: 'corrected' });
    issuer.answer(createRig().token('one'));
    await expect(corrected.getToken()).resolves.toBeDefined();
  });

  test('a lost answer is waited out: KIS gives the same token again', async () => {
    const { manager, issuer, token, clock, stored } = createRig();
    issuer.answer(new TokenIssueError('timed out'), token('one'));
    const caller = watchPromise(manager().getToken());
    await clock.advance(61 * SECOND);
    expect(caller.state).toBe('fulfilled');
    expect((await stored())?.attempts.map(({ outcome }) => outcome)).toEqual(['issued', 'unknown']);
  });

  test('a connection that never came about is told at once', async () => {
    const { manager, issuer } = createRig();
    issuer.answer(new TokenIssueError('refused', { mayHaveArrived: false }));
    await expect(manager().getToken()).rejects.toMatchObject({ retryAfterMs: MINUTE });
  });

  test('an issuer of one’s own may reject with anything', async () => {
    const { manager, issuer, clock } = createRig();
    issuer.issue = () => Promise.reject('a string');
    const caller = watchPromise(manager({ maxWaitMs: SECOND }).getToken());
    await clock.advance(SECOND);
    await settle();
    expect(caller).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
  });
});

describe('T6: KIS says that it is too soon', () => {
  test('a refusal for being too soon is waited out, then KIS is asked again', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(tooSoon(), token('one'));
    const caller = watchPromise(manager().getToken());
    await clock.advance(59 * SECOND);
    expect([issuer.asked.length, caller.state]).toEqual([1, 'pending']);
    await clock.advance(2 * SECOND);
    expect([issuer.asked.length, caller.state]).toEqual([2, 'fulfilled']);
  });

  test('being refused usually means that another process just got the token: it is taken as soon as it is stored', async () => {
    const { manager, issuer, token, clock, store } = createRig();
    issuer.answer(tooSoon());
    const caller = watchPromise(manager().getToken());
    await clock.advance(300);
    expect(caller.state).toBe('pending');
    await store({ token: token('theirs') });
    await clock.advance(50);
    expect(caller).toMatchObject({ state: 'fulfilled', value: { value: token('theirs').value } });
    expect(issuer.asked).toHaveLength(1);
  });

  test('to a process that has a usable token: nobody notices', async () => {
    const { manager, issuer, token, clock } = createRig();
    const old = token('old');
    issuer.answer(old, tooSoon());
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(DAY - 20 * MINUTE);
    expect(await tokens.getToken()).toEqual(old);
    await settle();
    expect(issuer.asked).toHaveLength(2);
    expect(await tokens.getToken()).toEqual(old);
  });
});

describe('T8: a question that failed', () => {
  test('a rejected question is never remembered as an answer', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(new TokenIssueError('down', { status: 500 }), token('one'));
    const tokens = manager();
    await expect(tokens.getToken()).rejects.toMatchObject({ status: 500, retryAfterMs: MINUTE });
    await clock.advance(MINUTE);
    await expect(tokens.getToken()).resolves.toMatchObject({ value: token('one').value });
  });

  test('is not answered to those who come after it, though they come before the next one', async () => {
    const { manager, issuer } = createRig();
    issuer.answer(new TokenIssueError('wrong key', { status: 403, kisCode: 'EGW00103' }));
    const tokens = manager();
    const first = await tokens.getToken().catch((error: unknown) => error);
    const second = await tokens.getToken().catch((error: unknown) => error);
    expect(second).not.toBe(first);
    expect(second).toMatchObject({ kisCode: 'EGW00103', retryAfterMs: expect.any(Number) });
  });
});

describe('T9: a process', () => {
  test('a waiting caller keeps the process alive by one timer, and no longer', async () => {
    const { manager, issuer, token, clock } = createRig();
    const tokens = manager();
    const caller = tokens.getToken();
    await settle();
    expect(clock.refTimers()).toBe(1);
    issuer.reply(token('one'));
    await caller;
    expect(clock.refTimers()).toBe(0);
  });
});

describe('close() with callers waiting', () => {
  test('for the interval rejects them, and asks no more', async () => {
    const { manager, issuer, clock } = createRig();
    issuer.answer(tooSoon());
    const tokens = manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    await tokens.close();
    await settle();
    expect(caller).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
    await clock.advance(5 * MINUTE);
    expect(issuer.asked).toHaveLength(1);
  });

  test("for another's claim rejects them at once", async () => {
    const { manager, issuer, clock, store } = createRig();
    const claim = { id: 'theirs', by: 'elsewhere.b.1.2.3', atMs: clock.nowMs(), leaseMs: 15 * SECOND } as const;
    await store({ attempts: [{ ...claim, outcome: 'pending' }] });
    const tokens = manager();
    const callers = Array.from({ length: 10 }, () => watchPromise(tokens.getToken()));
    const refresher = watchPromise(tokens.refresh());
    await clock.advance(SECOND);
    await tokens.close();
    await settle();
    for (const caller of [...callers, refresher]) {
      expect(caller).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
    }
    expect([clock.refTimers(), issuer.asked]).toEqual([0, []]);
  });

  test('for a better token than one in its buffer gives them that one', async () => {
    const { manager, token, clock, store } = createRig();
    const old = { ...token('old', 4 * MINUTE), issuedAtMs: clock.nowMs() - DAY };
    const claim = { id: 'theirs', by: 'elsewhere.b.1.2.3', atMs: clock.nowMs(), leaseMs: 15 * SECOND } as const;
    await store({ token: old, attempts: [{ ...claim, outcome: 'pending' }] });
    const tokens = manager();
    const caller = watchPromise(tokens.getToken());
    await clock.advance(SECOND);
    expect(caller.state).toBe('pending');
    await tokens.close();
    await settle();
    expect(caller).toMatchObject({ state: 'fulfilled', value: old });
    expect(clock.refTimers()).toBe(0);
  });

  test('makes whoever comes later reject at once', async () => {
    const { manager, issuer, token } = createRig();
    issuer.answer(token('one'));
    const tokens = manager();
    await tokens.getToken();
    await tokens.close();
    await expect(tokens.getToken()).rejects.toThrow('closed');
    await expect(tokens.refresh()).rejects.toThrow('closed');
    await expect(tokens.revoke()).rejects.toThrow('closed');
    expect(() => tokens.start()).toThrow('closed');
    await tokens.close();
  });
});
