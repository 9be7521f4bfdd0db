import { describe, expect, onTestFinished, test } from 'vitest';
import { createMemoryStorage, TokenIssueError } from '../src/index.ts';
import { createRig, DAY, intercept, MINUTE, SECOND, tooSoon, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

/** What nobody has caught by the end of the test. */
function watchUnhandled(): unknown[] {
  const unhandled: unknown[] = [];
  const take = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', take);
  process.on('uncaughtExceptionMonitor', take);
  onTestFinished(() => {
    process.off('unhandledRejection', take);
    process.off('uncaughtExceptionMonitor', take);
  });
  return unhandled;
}

function bang(): never {
  throw new Error('bang');
}

describe('a callback that throws', () => {
  test('as a listener costs nobody a token', async () => {
    const { manager, issuer, token } = createRig();
    issuer.answer(token('one'));
    await expect(manager({ onEvent: bang }).getToken()).resolves.toEqual(token('one'));
  });

  test('as a watcher of the memory storage keeps no other from being called, and no write from its end', async () => {
    const unhandled = watchUnhandled();
    const storage = createMemoryStorage();
    let calls = 0;
    storage.watch?.('real-1', bang);
    storage.watch?.('real-1', () => {
      calls += 1;
    });
    expect(await storage.compareAndSet('real-1', undefined, { attempts: [], dead: [] })).toBeDefined();
    await settle();
    expect([calls, unhandled]).toEqual([1, []]);
  });
});

describe('an issuer that throws', () => {
  test('instead of rejecting is an issuer that failed', async () => {
    const { manager, issuer, clock, stored } = createRig();
    issuer.issue = bang;
    const caller = watchPromise(manager({ maxWaitMs: SECOND }).getToken());
    await clock.advance(SECOND);
    await settle();
    expect(caller).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
    // What became of the question is not known.
    expect((await stored())?.attempts).toMatchObject([{ outcome: 'unknown' }]);
  });

  test('or gives what is no answer, too', async () => {
    for (const answer of [undefined, null, {}, { token: undefined }, { token: {} }]) {
      const { manager, issuer, clock, stored } = createRig();
      issuer.issue = () => Promise.resolve(answer as never);
      const caller = watchPromise(manager({ maxWaitMs: SECOND }).getToken());
      await clock.advance(SECOND);
      await settle();
      expect(caller).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
      expect((await stored())?.token).toBeUndefined();
    }
  });

  test('at revoking rejects, and changes nothing', async () => {
    const { manager, issuer, token, stored } = createRig();
    issuer.answer(token('one'));
    issuer.revoke = bang;
    const tokens = manager();
    await tokens.getToken();
    await expect(tokens.revoke()).rejects.toThrow('bang');
    expect((await stored())?.token).toEqual(token('one'));
  });
});

describe('a storage that throws', () => {
  test.each(['read', 'compareAndSet'] as const)(
    'instead of rejecting, at %s, is a storage that failed',
    async (operation) => {
      const { manager, issuer, storage, clock } = createRig();
      intercept(storage, operation, bang);
      const caller = watchPromise(manager().getToken());
      await clock.advance(SECOND);
      expect(caller.error).toMatchObject({ code: 'ERR_TOKEN_STORAGE', operation });
      expect(issuer.asked).toEqual([]);
    },
  );

  test.each([
    ['being watched', () => bang],
    ['being left', () => () => bang],
  ])('at %s is looked at now and then', async (_, watchOf) => {
    const { manager, issuer, token, clock, storage, store } = createRig();
    storage.watch = watchOf() as never;
    const theirs = { id: 'x', by: 'elsewhere.b.1.2.3', atMs: clock.nowMs(), leaseMs: 15 * SECOND };
    await store({ attempts: [{ ...theirs, outcome: 'pending' }] });
    const caller = watchPromise(manager().getToken());
    await clock.advance(SECOND);
    await store({ token: token('theirs'), attempts: [{ ...theirs, outcome: 'issued' }] });
    await clock.advance(SECOND + 300);
    expect(caller).toMatchObject({ state: 'fulfilled', value: { value: token('theirs').value } });
    expect(issuer.asked).toEqual([]);
  });

  test('when it is left lets the caller learn what came of its wait', async () => {
    const { manager, issuer, clock, storage } = createRig();
    storage.watch = () => bang;
    issuer.answer(tooSoon(), new TokenIssueError('wrong key', { status: 403, kisCode: 'EGW00103' }));
    const caller = watchPromise(manager().getToken());
    await clock.advance(61 * SECOND);
    expect(caller).toMatchObject({ state: 'rejected', error: { kisCode: 'EGW00103' } });
  });
});

describe('T7: what fails in the background', () => {
  test('ends the run where nobody handles it: all tests run so', () => {
    expect(process.execArgv).toContain('--unhandled-rejections=strict');
    // The processes that tests start.
    expect(process.env.NODE_OPTIONS).toContain('--unhandled-rejections=strict');
  });

  test('is told by an event, and nothing is left without a handler', async () => {
    const unhandled = watchUnhandled();
    const { manager, issuer, token, clock, events } = createRig();
    issuer.answer(token('old'));
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(DAY - 20 * MINUTE);
    issuer.answer(new TokenIssueError('down', { status: 500 }));
    await tokens.getToken();
    await settle();
    expect(events.map(({ type }) => type)).toEqual(['issued', 'issue-failed', 'renewal-failed']);
    expect(unhandled).toEqual([]);
  });

  test('at start(), with a storage that cannot be read, is tried again', async () => {
    const unhandled = watchUnhandled();
    const { manager, issuer, token, clock, storage, events } = createRig();
    const broken = intercept(storage, 'read', bang);
    const tokens = manager();
    tokens.start();
    await clock.advance(2 * MINUTE);
    expect(events.filter(({ type }) => type === 'storage-failed')).toHaveLength(1);
    broken.end();
    issuer.answer(token('one'));
    await clock.advance(MINUTE);
    expect(issuer.asked).toHaveLength(1);
    await tokens.close();
    expect(unhandled).toEqual([]);
  });

  test('after its caller has left is nobody’s trouble', async () => {
    const unhandled = watchUnhandled();
    const { manager, issuer } = createRig();
    const tokens = manager();
    const leaving = new AbortController();
    const gone = watchPromise(tokens.getToken({ signal: leaving.signal }));
    await settle();
    leaving.abort();
    issuer.reply(new TokenIssueError('down', { status: 500 }));
    await settle();
    expect([gone.state, unhandled]).toEqual(['rejected', []]);
  });
});
