import { describe, expect, test } from 'vitest';
import { createRig, MINUTE, SECOND, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

describe('T3: a token that KIS refuses before its end', () => {
  test('costs one issue, though fifty callers are refused at once', async () => {
    const { manager, issuer, token, clock } = createRig();
    const bad = token('bad');
    issuer.answer(bad, token('good'));
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(MINUTE);
    const got = await Promise.all(
      Array.from({ length: 50 }, () => {
        tokens.invalidate(bad);
        return tokens.getToken();
      }),
    );
    expect(new Set(got.map(({ value }) => value))).toEqual(new Set([token('good').value]));
    tokens.invalidate(bad);
    expect((await tokens.getToken()).value).toBe(token('good').value);
    expect(issuer.asked).toHaveLength(2);
  });

  test('within the interval the callers wait for it, and nothing is refused', async () => {
    const { manager, issuer, token, clock, stored } = createRig();
    const bad = token('bad');
    issuer.answer(bad, token('good'));
    const tokens = manager();
    await tokens.getToken();
    tokens.invalidate(bad);
    const caller = watchPromise(tokens.getToken());
    await clock.advance(59 * SECOND);
    expect([caller.state, issuer.asked.length]).toEqual(['pending', 1]);
    expect((await stored())?.token).toBeUndefined();
    await clock.advance(2 * SECOND);
    expect([caller.state, issuer.asked.length]).toEqual(['fulfilled', 2]);
  });

  test('an invalidate of something that is no token is a TypeError', () => {
    expect(() =>
      createRig()
        .manager()
        .invalidate(undefined as never),
    ).toThrow(TypeError);
  });
});

describe('T4: a token in whose place another process has got one', () => {
  test('is not asked about where another process has stored another one', async () => {
    const { manager, issuer, token, store, clock } = createRig();
    const bad = token('bad');
    issuer.answer(bad);
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(MINUTE);
    await store({ token: token('theirs') });
    tokens.invalidate(bad);
    expect((await tokens.getToken()).value).toBe(token('theirs').value);
    expect(issuer.asked).toHaveLength(1);
  });

  test('is given up for the later one, and not for an earlier one', async () => {
    const { manager, issuer, token, store, clock } = createRig();
    const bad = token('bad');
    issuer.answer(bad);
    const tokens = manager();
    await tokens.getToken();
    await clock.advance(MINUTE);
    const earlier = { ...token('earlier'), expiresAtMs: bad.expiresAtMs - 1 };
    await store({ token: earlier });
    expect((await tokens.getToken()).value).toBe(bad.value);
    tokens.invalidate(bad);
    // Older than the refused one, but KIS has said nothing against it.
    expect((await tokens.getToken()).value).toBe(earlier.value);
    await store({ token: token('later') });
    tokens.invalidate(earlier);
    expect((await tokens.getToken()).value).toBe(token('later').value);
    expect(issuer.asked).toHaveLength(1);
  });

  test('is dropped by a process that reads of it, without being refused itself', async () => {
    const { manager, issuer, token, clock } = createRig();
    const bad = token('bad');
    issuer.answer(bad);
    const [one, two] = [manager(), manager()];
    await one.getToken();
    await two.getToken();
    one.invalidate(bad);
    void one.getToken().catch(() => {});
    await settle();
    expect(await two.status()).toMatchObject({ state: 'NO_TOKEN' });
    issuer.answer(token('good'));
    await clock.advance(61 * SECOND);
    expect((await two.getToken()).value).toBe(token('good').value);
    expect(issuer.asked).toHaveLength(2);
  });
});

describe('T5: a token that is refused right after it was issued', () => {
  test('and gives again is a dead end: one typed error for all callers, and at most one question a minute', async () => {
    const { manager, issuer, token, clock, events } = createRig();
    const bad = token('bad');
    issuer.answer(bad, bad, bad, bad, bad, bad);
    const tokens = manager({ minIssueIntervalMs: 0 });
    await tokens.getToken();
    tokens.invalidate(bad);
    const errors = await Promise.all(
      Array.from({ length: 8 }, () => tokens.getToken().then(String, (error: unknown) => error)),
    );
    expect(new Set(errors).size).toBe(1);
    expect(errors[0]).toMatchObject({ code: 'ERR_TOKEN_ISSUE', retryAfterMs: MINUTE });
    for (let second = 0; second < 300; second += 1) {
      await tokens.getToken().catch(() => {});
      await clock.advance(SECOND);
    }
    // Three forced questions an hour are all there are.
    expect(issuer.asked).toHaveLength(4);
    expect(events.filter(({ type }) => type === 'invalidated')).toHaveLength(1);
  });

  test('and so is every one that follows: five questions at most in five minutes, and nobody waits in vain', async () => {
    const { manager, issuer, token, clock } = createRig();
    let serial = 0;
    issuer.answer(...Array.from({ length: 300 }, () => () => token(`t${serial++}-`)));
    const tokens = manager();
    const errors: unknown[] = [];
    for (let second = 0; second < 300; second += 1) {
      const callers = Array.from({ length: 5 }, () => watchPromise(tokens.getToken()));
      await clock.advance(SECOND);
      for (const { value, error } of callers) {
        if (value !== undefined) tokens.invalidate(value);
        if (error !== undefined) errors.push(error);
      }
    }
    expect(issuer.asked.length).toBeLessThanOrEqual(5);
    expect(issuer.asked.length).toBeGreaterThan(1);
    // After the third within the hour they are told at once.
    expect(errors.length).toBeGreaterThan(5 * 60);
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'ERR_TOKEN_ISSUE', retryAfterMs: expect.any(Number) });
    }
  });
});
