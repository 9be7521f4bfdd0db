import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TokenIssueError } from '../src/index.ts';
import { createRig, MINUTE, SECOND, tooSoon, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

describe('callers of one process', () => {
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

  test('a rejected question is never remembered as an answer', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(new TokenIssueError('down', { status: 500 }), token('one'));
    const tokens = manager();
    await expect(tokens.getToken()).rejects.toMatchObject({ status: 500, retryAfterMs: MINUTE });
    await clock.advance(MINUTE);
    await expect(tokens.getToken()).resolves.toMatchObject({ value: token('one').value });
  });

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

  test('close() ends waits, but brings a question to its end and stores the answer', async () => {
    const { manager, issuer, token, stored } = createRig();
    const tokens = manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    const closed = watchPromise(tokens.close());
    await settle();
    expect(closed.state).toBe('pending');
    issuer.reply(token('one'));
    await settle();
    expect([closed.state, caller.state]).toEqual(['fulfilled', 'fulfilled']);
    expect((await stored())?.token).toBeDefined();
    await expect(tokens.getToken()).rejects.toThrow('closed');
  });

  test('close() rejects whoever waits for the interval, and asks no more', async () => {
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

  test('two accounts in one process never mix', async () => {
    const { manager, issuer, token } = createRig();
    issuer.answer(token('one'), token('two'));
    const one = await manager().getToken();
    const two = await manager({ appKey: 'PSOTHEROTHEROTHEROTHEROTHEROTHER02' }).getToken();
    expect(one.value).not.toBe(two.value);
    expect(issuer.asked).toHaveLength(2);
  });

  test('a listener that throws costs nobody a token', async () => {
    const { manager, issuer, token } = createRig();
    issuer.answer(token('one'));
    const tokens = manager({
      onEvent: () => {
        throw new Error('bad listener');
      },
    });
    await expect(tokens.getToken()).resolves.toBeDefined();
  });
});

describe('without a usable token', () => {
  test('a refusal for being too soon is waited out, then KIS is asked again', async () => {
    const { manager, issuer, token, clock } = createRig();
    issuer.answer(tooSoon(), token('one'));
    const caller = watchPromise(manager().getToken());
    await clock.advance(59 * SECOND);
    expect([issuer.asked.length, caller.state]).toEqual([1, 'pending']);
    await clock.advance(2 * SECOND);
    expect([issuer.asked.length, caller.state]).toEqual([2, 'fulfilled']);
  });

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
