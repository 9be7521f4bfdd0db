import { describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKisOptions } from '../src/index.ts';

describe('createFakeKis', () => {
  test.each<[object, string]>([
    [{ environment: 'paper' }, 'mock: `environment` must be "real" or "virtual", got "paper"'],
    [{ limit: 1.5 }, 'mock: `limit` must be an integer >= 1, got 1.5'],
    [{ issueIntervalMs: Number.NaN }, 'mock: `issueIntervalMs` must be a finite number of milliseconds >= 0, got NaN'],
    [{ tokenLifeMs: -1 }, 'mock: `tokenLifeMs` must be a finite number of milliseconds >= 0, got -1'],
    [{ symbols: 0 }, 'mock: `symbols` must be an integer from 1 to 20000, got 0'],
    [{ seed: 'x' }, 'mock: `seed` must be an integer >= 0, got "x"'],
    [{ credentials: {} }, 'mock: `credentials` must be an array'],
    [
      { credentials: [{ appKey: 'PSkey', secret: 's' }] },
      'mock: `credentials[0]` knows no other field; it knows appKey, appSecret, accountNo',
    ],
    [
      { credentials: ['PSone', 'PSone'].map((appKey) => ({ appKey, appSecret: 'testsecret+/=' })) },
      'mock: `credentials[1].appKey` is that of `credentials[0]`',
    ],
  ])('refuses %j', (options, message) => {
    expect(() => createFakeKis(options as FakeKisOptions)).toThrow(message);
  });

  test.each<[unknown, RegExp]>([
    [
      { appKey: 'PSkey', appSecret: 'testsecret+/= hidden' },
      /^mock: `credentials\[0\]\.appSecret` must be a string without/,
    ],
    ['testsecret+/=', /^mock: `credentials\[0\]` must be an object, got a string$/],
    [{ 'testsecret+/=': 'PSkey' }, /^mock: `credentials\[0\]` knows no other field; it knows appKey, appSecret, /],
  ])('does not show a secret that it refuses (%#)', (one, message) => {
    const credentials = [one] as FakeKisOptions['credentials'];
    expect(() => createFakeKis({ credentials })).toThrow(message);
  });
});
