import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dozens } from '../src/stocks.ts';
import { runDemo } from './run-demo.ts';

describe('the example', () => {
  test('without keys reads 48 stocks from the mock, in four processes on one token', { timeout: 90_000 }, async () => {
    const { code, output } = await runDemo({});
    expect(output).toContain('No keys in the environment');
    for (const [, name] of dozens.flat()) expect(output).toContain(name);
    expect(output).toContain('삼성전자, order book');
    expect(output).toContain('삼성전자, 30 days');
    expect(output).toMatch(
      /1 token served 4 processes\.\nIt was issued to process \d+; the others took it from the file\./,
    );
    expect(output).toContain('Status: VALID');
    expect(output).toMatch(/^2,400 prices in [\d.]+ s, [\d,]+ a second, by \d+ calls/m);
    expect(output).toMatch(/^Once more, from the cache: 2,400 prices in [\d.]+ s, [\d,]+ a second, by 0 calls\.$/m);
    expect(output).toContain('The server saw 1 request for a token');
    expect(code).toBe(0);
  });

  test('without keys is not disturbed by what was set for a real account', { timeout: 90_000 }, async () => {
    const { code, output } = await runDemo({
      KOREA_INVESTMENT_TOKEN_FILE: '/nowhere/token.key',
      KOREA_INVESTMENT_TOKEN_STORAGE: 'redis',
      KIS_ACCOUNT_NUMBER: '123',
      KIS_API_BASE_URL_VIRTUAL: 'foo',
    });
    expect(output).toContain('1 token served 4 processes.');
    expect(code).toBe(0);
  });

  test('with half of the keys says what is missing', async () => {
    const { code, output } = await runDemo({ KIS_APP_KEY: 'PSDEMOTESTDEMOTESTDEMOTESTDEMOTEST01' });
    expect(output).toContain('KIS_APP_SECRET is missing');
    expect(code).not.toBe(0);
  });

  test('takes keys in files for keys', async () => {
    const { code, output } = await runDemo({
      KIS_APP_KEY_FILE: '/nowhere/key',
      KIS_APP_SECRET_FILE: '/nowhere/secret',
    });
    expect(output).toContain('KIS_APP_KEY_FILE names');
    expect(code).not.toBe(0);
  });

  test('with keys says so, and reads from the KIS that the environment names', { timeout: 90_000 }, async () => {
    const server = await startMockServer();
    onTestFinished(() => server.close());
    const env = {
      KIS_APP_KEY: 'PSDEMOTESTDEMOTESTDEMOTESTDEMOTEST01',
      KIS_APP_SECRET: 'testsecret+/='.repeat(13),
      KIS_USE_VIRTUAL_SERVER: 'false',
      KIS_API_BASE_URL_REAL: server.url,
    };
    const first = await runDemo(env);
    expect(first.output).toContain('Keys found in the environment: these quotes come from KIS (real).');
    expect(first.output).toContain('1 token served 4 processes.');
    expect(first.code).toBe(0);
    const { tokenRequests, calls, refusals } = server.fake.log();
    expect([tokenRequests, calls - refusals]).toEqual([1, 97 + 80]);
  });
});
