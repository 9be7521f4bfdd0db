import { describe, expect, test } from 'vitest';
import { createRig, holdCalls, intercept, SECOND, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

describe('F12: a manager that is closed', () => {
  test.each(['before', 'after'] as const)('%s its claim is written gives it back, and asks nothing', async (when) => {
    const rig = createRig();
    const held = holdCalls(rig.storage, 'compareAndSet', when);
    const tokens = rig.manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    const closed = watchPromise(tokens.close());
    held.open();
    await settle();
    expect(closed.state).toBe('fulfilled');
    expect(caller).toMatchObject({ state: 'rejected', error: { code: 'ERR_TOKEN_ISSUE' } });
    expect(rig.issuer.asked).toEqual([]);
    expect((await rig.stored())?.attempts).toMatchObject([{ outcome: 'pending', leaseMs: 0 }]);
    // Whoever comes next need not wait for anything.
    rig.issuer.answer(rig.token('next'));
    expect(await rig.manager().getToken()).toEqual(rig.token('next'));
  });

  test('before it claimed writes no claim', async () => {
    const rig = createRig();
    await rig.store({});
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    // The first read is the look of a process that has just begun; upon the second it would claim.
    const reads = intercept(rig.storage, 'read', async (go, nth) => {
      const found = await go();
      if (nth > 1) await opened;
      return found;
    });
    const tokens = rig.manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    expect(reads.calls).toBe(2);
    const closed = watchPromise(tokens.close());
    const writes = intercept(rig.storage, 'compareAndSet', (go) => go());
    open();
    await settle();
    expect([closed.state, caller.state, writes.calls]).toEqual(['fulfilled', 'rejected', 0]);
  });

  test('whose claim was written although that was not confirmed gives it back, too', async () => {
    const rig = createRig();
    let closed: ReturnType<typeof watchPromise<void>> | undefined;
    const tokens = rig.manager();
    const writes = intercept(rig.storage, 'compareAndSet', async (go) => {
      await go();
      writes.end();
      closed = watchPromise(tokens.close());
      throw new Error('the answer was lost');
    });
    const caller = watchPromise(tokens.getToken());
    await rig.clock.advance(SECOND);
    expect([closed?.state, caller.state]).toEqual(['fulfilled', 'rejected']);
    expect(rig.issuer.asked).toEqual([]);
    expect((await rig.stored())?.attempts).toMatchObject([{ outcome: 'pending', leaseMs: 0 }]);
  });

  test('while KIS is asked brings the question to its end, and stores the answer', async () => {
    const rig = createRig();
    const tokens = rig.manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    const closed = watchPromise(tokens.close());
    await settle();
    expect(closed.state).toBe('pending');
    rig.issuer.reply(rig.token('one'));
    await settle();
    expect([closed.state, caller.state]).toEqual(['fulfilled', 'fulfilled']);
    expect(await rig.stored()).toMatchObject({ token: rig.token('one'), attempts: [{ outcome: 'issued' }] });
  });

  test('leaves no timer that keeps the process alive', async () => {
    const rig = createRig();
    rig.issuer.answer(rig.token('one'));
    const tokens = rig.manager();
    tokens.start();
    await tokens.getToken();
    expect(rig.clock.refTimers()).toBe(0);
    await tokens.close();
    expect(rig.clock.refTimers()).toBe(0);
  });
});
