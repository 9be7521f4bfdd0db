import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startMockServer } from '@kis/mock';
import { readLegacyToken } from '@kis/storage-file';
import { createKisIssuer, createMemoryStorage } from '@kis/token-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { tempDirectory } from '../../../packages/storage-file/test/temp-directory.ts';
import { account } from '../src/cast.ts';
import { createOneClock, outcomes, times } from './one-clock.ts';

const HOUR = 3_600_000;

describe("the bugs of other clients, in a token's life: not one of @kis's", () => {
  describe.each([
    ['UTC', 0],
    ['America/New_York', -5],
    ['Pacific/Kiritimati', 14],
  ])('bug 3: on a host whose zone is %s', (zone, hours) => {
    const stub = (): void => {
      vi.stubEnv('TZ', zone);
      onTestFinished(() => void vi.unstubAllEnvs());
      expect(new Date('2026-11-20T00:00:00Z').getTimezoneOffset()).toBe(0 - 60 * hours);
    };

    test('an expiry in Korean wall time is not read as local time', async () => {
      stub();
      const { fake, client, play, pass, nowMs } = createOneClock({ tokenLifeMs: HOUR, sameTokenMs: 0 });
      const storage = createMemoryStorage();
      const first = client({ storage });
      const { expiresAtMs } = await play(first.tokens.getToken());
      expect(Math.abs(expiresAtMs - nowMs() - HOUR)).toBeLessThanOrEqual(1_000);
      expect(await play(first.tokens.status())).toMatchObject({ state: 'VALID' });
      await play(first.close());

      await pass(expiresAtMs + 500 - nowMs());
      await play(client({ storage }).getCurrentPrice('005930'));
      expect(fake.log()).toMatchObject({ tokenRequests: 2, calls: 1 });
    });

    test("nor is that in another program's token file", async () => {
      stub();
      const path = join(tempDirectory(), 'KIS20300101');
      writeFileSync(path, `token: ${'x'.repeat(120)}\nvalid-date: 2030-01-02 03:04:05\n`, { mode: 0o600 });
      const { expiresAtMs } = await readLegacyToken(path, account);
      expect(new Date(expiresAtMs).toISOString()).toBe('2030-01-01T18:04:05.000Z');
    });
  });

  test('bug 4: a token that another has renewed is taken, and not renewed once more', async () => {
    const { fake, client, play } = createOneClock();
    const storage = createMemoryStorage();
    const [one, other] = [client({ storage }), client({ storage })];
    await play(one.tokens.getToken());
    await play(other.tokens.getToken());
    fake.control({ killToken: 'fresh', clearLog: true });

    await play(one.getCurrentPrice('005930'));
    await play(other.getCurrentPrice('005930'));
    expect(fake.log().entries.filter(({ kisCode }) => kisCode === 'EGW00123')).toHaveLength(2);
    expect(fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });

  test('bug 4: a refusal of the old token that comes late does not touch the new one', async () => {
    const { fake, client, play, pass } = createOneClock();
    const one = client();
    const old = await play(one.tokens.getToken());
    fake.control({ killToken: 'fresh', clearLog: true });
    await play(Promise.all(times(8, () => one.getCurrentPrice('005930'))));
    const renewed = await play(one.tokens.getToken());
    await pass(HOUR);
    one.tokens.invalidate(old);
    await play(one.getCurrentPrice('005930'));
    expect((await play(one.tokens.getToken())).value === renewed.value).toBe(true);
    expect(fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 });
  });

  test('bug 5: a refusal for being too soon is not asked for again by every call', async () => {
    const { fake, tokens, client, play, pass } = createOneClock();
    // Another program, which shares nothing with us.
    await play(tokens().getToken());
    const one = client({ tokens: tokens({ maxWaitMs: 1_000 }) });
    const errors: unknown[] = [];
    // Eight at once, then one after the other.
    for (const count of [8, ...Array<number>(20).fill(1)]) {
      errors.push(...(await play(outcomes(times(count, () => one.getCurrentPrice('005930'))))).errors);
    }
    expect(errors).toHaveLength(28);
    for (const error of errors) expect(error).toMatchObject({ code: 'ERR_TOKEN_ISSUE', kisCode: 'EGW00133' });
    expect(fake.log().tokenRequests).toBe(2);
    await pass(60_000);
    await play(one.getCurrentPrice('005930'));
    expect(fake.log()).toMatchObject({ tokenRequests: 3, calls: 1 });
  });

  test('bug 5: nor is a refusal of the keys, for an hour', async () => {
    const { appKey, environment } = account;
    const { fake, client, play, pass } = createOneClock({ credentials: [{ appKey, appSecret: 'another' }] });
    const one = client({ environment });
    for (let minute = 0; minute < 50; minute += 1) {
      const { errors } = await play(outcomes([one.getCurrentPrice('005930')]));
      expect(errors).toMatchObject([{ code: 'ERR_TOKEN_ISSUE', kisCode: 'EGW00105' }]);
      await pass(60_000);
    }
    expect(fake.log().tokenRequests).toBe(1);
  });

  test('bug 24: a question for a token is left after timeoutMs, too', async () => {
    const server = await startMockServer({ symbols: 1 });
    onTestFinished(() => server.close());
    const issuer = createKisIssuer({ ...account, baseUrl: server.url, timeoutMs: 100 });
    for (const fault of [{ failNext: { count: 1, cut: 'never-ends' } }, { tokenLatencyMs: 3_600_000 }] as const) {
      server.fake.control(fault);
      await expect(issuer.issue({})).rejects.toMatchObject({ code: 'ERR_TOKEN_ISSUE', mayHaveArrived: true });
    }
  });

  test("bug 25: the first caller's abort ends its own call, and none of those that wait with it", async () => {
    const { fake, client, play, pass } = createOneClock({ tokenLatencyMs: 1_000 });
    const one = client();
    const first = new AbortController();
    const calls = times(10, (n) =>
      one.getCurrentPrice('005930', n === 0 ? { signal: first.signal } : {}).then(({ currentPrice }) => currentPrice),
    );
    const calling = outcomes(calls);
    await pass(300);
    const reason = new Error('the user left');
    first.abort(reason);
    const { values, errors } = await play(calling);
    expect(errors).toEqual([reason]);
    expect(values.filter((value) => value > 0)).toHaveLength(9);
    expect(fake.log()).toMatchObject({ tokenRequests: 1, tokensIssued: 1, calls: 9 });
  });
});
