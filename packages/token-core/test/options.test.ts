import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createKisIssuer, createTokenManager, isTokenValid, tokenKey } from '../src/index.ts';
import { appKey, appSecret, createRig } from './harness.ts';

const good = { appKey, appSecret, environment: 'real' } as const;

describe('bad options', () => {
  test.each([
    ['appKey', undefined],
    ['appKey', ''],
    ['appKey', '   '],
    ['appKey', `${appKey}\n`],
    ['appKey', 12345],
    ['appSecret', undefined],
    ['appSecret', `${appSecret}\r\n`],
    ['appSecret', `비밀${appSecret}`],
    ['environment', 'paper'],
    ['baseUrl', 'openapi.koreainvestment.com'],
    ['baseUrl', 'ftp://example.com'],
    ['baseUrl', 'http://user:hunter2@127.0.0.1'],
  ])('`%s` that is wrong is a TypeError that names it', (name, value) => {
    for (const create of [createTokenManager, createKisIssuer]) {
      expect(() => create({ ...good, [name]: value } as never)).toThrow(
        expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`\`${name}\``) }),
      );
    }
  });

  test.each(['expiryBufferMs', 'refreshAheadMs', 'minIssueIntervalMs', 'leaseMs', 'maxWaitMs'])(
    'a negative or unreal `%s` is a RangeError that names it and the value',
    (name) => {
      for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5']) {
        expect(() => createTokenManager({ ...good, [name]: value })).toThrow(RangeError);
        expect(() => createTokenManager({ ...good, [name]: value })).toThrow(`\`${name}\``);
      }
    },
  );

  test('a lease too short to put a claim in is one, too', () => {
    expect(() => createTokenManager({ ...good, leaseMs: 999 })).toThrow(
      '`leaseMs` must be a number of milliseconds from 1000 to 2147483647, got 999',
    );
  });

  test.each([undefined, 0, Number.NaN, Number.POSITIVE_INFINITY, 3e9])(
    'an issuer with a `timeoutMs` of %s is a RangeError',
    (timeoutMs) => {
      const issuer = { timeoutMs: timeoutMs as number, issue: () => Promise.reject(new Error('not asked')) };
      expect(() => createTokenManager({ ...good, issuer })).toThrow(
        '`issuer.timeoutMs` must be a number of milliseconds',
      );
    },
  );

  test('never show a key or a secret', () => {
    for (const bad of [
      { appKey: `${appKey}\n` },
      { appSecret: `${appSecret}\n` },
      { baseUrl: `http://${appSecret}@x` },
    ]) {
      try {
        createTokenManager({ ...good, ...bad });
        expect.unreachable();
      } catch (error) {
        expect(inspect(error)).not.toContain(appKey);
        expect(inspect(error)).not.toContain(appSecret.slice(0, 20));
      }
    }
  });
});

describe('a manager', () => {
  test('shows no secret and no token when it is inspected or turned into JSON', async () => {
    const { manager, issuer, token } = createRig();
    issuer.answer(token('sesame'));
    const tokens = manager();
    await tokens.getToken();
    const shown = inspect(tokens, { depth: 9, showHidden: true }) + JSON.stringify(tokens);
    for (const secret of [appKey, appSecret, 'sesame']) expect(shown).not.toContain(secret);
  });
});

describe('tokenKey', () => {
  test('names environment and app key, without telling the app key', () => {
    expect(tokenKey(good)).toMatch(/^real-[0-9a-f]{64}$/);
    expect(tokenKey({ ...good, environment: 'virtual' })).toMatch(/^virtual-[0-9a-f]{64}$/);
    expect(tokenKey(good)).not.toBe(tokenKey({ ...good, appKey: `${appKey}x` }));
  });

  test("keeps a mock's token apart from KIS's", () => {
    const mock = tokenKey({ ...good, baseUrl: 'http://127.0.0.1:9443' });
    expect(mock).toMatch(/^real-[0-9a-f]{64}-[0-9a-f]{8}$/);
    expect(tokenKey({ ...good, baseUrl: 'http://127.0.0.1:9444' })).not.toBe(mock);
    expect(tokenKey({ ...good, baseUrl: 'https://openapi.koreainvestment.com:9443/' })).toBe(tokenKey(good));
  });
});

describe('isTokenValid', () => {
  const token = { value: 'x', issuedAtMs: 0, expiresAtMs: 100_000_000 };

  test.each([
    [99_699_999, undefined, true],
    [99_700_000, undefined, false],
    [99_999_999, 0, true],
    [100_000_000, 0, false],
    [75_000_000, 90_000_000, false],
    [74_999_999, 90_000_000, true],
  ])('at %i with a buffer of %s: %s', (nowMs, expiryBufferMs, valid) => {
    expect(isTokenValid(token, { nowMs, expiryBufferMs })).toBe(valid);
  });

  test('a token without a life is not valid', () => {
    expect(isTokenValid({ value: 'x', issuedAtMs: 9, expiresAtMs: 5 }, { nowMs: 6 })).toBe(false);
  });
});
