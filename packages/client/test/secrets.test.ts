import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { KisRequest, Middleware } from '../src/index.ts';
import { appKey, appSecret, fakeToken, ok, order, read, refusal, startClient } from './harness.ts';

const account = '73019264';

function everyForm(value: unknown): string {
  return [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value), String(value)].join('\n');
}

function expectNoSecret(shown: string): void {
  for (const secret of [appKey, appSecret, fakeToken(1), account]) {
    for (const form of [
      secret,
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      encodeURIComponent(secret),
    ]) {
      expect(shown).not.toContain(form);
    }
  }
}

describe('secrets', () => {
  test('do not show in the client', async () => {
    const { client } = await startClient(() => ok());
    expectNoSecret(everyForm(client));
  });

  test('do not show in a request, whose account number is redacted', async () => {
    const requests: KisRequest[] = [];
    const watch: Middleware = (next) => (request) => {
      requests.push({ ...request });
      return next(request);
    };
    const { client, calls } = await startClient(() => ok(), { use: [watch] });
    await client.request(order, { CANO: account, ACNT_PRDT_CD: '01', PDNO: '005930' });
    await client.request(read, { cano: account });
    expectNoSecret(inspect(requests, { depth: 9 }) + JSON.stringify(requests));
    expect(JSON.parse(JSON.stringify(requests))[0].params).toEqual({
      CANO: '[redacted]',
      ACNT_PRDT_CD: '[redacted]',
      PDNO: '005930',
    });
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ CANO: account });
    expect(calls[1]?.query).toEqual({ cano: account });
  });

  test.each([
    ['a refusal', refusal('EGW00304')],
    ['a refused token', refusal('EGW00123')],
    ['a page', { status: 503, body: `<html>${account}</html>` }],
    ['a connection that closes', 'cut'],
    ['silence', 'silence'],
  ] as const)('do not show in the error of %s', async (_, answer) => {
    const { client } = await startClient(() => answer, { timeoutMs: 50, retry: false });
    const error = await client.request(order, { CANO: account }).catch((it) => it);
    expect(error).toBeInstanceOf(Error);
    expectNoSecret(everyForm(error));
  });
});
