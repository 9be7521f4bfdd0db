import { describe, expect, test } from 'vitest';
import { createKrxSource, type KrxSourceOptions } from '../src/index.ts';
import { apiKey } from './harness.ts';

describe('createKrxSource', () => {
  test.each<[object, string]>([
    [{ apiKey: undefined }, 'krx: `apiKey` must be a string, got undefined'],
    [{ apiKey: '' }, 'krx: `apiKey` must not be blank or contain blanks, newlines or non-ASCII characters'],
    [{ baseUrl: 'krx' }, 'krx: `baseUrl` must be an http or https URL without credentials'],
    [{ baseUrl: 'ftp://krx.test' }, 'krx: `baseUrl` must be an http or https URL without credentials'],
    [
      { baseUrl: 'http://me:testsecret+/=@krx.test' },
      'krx: `baseUrl` must be an http or https URL without credentials',
    ],
    [{ timeoutMs: 0 }, 'krx: `timeoutMs` must be a number of milliseconds >= 1, got 0'],
    [{ timeoutMs: Number.NaN }, 'krx: `timeoutMs` must be a number of milliseconds >= 1, got NaN'],
    [{ callsPerDay: 0 }, 'krx: `callsPerDay` must be an integer >= 1, got 0'],
    [{ cache: { days: 1.5 } }, 'krx: `cache.days` must be an integer >= 1, got 1.5'],
  ])('refuses %j', (options, message) => {
    expect(() => createKrxSource({ apiKey, ...options } as KrxSourceOptions)).toThrow(message);
  });

  test('opens nothing by itself', async () => {
    const source = createKrxSource({ apiKey });
    expect(source.source).toBe('KRX');
    await source.close();
  });
});
