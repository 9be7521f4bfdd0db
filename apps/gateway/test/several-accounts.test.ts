import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { createGateway } from '../src/gateway.ts';
import { APP_SECRET, envOf, openMarket, PRICE_PATH, tempDirectory } from './harness.ts';

const MAIN = { name: 'main', appKey: 'PSmain', appSecret: APP_SECRET, environment: 'real' };
const OTHER = { ...MAIN, name: 'other', appKey: 'PSother' };

describe('several accounts', () => {
  test('do not take connections from each other: calls of one that hang hold up no other', async () => {
    const server = await startMockServer({ clock: openMarket() });
    onTestFinished(() => server.close());
    const directory = await tempDirectory();
    const SECRETS_FILE = join(directory, 'accounts.json');
    await writeFile(SECRETS_FILE, JSON.stringify({ accounts: [MAIN, OTHER] }));
    const { KIS_APP_KEY, KIS_APP_SECRET, ...env } = envOf(directory);
    const gateway = await createGateway(
      await readConfig({
        ...{ ...env, SECRETS_FILE },
        ...{ KIS_API_BASE_URL_REAL: server.url, LOG_LEVEL: 'silent' },
      }),
    );
    onTestFinished(() => gateway.close());
    const url = await gateway.listen();
    const hangUp = new AbortController();
    const ask = (account: string) =>
      fetch(`${url}/v1/quotes/005930?fresh=true&account=${account}`, { signal: hangUp.signal });
    for (const { name } of [MAIN, OTHER]) expect((await ask(name)).status).toBe(200);

    const { calls } = server.fake.log();
    server.fake.control({ failNext: { count: 10, path: PRICE_PATH, cut: 'never-ends' } });
    const hung = Array.from({ length: 10 }, () => ask(MAIN.name).catch(() => 'hung up'));
    await vi.waitFor(() => expect(server.fake.log().calls).toBe(calls + 10), 5_000);
    expect((await ask(OTHER.name)).status).toBe(200);
    hangUp.abort();
    expect(await Promise.all(hung)).toEqual(Array(10).fill('hung up'));
  });

  test('are named by `account`; a name that none has, or two, are told everywhere by the same code', async () => {
    const directory = await tempDirectory();
    const gateway = await createGateway(await readConfig({ ...envOf(directory), LOG_LEVEL: 'silent' }));
    onTestFinished(() => gateway.close());
    for (const path of ['/v1/quotes/005930', '/token/status', '/events', '/v1/overseas/quotes/NAS/AAPL']) {
      const reply = await gateway.app.inject(`${path}?account=nobody`);
      expect(reply.json()).toMatchObject({ status: 404, code: 'ERR_NO_ACCOUNT', detail: 'There is no such account' });
      const twice = await gateway.app.inject(`${path}?account=main&account=main`);
      expect(twice.json()).toMatchObject({ status: 400, code: 'ERR_BAD_REQUEST' });
    }
  });
});
