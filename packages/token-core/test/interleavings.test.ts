import { describe, expect, onTestFinished, test } from 'vitest';
import { type Token, TokenIssueError } from '../src/index.ts';
import {
  breakCalls,
  createRig,
  DAY,
  HOUR,
  holdCalls,
  intercept,
  key,
  MINUTE,
  SECOND,
  tooSoon,
  watchPromise,
} from './harness.ts';
import { settle } from './manual-clock.ts';
import { createRandom } from './random.ts';

describe('a token that is known to be dead', () => {
  test('is not served after a question that failed, by whoever learned of its death from the storage', async () => {
    const { manager, issuer, token, clock } = createRig();
    const bad = token('bad');
    issuer.answer(bad);
    const [one, two] = [manager(), manager()];
    await one.getToken();
    await two.getToken();
    one.invalidate(bad);
    const first = watchPromise(one.getToken());
    await settle();
    issuer.answer(new TokenIssueError('down', { status: 500 }));
    await clock.advance(61 * SECOND);
    expect(first.state).toBe('rejected');
    issuer.answer(new TokenIssueError('down', { status: 500 }));
    await clock.advance(61 * SECOND);
    await expect(two.refresh()).rejects.toMatchObject({ status: 500 });
    await expect(two.getToken()).rejects.toMatchObject({ code: 'ERR_TOKEN_ISSUE' });
  });

  test('is not served while a refresh, which has seen a later one, still waits', async () => {
    const { manager, issuer, token, clock, store } = createRig();
    const old = token('old');
    issuer.answer(old);
    const tokens = manager();
    await tokens.getToken();
    const later = token('later', 2 * DAY);
    await store({
      token: later,
      attempts: [{ id: 'x', by: 'a.b.c.1.2', atMs: clock.nowMs() - SECOND, outcome: 'issued' }],
    });
    const fresh = watchPromise(tokens.refresh());
    await settle();
    tokens.invalidate(old);
    expect(await tokens.getToken()).toEqual(later);
    expect(fresh.state).toBe('pending');
    await tokens.close();
  });

  test('is named in the record that it is taken from, however many died since', async () => {
    const { manager, issuer, token, clock, storage, stored } = createRig();
    const first = token('first');
    issuer.answer(first);
    const [one, two] = [manager(), manager()];
    await one.getToken();
    two.invalidate(first);
    for (let i = 0; i < 6; i += 1) two.invalidate(token(`dead-${i}`));
    const writes = intercept(storage, 'compareAndSet', (go) => go());
    one.start();
    const caller = watchPromise(two.getToken());
    await clock.advance(30 * SECOND);
    // Whoever did not learn of it would put it back, and the other would take it away again.
    expect(writes.calls).toBeLessThan(10);
    expect((await stored())?.token).toBeUndefined();
    issuer.answer(() => token('good'));
    await clock.advance(40 * SECOND);
    expect(caller.state).toBe('fulfilled');
    await Promise.all([one.close(), two.close()]);
  });

  test('is told once, by whichever way it became known', async () => {
    const { manager, issuer, token, events, clock } = createRig();
    const bad = token('bad');
    issuer.answer(bad);
    const [one, two] = [manager(), manager()];
    await one.getToken();
    await two.getToken();
    one.invalidate(bad);
    void one.getToken().catch(() => {});
    await clock.advance(SECOND);
    await two.status();
    expect(events.filter(({ type }) => type === 'invalidated')).toHaveLength(2);
    await Promise.all([one.close(), two.close()]);
  });

  test('costs three forced questions an hour, over processes that only read of it, too', async () => {
    const { manager, issuer, token, clock } = createRig();
    let serial = 0;
    issuer.answer(...Array.from({ length: 100 }, () => () => token(`t${serial++}-`, DAY + serial * SECOND)));
    for (let minute = 0; minute < 60; minute += 1) {
      const tokens = manager();
      const held = watchPromise(tokens.getToken());
      await settle();
      if (held.value !== undefined) tokens.invalidate(held.value);
      watchPromise(tokens.getToken());
      await clock.advance(MINUTE);
      await tokens.close();
    }
    expect(issuer.asked.length).toBeLessThanOrEqual(4);
  });
});

describe('refusals in a row', () => {
  test('back off 1, 2, 4, 8 minutes, merged as they are in the record', async () => {
    const { manager, issuer, clock } = createRig();
    issuer.answer(...Array.from({ length: 20 }, () => new TokenIssueError('no', { status: 403, kisCode: 'EGW00002' })));
    const tokens = manager();
    const startMs = clock.nowMs();
    for (let minute = 0; minute < 30; minute += 1) {
      await tokens.getToken().catch(() => {});
      await clock.advance(MINUTE);
    }
    expect(issuer.asked.map((atMs) => Math.round((atMs - startMs) / MINUTE))).toEqual([0, 1, 3, 7, 15, 23]);
  });
});

