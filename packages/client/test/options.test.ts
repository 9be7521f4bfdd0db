import { createMemoryStorage } from '@kis/token-core';
import { describe, expect, test } from 'vitest';
import { createKisClient, type KisClientOptions } from '../src/index.ts';
import { appKey, appSecret, createFakeTokens } from './harness.ts';

const good: KisClientOptions = { appKey, appSecret, environment: 'real' };

describe('misuse', () => {
  test.each([
    [{ appKey: undefined }, 'client: `appKey` must be a string, got undefined'],
    [{ appKey: '  ' }, 'client: `appKey` must not be blank'],
    [{ appSecret: `${appSecret}\n` }, 'client: `appSecret` must not contain blanks, newlines or non-ASCII characters'],
    [{ environment: 'paper' }, "client: `environment` must be 'real' or 'virtual', got paper"],
    [{ baseUrl: 'ftp://x' }, 'client: `baseUrl` must be an http or https URL without credentials'],
    [{ baseUrl: 'https://user:pass@x' }, 'client: `baseUrl` must be an http or https URL without credentials'],
    [{ timeoutMs: 0 }, 'client: `timeoutMs` must be a number of milliseconds >= 1, got 0'],
    [{ timeoutMs: Number.NaN }, 'client: `timeoutMs` must be a number of milliseconds >= 1, got NaN'],
    [{ connections: 1.5 }, 'client: `connections` must be an integer >= 1, got 1.5'],
    [{ retry: { attempts: 0 } }, 'client: `retry.attempts` must be an integer >= 1, got 0'],
    [{ retry: { backoffMs: -1 } }, 'client: `retry.backoffMs` must be a number of milliseconds >= 0, got -1'],
    [{ tokens: createFakeTokens(), storage: createMemoryStorage() }, 'client: give `tokens` or `storage`, not both'],
  ])('%o is refused by name', (options, message) => {
    expect(() => createKisClient({ ...good, ...options } as KisClientOptions)).toThrow(message);
  });
});
