import { describe, expect, test } from 'vitest';
import { createRig, MINUTE, SECOND, watchPromise } from './harness.ts';
import { settle } from './manual-clock.ts';

describe('a token that KIS refuses', () => {
  test('fifty refusals of one token cost one issue', async () => {
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

  test('an invalidate of something that is no token is a TypeError', () => {
    expect(() =>
      createRig()
        .manager()
        .invalidate(undefined as never),
    ).toThrow(TypeError);
  });
});
