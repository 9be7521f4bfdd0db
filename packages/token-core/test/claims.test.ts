import { describe, expect, test } from 'vitest';
import type { IssueAttempt } from '../src/index.ts';
import { createRig, intercept, key, MINUTE, type Rig, SECOND, tooSoon, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

const elsewhere = 'elsewhere.boot.1.10.1';
function claimOf(rig: Rig, by: string, agoMs = 0): IssueAttempt {
  const atMs = rig.clock.nowMs() - agoMs;
  return { id: 'theirs', by, atMs, outcome: 'pending', leaseMs: 15 * SECOND, asked: true };
}

/** A process of this host that is no more. */
async function deadNeighbour(): Promise<string> {
  const rig = createRig();
  rig.issuer.answer(rig.token('mine'));
  await rig.manager().getToken();
  // The name of this very process, with a start that is not its own.
  return (await rig.stored())?.attempts[0]?.by.replace(/\d+$/, '1') as string;
}

describe('two processes', () => {
  test('that start together ask once, and both have the token', async () => {
    const rig = createRig();
    const [a, b] = [watchPromise(rig.manager().getToken()), watchPromise(rig.manager().getToken())];
    await rig.clock.advance(150);
    expect(rig.issuer.asked).toHaveLength(1);
    rig.issuer.reply(rig.token('one'));
    await rig.clock.advance(50);
    expect([a.value?.value, b.value?.value]).toEqual([rig.token('one').value, rig.token('one').value]);
    expect(rig.issuer.asked).toHaveLength(1);
  });

  test('that share an expiring token renew it once', async () => {
    const rig = createRig();
    rig.issuer.answer(rig.token('one'));
    const managers = [rig.manager(), rig.manager(), rig.manager()];
    for (const tokens of managers) await tokens.getToken();
    await rig.clock.advance(24 * 60 * MINUTE - 4 * MINUTE);
    const callers = managers.map((tokens) => watchPromise(tokens.getToken()));
    await rig.clock.advance(100);
    expect(rig.issuer.asked).toHaveLength(2);
    rig.issuer.reply(rig.token('two'));
    await rig.clock.advance(100);
    expect(callers.map(({ value }) => value?.value)).toEqual(Array(3).fill(rig.token('two').value));
  });

  test('the later of two tokens stays, whoever writes last', async () => {
    const rig = createRig();
    const tokens = rig.manager();
    const caller = watchPromise(tokens.getToken());
    await settle();
    const later = rig.token('later', 2 * 24 * 60 * MINUTE);
    await rig.store({ token: later });
    rig.issuer.reply(rig.token('earlier'));
    await settle();
    expect(caller.value).toEqual(later);
    expect((await rig.stored())?.token).toEqual(later);
    expect((await rig.stored())?.attempts).toMatchObject([{ outcome: 'issued' }]);
  });
});

describe("another's claim", () => {
  test('is remembered when the storage is emptied: it is waited for as if it stood there', async () => {
    const rig = createRig();
    await rig.store({ attempts: [claimOf(rig, elsewhere)] });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    await rig.storage.delete(key);
    await rig.clock.advance(65 * SECOND);
    expect(rig.issuer.asked).toHaveLength(0);
    rig.issuer.answer(rig.token('one'));
    await rig.clock.advance(2 * SECOND);
    expect(caller.state).toBe('fulfilled');
  });

  test('that was answered before the storage was emptied keeps its interval', async () => {
    const rig = createRig();
    const refused = { id: 'theirs', by: elsewhere, atMs: rig.clock.nowMs(), outcome: 'unknown' } as const;
    await rig.store({ attempts: [claimOf(rig, elsewhere)] });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    await rig.store({ attempts: [refused] });
    await rig.clock.advance(SECOND);
    await rig.storage.delete(key);
    await rig.clock.advance(57 * SECOND);
    expect(rig.issuer.asked).toHaveLength(0);
    rig.issuer.answer(rig.token('one'));
    await rig.clock.advance(2 * SECOND);
    expect(caller.state).toBe('fulfilled');
  });

  test.each([
    ['the claim', []],
    ['the question', ['theirs']],
  ])('is remembered when the storage falls back to a record without %s, such as that of a replica', async (_, kept) => {
    const rig = createRig();
    const older = { id: 'older', by: elsewhere, atMs: rig.clock.nowMs() - 2 * MINUTE, outcome: 'failed' } as const;
    await rig.store({ attempts: [claimOf(rig, elsewhere), older] });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    const unasked = { ...claimOf(rig, elsewhere, SECOND), asked: undefined };
    await rig.store({ attempts: [unasked, older].filter(({ id }) => id === 'older' || kept.includes(id)) });
    await rig.clock.advance(65 * SECOND);
    expect(rig.issuer.asked).toHaveLength(0);
    rig.issuer.answer(rig.token('one'));
    await rig.clock.advance(2 * SECOND);
    expect(caller.state).toBe('fulfilled');
  });

  test('that was answered keeps its interval when the storage falls back to a record from before its question', async () => {
    const rig = createRig();
    const by = await deadNeighbour();
    await rig.store({ attempts: [claimOf(rig, by)] });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    const atMs = rig.clock.nowMs();
    await rig.store({ attempts: [{ id: 'theirs', by, atMs, outcome: 'refused', kisCode: 'EGW00133' }] });
    await rig.clock.advance(SECOND);
    await rig.store({ attempts: [{ ...claimOf(rig, by, 2 * SECOND), asked: undefined }] });
    await rig.clock.advance(58 * SECOND);
    expect(rig.issuer.asked).toHaveLength(0);
    rig.issuer.answer(rig.token('one'));
    await rig.clock.advance(2 * SECOND);
    expect(caller.state).toBe('fulfilled');
  });

  test('that was withdrawn is not waited for', async () => {
    const rig = createRig();
    await rig.store({ attempts: [claimOf(rig, elsewhere)] });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    await rig.store({ attempts: [{ ...claimOf(rig, elsewhere), leaseMs: 0 }] });
    rig.issuer.answer(rig.token('one'));
    await rig.clock.advance(SECOND);
    expect(caller.state).toBe('fulfilled');
  });

  test('is waited for while its lease runs, then counts from its question', async () => {
    const rig = createRig();
    await rig.store({ attempts: [claimOf(rig, elsewhere)] });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(67 * SECOND);
    expect(rig.issuer.asked).toHaveLength(0);
    rig.issuer.answer(rig.token('one'));
    await rig.clock.advance(2 * SECOND);
    expect(caller.state).toBe('fulfilled');
    expect((await rig.stored())?.attempts).toMatchObject([
      { outcome: 'issued' },
      { id: 'theirs', outcome: 'failed', leaseMs: 15 * SECOND },
    ]);
  });

  test('by a host whose clock is a day ahead holds nobody off for a day', async () => {
    const rig = createRig();
    await rig.store({ attempts: [claimOf(rig, elsewhere, -24 * 60 * MINUTE)] });
    rig.issuer.answer(rig.token('one'));
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(68 * SECOND);
    expect(caller.state).toBe('fulfilled');
  });

  test('whose answer comes is taken at once', async () => {
    const rig = createRig();
    await rig.store({ attempts: [claimOf(rig, elsewhere)] });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    await rig.store({ token: rig.token('theirs'), attempts: [{ ...claimOf(rig, elsewhere), outcome: 'issued' }] });
    await rig.clock.advance(50);
    expect(caller).toMatchObject({ state: 'fulfilled', value: { value: rig.token('theirs').value } });
    expect(rig.issuer.asked).toHaveLength(0);
  });

  test('made by a process that is gone counts for nothing where it did not come to its question', async () => {
    const rig = createRig();
    await rig.store({ attempts: [{ ...claimOf(rig, await deadNeighbour()), asked: undefined }] });
    rig.issuer.answer(rig.token('one'));
    await expect(rig.manager().getToken()).resolves.toBeDefined();
    expect(rig.issuer.asked).toHaveLength(1);
  });

  test('made by a process that is gone since its question keeps KIS from being asked within the interval', async () => {
    const rig = createRig();
    await rig.store({ attempts: [claimOf(rig, await deadNeighbour())] });
    rig.issuer.answer(rig.token('one'));
    const issuer = { ...rig.issuer, serverDateMs: async () => rig.clock.nowMs() };
    // Whoever is started again and again while it waits asks no sooner.
    for (let start = 0; start < 3; start += 1) {
      const tokens = rig.manager({ issuer });
      watchPromise(tokens.getToken());
      await rig.clock.advance(20 * SECOND);
      await tokens.close();
    }
    expect(rig.issuer.asked).toHaveLength(0);
    const caller = watchPromise(rig.manager({ issuer }).getToken());
    await rig.clock.advance(8 * SECOND);
    expect([caller.state, rig.issuer.asked.length]).toEqual(['fulfilled', 1]);
  });

  test('does not keep a caller from the token that serves, when that is in its buffer', async () => {
    const rig = createRig();
    const old = { ...rig.token('old', 4 * MINUTE), issuedAtMs: rig.clock.nowMs() - 24 * 60 * MINUTE };
    await rig.store({ token: old, attempts: [claimOf(rig, elsewhere)] });
    const tokens = rig.manager();
    // The first call finds the token only by looking.
    const first = watchPromise(tokens.getToken());
    await rig.clock.advance(20 * SECOND);
    expect(first.state).toBe('fulfilled');
    const second = watchPromise(tokens.getToken());
    await rig.clock.advance(2 * SECOND);
    expect(second).toMatchObject({ state: 'fulfilled', value: old });
  });
});

describe('that a question is about to be put', () => {
  /** Runs `meanwhile` in the place of the nth conditional write, or around it. */
  const atWrite = (
    rig: Rig,
    at: number,
    meanwhile: (go: () => Promise<string | undefined>) => Promise<string | undefined>,
  ) => intercept(rig.storage, 'compareAndSet', (go, nth) => (nth === at ? meanwhile(go) : go()));

  test('is stored before it leaves', async () => {
    const rig = createRig();
    watchPromise(rig.manager().getToken());
    await settle();
    expect(rig.issuer.asked).toEqual([rig.clock.nowMs()]);
    expect((await rig.stored())?.attempts).toMatchObject([{ outcome: 'pending', asked: true }]);
    rig.issuer.reply(rig.token('one'));
    await settle();
    expect((await rig.stored())?.attempts).toEqual([expect.not.objectContaining({ asked: expect.anything() })]);
  });

  test('is written over what others write meanwhile, and takes nothing of it away', async () => {
    const rig = createRig();
    atWrite(rig, 2, async (go) => {
      const { attempts = [] } = (await rig.stored()) ?? {};
      await rig.store({ attempts, dead: ['f'.repeat(64)] });
      return go();
    });
    watchPromise(rig.manager().getToken());
    await settle();
    expect(rig.issuer.asked).toHaveLength(1);
    expect(await rig.stored()).toMatchObject({ attempts: [{ asked: true }], dead: ['f'.repeat(64)] });
  });

  test('is not written, nor is it put, where the claim was found void meanwhile', async () => {
    const rig = createRig();
    const theirs = { ...claimOf(rig, elsewhere), atMs: rig.clock.nowMs() + 1 };
    atWrite(rig, 2, async (go) => {
      const ours = (await rig.stored())?.attempts.map((each) => ({ ...each, outcome: 'failed' as const })) ?? [];
      await rig.store({ attempts: [theirs, ...ours] });
      return go();
    });
    watchPromise(rig.manager().getToken());
    await rig.clock.advance(SECOND);
    expect(rig.issuer.asked).toHaveLength(0);
    expect((await rig.stored())?.attempts).toMatchObject([{ id: 'theirs' }, { outcome: 'failed' }]);
    expect((await rig.stored())?.attempts[1]?.asked).toBeUndefined();
  });

  test.each(['before', 'after'])(
    'is put once where the reply to that was lost, %s the storage did it',
    async (when) => {
      const rig = createRig();
      rig.issuer.answer(rig.token('one'));
      atWrite(rig, 2, async (go) => {
        if (when === 'after') await go();
        throw new Error('ECONNRESET');
      });
      const caller = watchPromise(rig.manager().getToken());
      await rig.clock.advance(SECOND);
      expect([caller.state, rig.issuer.asked.length]).toEqual(['fulfilled', 1]);
      expect((await rig.stored())?.attempts).toMatchObject([{ outcome: 'issued' }]);
    },
  );

  test('cannot be written: a process that never got a token from KIS does not ask, and does once it can', async () => {
    const rig = createRig();
    const broken = intercept(rig.storage, 'compareAndSet', (go, nth) =>
      nth === 1 ? go() : Promise.reject(new Error('ENOSPC')),
    );
    const tokens = rig.manager();
    const caller = watchPromise(tokens.getToken());
    await rig.clock.advance(SECOND);
    expect(caller.error).toMatchObject({ code: 'ERR_TOKEN_STORAGE', operation: 'compareAndSet' });
    expect(rig.issuer.asked).toHaveLength(0);
    broken.end();
    // Nobody waits for what was claimed in vain.
    await rig.clock.advance(5 * SECOND);
    expect((await rig.stored())?.attempts).toMatchObject([{ leaseMs: 0 }]);
    rig.issuer.answer(rig.token('one'));
    await expect(tokens.getToken()).resolves.toMatchObject({ value: rig.token('one').value });
  });

  test('takes so long that half of the lease is over: the claim is withdrawn, and another one put in', async () => {
    const rig = createRig();
    atWrite(rig, 2, async (go) => {
      await new Promise<void>((resolve) => void rig.clock.setTimer(8 * SECOND, resolve));
      return go();
    });
    rig.issuer.answer(rig.token('one'));
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(7 * SECOND);
    expect(rig.issuer.asked).toHaveLength(0);
    await rig.clock.advance(2 * SECOND);
    expect([caller.state, rig.issuer.asked.length]).toEqual(['fulfilled', 1]);
    expect((await rig.stored())?.attempts).toMatchObject([{ outcome: 'issued' }, { leaseMs: 0 }]);
  });

  test('cannot be written: a process that has had a token from KIS asks when its claim is over, and keeps the token', async () => {
    const rig = createRig();
    rig.issuer.answer(rig.token('one'));
    const tokens = rig.manager();
    await tokens.getToken();
    await rig.clock.advance(24 * 60 * MINUTE);
    const broken = intercept(rig.storage, 'compareAndSet', (go, nth) =>
      nth === 1 ? go() : Promise.reject(new Error('ENOSPC')),
    );
    const two = rig.token('two');
    rig.issuer.answer(two);
    const first = watchPromise(tokens.getToken());
    await rig.clock.advance(SECOND);
    expect(first.error).toMatchObject({ code: 'ERR_TOKEN_STORAGE' });
    const caller = watchPromise(tokens.getToken());
    // As do others that find its claim: it never came to its question.
    await rig.clock.advance(13 * SECOND);
    expect(rig.issuer.asked).toHaveLength(1);
    await rig.clock.advance(4 * SECOND);
    expect(caller.value).toEqual(two);
    expect(rig.issuer.asked).toHaveLength(2);
    broken.end();
    await tokens.close();
  });
});

describe('a claimant that was stopped', () => {
  test.each([
    ['past half of its lease', 8 * SECOND, 1],
    ['for a moment', 2 * SECOND, 0],
  ])('%s between claim and question looks again', async (_, stopMs, withdrawals) => {
    const rig = createRig();
    const writes = intercept(rig.storage, 'compareAndSet', async (go, nth) => {
      const version = await go();
      if (nth === 1) await new Promise<void>((resolve) => void rig.clock.setTimer(stopMs, resolve));
      return version;
    });
    rig.issuer.answer(rig.token('one'));
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(stopMs + SECOND);
    expect(caller.state).toBe('fulfilled');
    // Claim, question and answer; where it was withdrawn, another claim and the withdrawal.
    expect(writes.calls).toBe(3 + 2 * withdrawals);
    expect(rig.issuer.asked).toHaveLength(1);
  });

  test('and finds that another has asked meanwhile, adopts that token', async () => {
    const rig = createRig();
    intercept(rig.storage, 'compareAndSet', async (go, nth) => {
      const version = await go();
      if (nth === 1) await new Promise<void>((resolve) => void rig.clock.setTimer(20 * SECOND, resolve));
      return version;
    });
    const caller = watchPromise(rig.manager().getToken());
    await rig.clock.advance(15 * SECOND);
    await rig.store({ token: rig.token('theirs'), attempts: (await rig.stored())?.attempts ?? [] });
    await rig.clock.advance(6 * SECOND);
    expect(caller).toMatchObject({ state: 'fulfilled', value: { value: rig.token('theirs').value } });
    expect(rig.issuer.asked).toHaveLength(0);
    expect((await rig.stored())?.attempts).toMatchObject([{ leaseMs: 0 }]);
  });
});

describe('a second process', () => {
  test('finds the refusal of the first in the record, and does not ask within the minute', async () => {
    const rig = createRig();
    rig.issuer.answer(tooSoon());
    const first = watchPromise(rig.manager().getToken());
    await rig.clock.advance(10 * SECOND);
    const second = watchPromise(rig.manager().getToken());
    await rig.clock.advance(45 * SECOND);
    expect(rig.issuer.asked).toHaveLength(1);
    rig.issuer.answer(rig.token('one'));
    await rig.clock.advance(6 * SECOND);
    expect([first.state, second.state]).toEqual(['fulfilled', 'fulfilled']);
    expect(rig.issuer.asked).toHaveLength(2);
  });
});