describe('a claim whose write fails', () => {
  test('because another was first asks nothing beside it', async () => {
    const { manager, issuer, token, clock, storage } = createRig();
    const bad = token('bad');
    issuer.answer(bad);
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(MINUTE);
    tokens.invalidate(bad);
    const write = storage.compareAndSet.bind(storage);
    storage.compareAndSet = async (_key, expected, record) => {
      storage.compareAndSet = write;
      const theirs = {
        ...record.attempts[0],
        id: 'theirs',
        by: 'elsewhere.b.1.2.3',
      } as (typeof record.attempts)[number];
      await write(key, expected, { ...record, attempts: [theirs] });
      throw new Error('the connection broke');
    };
    const caller = watchPromise(tokens.getToken());
    await clock.advance(5 * SECOND);
    expect([issuer.asked.length, caller.state]).toEqual([1, 'pending']);
    await tokens.close();
  });
});

describe('a caller that leaves during the first look', () => {
  test('asks nothing of KIS, and nothing is left without a handler', async () => {
    const { manager, issuer, storage } = createRig();
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', onUnhandled);
    onTestFinished(() => void process.off('unhandledRejection', onUnhandled));
    const look = holdCalls(storage, 'read');
    issuer.answer(new TokenIssueError('wrong key', { status: 403, kisCode: 'EGW00103' }));
    const controller = new AbortController();
    const gone = watchPromise(manager().getToken({ signal: controller.signal }));
    await settle();
    controller.abort();
    look.open();
    await settle();
    expect([gone.state, issuer.asked.length, unhandled.length]).toEqual(['rejected', 0, 0]);
  });

  test('close() asks nothing either', async () => {
    const { manager, issuer, storage } = createRig();
    const look = holdCalls(storage, 'read');
    const tokens = manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    await tokens.close();
    look.open();
    await settle();
    expect([caller.state, issuer.asked.length]).toEqual(['rejected', 0]);
  });

  test('that never ends is left by an abort and by maxWaitMs, and closed', async () => {
    const { manager, issuer, storage, clock } = createRig();
    storage.read = () => new Promise(() => {});
    const tokens = manager({ maxWaitMs: 5 * SECOND });
    const controller = new AbortController();
    const callers = [watchPromise(tokens.getToken({ signal: controller.signal })), watchPromise(tokens.getToken())];
    controller.abort();
    await clock.advance(SECOND);
    expect(callers.map(({ state }) => state)).toEqual(['rejected', 'pending']);
    await clock.advance(5 * SECOND);
    expect(callers[1]).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
    await tokens.close();
    expect(issuer.asked).toHaveLength(0);
  });
});

describe('an answer that could not be stored', () => {
  test('is stored before close() ends, though a retry is under way', async () => {
    const { manager, issuer, token, clock, storage, stored } = createRig();
    const tokens = manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    const mend = breakCalls(storage, 'compareAndSet');
    issuer.reply(token('one'));
    await clock.advance(SECOND);
    expect(caller.state).toBe('fulfilled');
    mend();
    const retry = holdCalls(storage, 'compareAndSet');
    await clock.advance(SECOND);
    const closed = watchPromise(tokens.close());
    await settle();
    expect(closed.state).toBe('pending');
    retry.open();
    await settle();
    expect(closed.state).toBe('fulfilled');
    expect((await stored())?.token?.value).toBe(token('one').value);
  });

  test('is stored before close() ends, though it failed while a retry of another was under way', async () => {
    const { manager, issuer, token, clock, storage, stored } = createRig();
    const tokens = manager({ minIssueIntervalMs: 0 });
    const first = watchPromise(tokens.getToken());
    await settle();
    const mend = breakCalls(storage, 'compareAndSet');
    issuer.reply(token('one'));
    await clock.advance(500);
    expect(first.state).toBe('fulfilled');
    const second = watchPromise(tokens.refresh());
    await clock.advance(500);
    issuer.reply(token('two', DAY + SECOND));
    // The retry of the first runs while the second fails.
    await clock.advance(240);
    mend();
    await clock.advance(20);
    const closed = watchPromise(tokens.close());
    await clock.advance(2 * SECOND);
    expect([second.state, closed.state]).toEqual(['fulfilled', 'fulfilled']);
    expect((await stored())?.token?.value).toBe(token('two').value);
  });

  test('is not stored once its token is known to be dead', async () => {
    const { manager, issuer, token, clock, storage, stored } = createRig();
    const tokens = manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    const mend = breakCalls(storage, 'compareAndSet');
    issuer.reply(token('one'));
    await clock.advance(500);
    tokens.invalidate(caller.value as Token);
    mend();
    await clock.advance(2 * SECOND);
    expect((await stored())?.token).toBeUndefined();
    expect((await stored())?.dead).toHaveLength(1);
  });

  test('serves the caller whose wait ends while the storage hangs', async () => {
    const { manager, issuer, token, clock, storage } = createRig();
    const caller = watchPromise(manager().getToken());
    await settle();
    storage.compareAndSet = () => new Promise(() => {});
    issuer.reply(token('one'));
    await clock.advance(90 * SECOND);
    await settle();
    expect(caller).toMatchObject({ state: 'fulfilled', value: { value: token('one').value } });
  });
});

