import { describe, expect, test } from 'vitest';
import { breakCalls, createRig, intercept, key, MINUTE, type Rig, SECOND, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

async function withToken(rig: Rig, name: string) {
  rig.issuer.answer(rig.token(name));
  const tokens = rig.manager();
  const held = await tokens.getToken();
  return { tokens, held };
}

describe('a storage that fails', () => {
  test('at reading is reported, never answered by issuing blindly', async () => {
    const rig = createRig();
    const mend = breakCalls(rig.storage, 'read');
    const tokens = rig.manager();
    for (let i = 0; i < 3; i += 1) {
      await expect(tokens.getToken()).rejects.toMatchObject({
        code: 'ERR_TOKEN_STORAGE',
        operation: 'read',
        key,
        cause: { code: 'ENOSPC' },
      });
    }
    expect(rig.issuer.asked).toHaveLength(0);
    expect(rig.events).toEqual([expect.objectContaining({ type: 'storage-failed' })]);
    mend();
    rig.issuer.answer(rig.token('one'));
    await expect(tokens.getToken()).resolves.toBeDefined();
    expect(rig.events.map(({ type }) => type)).toEqual(['storage-failed', 'storage-recovered', 'issued']);
  });

  test('at writing a claim asks nothing: whoever never got a token would ask at every restart', async () => {
    const rig = createRig();
    breakCalls(rig.storage, 'compareAndSet');
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    expect(caller.error).toMatchObject({ code: 'ERR_TOKEN_STORAGE', operation: 'compareAndSet' });
    expect(rig.issuer.asked).toHaveLength(0);
  });

  test('at writing a claim once does not let a process that issued before ask beside another', async () => {
    const rig = createRig();
    rig.issuer.answer(rig.token('one'));
    // Two processes, of which one has a way to the storage that fails once.
    const flaky = { ...rig.storage };
    const [one, two] = [rig.manager({ storage: flaky }), rig.manager()];
    await one.getToken();
    await two.getToken();
    await rig.clock.advance(24 * 60 * MINUTE);
    intercept(flaky, 'compareAndSet', (go, nth) => (nth === 1 ? Promise.reject(new Error('EIO')) : go()));
    const callers = [one, two].map((tokens) => watchPromise(tokens.getToken()));
    await rig.clock.advance(SECOND);
    expect(rig.issuer.asked).toHaveLength(2);
    rig.issuer.reply(rig.token('two'));
    await rig.clock.advance(SECOND);
    expect(callers.map(({ value }) => value?.value)).toEqual(Array(2).fill(rig.token('two').value));
    await Promise.all([one.close(), two.close()]);
  });

  test('at writing does not hide a usable token that it holds', async () => {
    const rig = createRig();
    await rig.store({ token: rig.token('theirs') });
    breakCalls(rig.storage, 'compareAndSet');
    expect((await rig.manager().getToken()).value).toBe(rig.token('theirs').value);
  });

  test('at writing lets a process that issued before go on in memory, at the interval', async () => {
    const rig = createRig();
    const { tokens, held } = await withToken(rig, 'one');
    const mend = breakCalls(rig.storage, 'compareAndSet');
    tokens.invalidate(held);
    const caller = watchPromise(tokens.getToken());
    await rig.clock.advance(59 * SECOND);
    expect(rig.issuer.asked).toHaveLength(1);
    rig.issuer.answer(rig.token('two'));
    await rig.clock.advance(2 * SECOND);
    expect(caller).toMatchObject({ state: 'fulfilled', value: { value: rig.token('two').value } });
    mend();
    await rig.clock.advance(2 * MINUTE);
    expect((await rig.stored())?.token?.value).toBe(rig.token('two').value);
    expect((await rig.stored())?.dead).toHaveLength(1);
  });

  test('at writing the answer costs nobody the token: it serves, and is written later', async () => {
    const rig = createRig();
    const tokens = rig.manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    const mend = breakCalls(rig.storage, 'compareAndSet');
    rig.issuer.reply(rig.token('one'));
    await rig.clock.advance(SECOND);
    expect(caller.state).toBe('fulfilled');
    expect((await rig.stored())?.token).toBeUndefined();
    mend();
    await rig.clock.advance(MINUTE);
    expect((await rig.stored())?.token?.value).toBe(rig.token('one').value);
    expect((await rig.stored())?.attempts).toMatchObject([{ outcome: 'issued' }]);
  });

  test('while a token is at hand is noticed by nobody', async () => {
    const rig = createRig();
    const { tokens, held } = await withToken(rig, 'one');
    breakCalls(rig.storage, 'read');
    expect(await tokens.getToken()).toEqual(held);
    await rig.clock.advance(23 * 60 * MINUTE + 45 * MINUTE);
    expect(await tokens.getToken()).toEqual(held);
    await settle();
    expect(rig.issuer.asked).toHaveLength(1);
    expect(await tokens.status()).toMatchObject({
      valid: true,
      stored: false,
      lastError: { code: 'ERR_TOKEN_STORAGE' },
    });
  });

  test('a watch that cannot be set up is replaced by looking', async () => {
    const rig = createRig();
    rig.storage.watch = () => {
      throw new Error('EMFILE');
    };
    await rig.store({
      attempts: [
        { id: 'x', by: 'elsewhere.b.1.2.3', atMs: rig.clock.nowMs(), outcome: 'pending', leaseMs: 15 * SECOND },
      ],
    });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    await rig.store({ token: rig.token('theirs') });
    await rig.clock.advance(300);
    expect(caller.state).toBe('fulfilled');
  });
});

describe('a write whose reply is lost', () => {
  test('is found again by its id: the claim holds, and KIS is asked once', async () => {
    const rig = createRig();
    intercept(rig.storage, 'compareAndSet', async (go, nth) => {
      const version = await go();
      if (nth === 1) throw new Error('the connection broke');
      return version;
    });
    rig.issuer.answer(rig.token('one'));
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    expect(caller.state).toBe('fulfilled');
    expect(rig.issuer.asked).toHaveLength(1);
    expect((await rig.stored())?.attempts).toHaveLength(1);
  });

  test('and said to be lost, is found again, too', async () => {
    const rig = createRig();
    intercept(rig.storage, 'compareAndSet', async (go, nth) => {
      const version = await go();
      return nth === 1 ? undefined : version;
    });
    rig.issuer.answer(rig.token('one'));
    await expect(rig.manager().getToken()).resolves.toBeDefined();
    expect(rig.issuer.asked).toHaveLength(1);
  });

  test('of a token is not written twice', async () => {
    const rig = createRig();
    const writes = intercept(rig.storage, 'compareAndSet', async (go, nth) => {
      const version = await go();
      if (nth === 3) throw new Error('the connection broke');
      return version;
    });
    rig.issuer.answer(rig.token('one'));
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    expect([caller.state, writes.calls]).toEqual(['fulfilled', 3]);
  });

  test('a storage that never says yes counts as broken, and hangs nobody', async () => {
    const rig = createRig();
    const tokens = rig.manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    intercept(rig.storage, 'compareAndSet', async () => undefined);
    rig.issuer.reply(rig.token('one'));
    await rig.clock.advance(SECOND);
    expect(caller.state).toBe('fulfilled');
  });
});
