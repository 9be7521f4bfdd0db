import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findSecrets } from '../../../vitest.secrets.ts';
import { readConfig } from '../src/config/config.ts';
import { APP_KEY, APP_SECRET, envOf, startGateway, tempDirectory } from './harness.ts';

const faultsOf = async (env: Record<string, string>): Promise<string> => {
  const error = await readConfig(env).then(
    () => undefined,
    (it: unknown) => it,
  );
  expect(error).toMatchObject({ code: 'ERR_CONFIG' });
  return (error as Error).message;
};

describe('a bad configuration', () => {
  test('is told in one message, everything that is wrong with its remedy', async () => {
    const directory = await tempDirectory();
    await writeFile(join(directory, 'file'), '');
    const message = await faultsOf({
      KIS_APP_KEY: `${APP_KEY}\n`,
      KIS_APP_SECRET_FILE: join(directory, 'nothing'),
      KIS_USE_VIRTUAL_SERVER: 'perhaps',
      KIS_API_RATE_LIMIT: '0',
      KIS_TOKEN_FILE_PATH: join(directory, 'file', 'token.json'),
      HOST: '0.0.0.0',
      PORT: '99999',
    });
    expect(message.replaceAll(directory, '…')).toMatchInlineSnapshot(`
      "the gateway cannot start, 7 things are wrong:
        1. KIS_APP_KEY contains blanks, newlines or other than ASCII. Copy it once more from KIS's portal.
        2. the file of KIS_APP_SECRET_FILE cannot be read (ENOENT). Name a file that holds nothing but the secret.
        3. HOST=0.0.0.0 listens to others, and there is no good GATEWAY_API_KEY. Set GATEWAY_API_KEY (\`openssl rand -base64 32\`), or HOST=127.0.0.1.
        4. PORT is not an integer from 0 to 65535. Correct it, or leave it out.
        5. KIS_USE_VIRTUAL_SERVER must be true or false. Correct it, or leave it out for its default.
        6. KIS_API_RATE_LIMIT must be an integer from 1 to 1,000. Correct it, or leave it out for its default.
        7. KIS_TOKEN_FILE_PATH: …/file takes no record (ENOTDIR: not a directory, scandir '…/file'). Remove the file that stands where …/file or a directory above it should be."
    `);
  });

  test('never shows a secret', async () => {
    const directory = await tempDirectory();
    await writeFile(join(directory, 'secrets.json'), `{"accounts":[{"appKey":"${APP_SECRET}",}]}`);
    await writeFile(
      join(directory, 'odd.json'),
      JSON.stringify({ accounts: [{ appKey: 7, [APP_SECRET]: APP_SECRET }] }),
    );
    for (const env of [
      { KIS_APP_KEY: `${APP_SECRET} `, KIS_APP_SECRET: `${APP_SECRET}\n` },
      { KIS_APP_KEY_FILE: APP_SECRET, KIS_APP_SECRET: APP_SECRET },
      { SECRETS_FILE: join(directory, 'secrets.json') },
      { SECRETS_FILE: join(directory, 'odd.json') },
      { GATEWAY_API_KEY: `${APP_SECRET}é`, KOREA_INVESTMENT_TOKEN_STORAGE: `redis://:${APP_SECRET}@redis` },
      { KOREA_INVESTMENT_TOKEN_STORAGE: 'redis', KOREA_INVESTMENT_REDIS_URL: `http://:${APP_SECRET}@redis` },
    ]) {
      expect(findSecrets(await faultsOf(env))).toEqual([]);
    }
  });

  test('ends the process with 78 before a token is asked for, as does a token directory that cannot be written', async () => {
    const server = await startMockServer();
    onTestFinished(() => server.close());
    const directory = await tempDirectory();
    await writeFile(join(directory, 'file'), '');
    const good = { ...envOf(directory), KIS_API_BASE_URL_REAL: server.url, PATH: process.env.PATH };
    for (const bad of [{ PORT: 'x' }, { KIS_TOKEN_FILE_PATH: join(directory, 'file', 'token.json') }]) {
      const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
        cwd: new URL('..', import.meta.url),
        env: { ...good, ...bad } as NodeJS.ProcessEnv,
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      expect(await once(child, 'close')).toEqual([78, null]);
      expect(output).toContain('the gateway cannot start, 1 thing is wrong:');
      expect(output).not.toContain('    at ');
    }
    expect(server.fake.log().tokenRequests).toBe(0);
  });
});

describe('SECRETS_FILE', () => {
  test('holds many accounts, which share nothing', async () => {
    const directory = await tempDirectory();
    const path = join(directory, 'secrets.json');
    const accounts = [
      { name: 'quotes', appKey: 'PSfirst', appSecret: APP_SECRET, environment: 'real' },
      { name: 'orders', appKey: 'PSsecond', appSecret: APP_SECRET, environment: 'real' },
    ];
    await writeFile(path, JSON.stringify({ accounts }));
    const { app, fake } = await startGateway({
      env: { SECRETS_FILE: path, KIS_APP_KEY: undefined, KIS_APP_SECRET: undefined },
    });
    for (const name of ['quotes', 'orders']) {
      expect((await app.inject(`/v1/quotes/005930?account=${name}`)).statusCode).toBe(200);
      expect((await app.inject(`/token/status?account=${name}`)).json()).toMatchObject({ account: name, valid: true });
    }
    expect((await app.inject('/v1/quotes/005930?account=nobody')).statusCode).toBe(404);
    expect(fake.log('PSfirst')).toMatchObject({ tokensIssued: 1, calls: 1 });
    expect(fake.log('PSsecond')).toMatchObject({ tokensIssued: 1, calls: 1 });
    const token = async (appkey: string) => {
      const payload = { grant_type: 'client_credentials', appkey };
      return (await app.inject({ method: 'POST', url: '/oauth2/tokenP', payload })).json<{ access_token: string }>();
    };
    const { access_token } = await token('PSfirst');
    const headers = { authorization: `Bearer ${access_token}`, appkey: 'PSsecond', tr_id: 'FHKST01010100' };
    expect((await app.inject({ url: '/uapi/x', headers })).json()).toMatchObject({ msg_cd: 'EGW00121' });
  });
});

test('a key and a secret may come from files, as containers mount them', async () => {
  const directory = await tempDirectory();
  await mkdir(join(directory, 'run'));
  const files = {
    KIS_APP_KEY: APP_KEY,
    KIS_APP_SECRET: APP_SECRET,
    GATEWAY_API_KEY: 'a key of the gateway'.replaceAll(' ', '-'),
  };
  const env: Record<string, string> = { HOST: '0.0.0.0', KIS_TOKEN_FILE_PATH: join(directory, 'token.json') };
  for (const [name, value] of Object.entries(files)) {
    env[`${name}_FILE`] = join(directory, 'run', name);
    await writeFile(join(directory, 'run', name), `${value}\n`);
    await chmod(join(directory, 'run', name), 0o400);
  }
  expect(await readConfig(env)).toMatchObject({
    host: '0.0.0.0',
    apiKey: 'a-key-of-the-gateway',
    accounts: [{ name: 'main', appKey: APP_KEY, appSecret: APP_SECRET }],
  });
});