describe('an issuer that never answers', () => {
  test('holds nobody up for longer than its own time limit', async () => {
    const { manager, issuer, token, clock, stored } = createRig();
    const tokens = manager();
    const caller = watchPromise(tokens.getToken());
    await clock.advance(11 * SECOND);
    expect((await stored())?.attempts).toMatchObject([{ outcome: 'unknown' }]);
    issuer.answer(() => token('one'));
    await clock.advance(61 * SECOND);
    expect(caller.state).toBe('fulfilled');
    await tokens.close();
  });
});

describe('any order of things', () => {
  /** Three processes over one storage that do this and that for hours. What they broke, if anything. */
  async function live(seed: number, isStorageFaulty: boolean): Promise<string[]> {
    const next = createRandom(seed);
    const rig = createRig();
    const { clock, storage } = rig;
    const broken: string[] = [];
    const [read, write] = [storage.read.bind(storage), storage.compareAndSet.bind(storage)];
    if (isStorageFaulty) {
      storage.read = async (...args) => {
        if (next() < 0.05) throw new Error('cannot be read');
        return read(...args);
      };
      storage.compareAndSet = async (...args) => {
        const chance = next();
        if (chance < 0.05) throw new Error('cannot be written');
        const version = await write(...args);
        if (chance < 0.1) throw new Error('the reply is lost');
        return chance < 0.13 ? undefined : version;
      };
    }

    let mode = 'ok';
    let answeredMs = Number.NEGATIVE_INFINITY;
    let serial = 0;
    const forcedMs: number[] = [];
    const issue = async () => {
      if (clock.nowMs() - answeredMs < MINUTE - 1) broken.push('a question within the interval');
      const mood = mode;
      await new Promise<void>((resolve) => void clock.setTimer(150, resolve));
      answeredMs = clock.nowMs();
      if (mood === 'fails') throw new TokenIssueError('down', { status: 500 });
      if (mood === 'too soon') throw tooSoon();
      if (mood === 'lost') throw new TokenIssueError('no answer');
      serial += 1;
      return { token: rig.token(`t${serial}-`, DAY + serial * SECOND) };
    };
    const processes = Array.from({ length: 3 }, () => ({
      manager: rig.manager({
        issuer: { timeoutMs: 10_000, issue },
        onEvent: (event) => {
          if (event.type === 'issued' && event.isForced) forcedMs.push(clock.nowMs());
        },
      }),
      dead: new Set<string>(),
      last: undefined as Token | undefined,
    }));
    if (next() < 0.5) processes[0]?.manager.start();

    const callers: { isDone: boolean }[] = [];
    const call = (each: (typeof processes)[number]): void => {
      const caller = { isDone: false };
      callers.push(caller);
      const controller = new AbortController();
      const isImpatient = next() < 0.2;
      if (isImpatient) clock.setTimer(Math.floor(next() * 40_000), () => controller.abort());
      const deadBefore = new Set(each.dead);
      each.manager.getToken({ signal: controller.signal }).then(
        (token) => {
          caller.isDone = true;
          each.last = token;
          if (deadBefore.has(token.value)) broken.push('a dead token was served');
        },
        (error: { code?: string; name: string }) => {
          caller.isDone = true;
          if (error.code === undefined && error.name !== 'AbortError') broken.push(`untyped: ${String(error)}`);
        },
      );
    };
    for (let step = 0; step < 100; step += 1) {
      const each = processes[Math.floor(next() * 3)] as (typeof processes)[number];
      const what = next();
      if (what < 0.5) call(each);
      else if (what < 0.62 && each.last !== undefined) {
        each.dead.add(each.last.value);
        each.manager.invalidate(each.last);
      } else if (what < 0.68) each.manager.refresh().catch(() => {});
      else if (what < 0.75) void each.manager.status();
      else if (what < 0.8) mode = ['ok', 'ok', 'fails', 'too soon', 'lost'][Math.floor(next() * 5)] as string;
      const pace = next();
      await clock.advance(Math.floor(next() * (pace < 0.7 ? 2_000 : pace < 0.9 ? 70_000 : HOUR)));
    }
    await clock.advance(100 * SECOND);
    if (callers.some(({ isDone }) => !isDone)) broken.push('a caller hangs');
    if (forcedMs.some((atMs, i) => i >= 3 && atMs - (forcedMs[i - 3] ?? 0) < HOUR))
      broken.push('more than three forced');
    const closing = Promise.all(processes.map(({ manager }) => manager.close()));
    await clock.advance(MINUTE);
    await closing;
    return broken;
  }

  test.each([
    ['a storage that works', false],
    ['a storage that fails and loses replies', true],
  ])('over %s: no question too soon, no dead token, nobody hangs', { timeout: 120_000 }, async (_, isFaulty) => {
    for (let seed = 1; seed <= 40; seed += 1)
      expect({ seed, broken: await live(seed, isFaulty) }).toEqual({ seed, broken: [] });
  });
});
