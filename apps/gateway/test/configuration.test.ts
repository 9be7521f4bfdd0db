import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { inspect } from 'node:util';
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

/** Those of its README. */
async function variablesOfClient(): Promise<string[]> {
  const readme = await readFile(new URL('../../../packages/client/README.md', import.meta.url), 'utf8');
  const [, table = ''] = /## Environment\n(.*?)\n## /s.exec(readme) ?? [];
  const names = table.split('\n').flatMap((line) => (line.startsWith('| `') ? (line.split('|')[1] ?? '') : []));
  return [...new Set(names.join().match(/\b(?:KIS|KOREA)_\w+/g))];
}

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
        2. the file of KIS_APP_SECRET_FILE cannot be read (ENOENT). Name a file that is there; one that does not begin with / is looked for where the command was given.
        3. HOST=0.0.0.0 listens to others, and there is no good GATEWAY_API_KEY. Set GATEWAY_API_KEY (\`openssl rand -base64 32\`), or HOST=127.0.0.1.
        4. PORT is not an integer from 0 to 65535. Correct it, or leave it out.
        5. KIS_USE_VIRTUAL_SERVER must be true or false. Correct it, or leave it out for its default.
        6. KIS_API_RATE_LIMIT must be an integer from 1 to 1,000. Correct it, or leave it out for its default.
        7. KIS_TOKEN_FILE_PATH: …/file takes no record (ENOTDIR: not a directory, scandir '…/file'). Remove the file that stands where …/file or a directory above it should be."
    `);
  });

  test('is told whole, too, where the accounts cannot be read', async () => {
    const directory = await tempDirectory();
    await writeFile(join(directory, 'file'), '');
    const message = await faultsOf({
      SECRETS_FILE: join(directory, 'nothing'),
      KIS_TOKEN_FILE_PATH: join(directory, 'file', 'token.json'),
      KIS_API_RATE_LIMIT: '0',
    });
    expect(message).toContain('3 things are wrong');
    const noFile = 'SECRETS_FILE cannot be read (ENOENT). Name a file that is there';
    for (const what of [noFile, 'KIS_API_RATE_LIMIT must', 'KIS_TOKEN_FILE_PATH: ']) {
      expect(message).toContain(what);
    }
  });

  test('is told once, by the name of what was set', async () => {
    const directory = await tempDirectory();
    const path = join(directory, 'secrets.json');
    const keys = { appKey: APP_KEY, appSecret: APP_SECRET };
    await writeFile(
      path,
      JSON.stringify({
        accounts: [
          { ...keys, appKey: 'PSfirst' },
          { ...keys, baseUrl: 'ftp://x' },
        ],
      }),
    );
    const good = { KIS_TOKEN_FILE_PATH: join(directory, 'token.json') };
    for (const [env, what] of [
      [{ SECRETS_FILE: path }, '`accounts[1].baseUrl` in SECRETS_FILE is not an http or https URL without credentials'],
      [
        { KIS_APP_KEY: APP_KEY, KIS_APP_SECRET: APP_SECRET, KIS_TOKEN_ENCRYPTION_KEY: `!!!!${'A'.repeat(43)}=` },
        'KIS_TOKEN_ENCRYPTION_KEY is not 32 bytes in base64',
      ],
      [
        {
          ...{ KIS_APP_KEY: APP_KEY, KIS_APP_SECRET: APP_SECRET },
          KIS_API_RATE_LIMIT_SHARE: 'redis',
          KIS_REDIS_URL: 'x',
        },
        'KIS_REDIS_URL is no redis:// or rediss:// URL',
      ],
    ] as const) {
      const message = await faultsOf({ ...good, ...env });
      expect(message).toContain(`1 thing is wrong:\n  1. ${what}. `);
    }
  });

  test('is two names of one setting that say two things; the same twice is none', async () => {
    const directory = await tempDirectory();
    const path = join(directory, 'token.json');
    const keys = { KIS_APP_KEY: APP_KEY, KIS_APP_SECRET: APP_SECRET, INIT_CWD: directory };
    const redis = { ...keys, KIS_TOKEN_STORAGE: 'redis' };
    for (const [first, second, one, other] of [
      ['KOREA_INVESTMENT_TOKEN_STORAGE', 'KIS_TOKEN_STORAGE', 'file', 'redis'],
      ['KIS_TOKEN_FILE_PATH', 'KOREA_INVESTMENT_TOKEN_FILE', path, `${path}.other`],
      ['KOREA_INVESTMENT_REDIS_URL', 'KIS_REDIS_URL', `redis://:${encodeURIComponent(APP_SECRET)}@a`, 'redis://b'],
      ['KOREA_INVESTMENT_REDIS_PASSWORD', 'KIS_REDIS_PASSWORD', APP_SECRET, `${APP_SECRET}!`],
    ] as const) {
      const env = { ...(first.includes('REDIS') ? redis : { ...keys, KIS_TOKEN_FILE_PATH: path }) };
      const message = await faultsOf({ ...env, [first]: one, [second]: other });
      expect(message).toContain(`1 thing is wrong:\n  1. ${first} and ${second} differ. Leave one of them out.`);
      expect(findSecrets(message)).toEqual([]);
      await readConfig({ ...env, [first]: one, [second]: one });
    }
    await readConfig({ ...keys, KIS_TOKEN_FILE_PATH: path, KOREA_INVESTMENT_TOKEN_FILE: './token.json' });
  });

  test('is a directory in the place of the token file, and a token that another key has sealed', async () => {
    const directory = await tempDirectory();
    const keys = { KIS_APP_KEY: APP_KEY, KIS_APP_SECRET: APP_SECRET };
    for (const KIS_TOKEN_FILE_PATH of [directory, `${directory}/`]) {
      const message = await faultsOf({ ...keys, KIS_TOKEN_FILE_PATH });
      expect(message).toMatch(
        /1\. KIS_TOKEN_FILE_PATH: `path` must .*\. Name a file, such as token\.json in a directory of its own\.$/,
      );
    }
    const { app } = await startGateway({
      env: {
        KIS_TOKEN_FILE_PATH: join(directory, 'token.json'),
        KIS_TOKEN_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
      },
    });
    expect((await app.inject('/v1/quotes/005930')).statusCode).toBe(200);
    const message = await faultsOf({ ...keys, KIS_TOKEN_FILE_PATH: join(directory, 'token.json') });
    expect(message).toMatch(/\. Set the KIS_TOKEN_ENCRYPTION_KEY of the others, or remove that file\.$/);
  });

  test('is a FIFO in the place of a file, which nobody may ever write to', async () => {
    const path = join(await tempDirectory(), 'fifo');
    execFileSync('mkfifo', [path]);
    expect(await faultsOf({ SECRETS_FILE: path })).toContain('the file of SECRETS_FILE is no regular file');
    const message = await faultsOf({ KIS_APP_KEY: APP_KEY, KIS_APP_SECRET_FILE: path });
    expect(message).toContain('the file of KIS_APP_SECRET_FILE is no regular file');
  });

  test('is a file whose text is not what it seems', async () => {
    const path = join(await tempDirectory(), 'accounts.json');
    for (const [content, what] of [
      ['\uFEFF{}', 'begins with a byte order mark'],
      [Buffer.from([0x7b, 0xff, 0x7d]), 'is not UTF-8'],
      ['{}'.padStart(2 ** 20 + 1), 'holds more than 1048576 bytes'],
      ['{}', 'has no `accounts`'],
    ] as const) {
      await writeFile(path, content);
      expect(await faultsOf({ SECRETS_FILE: path })).toContain(`the file of SECRETS_FILE ${what}`);
    }
  });

  test('is what speaks of KIS where no keys are', async () => {
    const message = await faultsOf({
      KIS_TOKEN_FILE_PATH: '/proc/nope/t.json',
      KOREA_INVESTMENT_TOKEN_STORAGE: 'redis',
    });
    expect(message).toContain(
      'there are no keys, without which nothing comes of KIS_TOKEN_FILE_PATH, KOREA_INVESTMENT_TOKEN_STORAGE. Set KIS_APP_KEY',
    );
    expect(await faultsOf({ KIS_API_RATE_LIMIT: '0' })).toContain('KIS_API_RATE_LIMIT must be');
    expect(await readConfig({ KIS_API_RATE_LIMIT: '5' })).toMatchObject({ accounts: [] });
  });

  test('is every variable of the client that does nothing where no keys are', async () => {
    const idle = (await variablesOfClient()).filter(
      (name) => !/APP_(?:KEY|SECRET)|RATE_LIMIT$|QUEUE_TIMEOUT|CIRCUIT_BREAKER|CACHE_TTL/.test(name),
    );
    expect(idle.length).toBeGreaterThan(15);
    for (const name of idle) expect(await faultsOf({ [name]: 'x' })).toContain(`nothing comes of ${name}.`);
  });

  test('is a key that is misspelt where no keys are: it must not give invented prices', async () => {
    for (const name of ['KIS_APPKEY', 'kis_app_key', 'KOREA_INVESTMENT_APP_SECRET', 'KIS_REAL_APPSECRET_FILE']) {
      const message = await faultsOf({ [name]: APP_SECRET });
      expect(message).toContain(
        `1 thing is wrong:\n  1. there are no keys, and nobody reads ${name}. Write KIS_APP_KEY and KIS_APP_SECRET, or`,
      );
      expect(findSecrets(message)).toEqual([]);
    }
    const config = await readConfig({ KIS_APPKEY: ' ', KIS_APP_KEY: '' });
    expect(config).toMatchObject({ accounts: [] });
  });

  test('is not what the play does by itself', async () => {
    const env = {
      KIS_API_RATE_LIMIT_SHARE: 'none',
      KIS_TOKEN_STORAGE: 'file',
      KOREA_INVESTMENT_TOKEN_STORAGE: 'file',
    };
    expect(await readConfig(env)).toMatchObject({ accounts: [] });
    expect(await faultsOf({ ...env, KIS_API_RATE_LIMIT_SHARE: 'file' })).toContain(
      'nothing comes of KIS_API_RATE_LIMIT_SHARE.',
    );
  });

  test('is a quote board that would be cut', async () => {
    const codes = Array.from({ length: 31 }, (_, n) => String(100_000 + n));
    expect(await faultsOf({ GATEWAY_BOARD: codes.join() })).toContain('GATEWAY_BOARD names 31 codes');
    const twice = [...codes.slice(0, 30), codes[0]].join();
    expect((await readConfig({ GATEWAY_BOARD: twice })).board).toEqual(codes.slice(0, 30));
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
  test('may give each account a limit and a budget of its own; the variables are for those that have none', async () => {
    const directory = await tempDirectory();
    const path = join(directory, 'secrets.json');
    const names = ['first', 'second', 'third'];
    const more = [{ rateLimit: 3 }, { environment: 'virtual' }, { budget: 'shared' }];
    const accounts = names.map((name, n) => ({ name, appKey: `PS${name}`, appSecret: APP_SECRET, ...more[n] }));
    await writeFile(path, JSON.stringify({ accounts }));
    const env = { SECRETS_FILE: path, KIS_APP_KEY: undefined, KIS_APP_SECRET: undefined, KIS_API_RATE_LIMIT: '15' };
    const { app } = await startGateway({ env });
    const { payload } = await app.inject('/metrics');
    const limits = names.map(
      (name) => new RegExp(`^kis_limiter_limit\\{account="${name}"\\} (\\d+)$`, 'm').exec(payload)?.[1],
    );
    // The paper host has a limit of its own.
    expect(limits).toEqual(['3', '1', '15']);
    const sharing = await startGateway({
      env: { ...env, KIS_API_RATE_LIMIT_SHARE: 'file', KIS_TOKEN_FILE_PATH: join(directory, 'token.json') },
    });
    for (const name of ['first', 'third']) await sharing.app.inject(`/v1/quotes/005930?account=${name}`);
    const budgets = (await readdir(join(directory, 'ratelimit'))).map((name) => name.slice(0, 6));
    expect([...new Set(budgets)].sort()).toEqual([expect.stringMatching(/^real-/), 'shared']);
    await writeFile(path, JSON.stringify({ accounts: accounts.map((it) => ({ ...it, rateLimit: 0, budget: 'A b' })) }));
    const message = await faultsOf({ SECRETS_FILE: path, KIS_TOKEN_FILE_PATH: join(directory, 'token.json') });
    expect(message).toContain('6 things are wrong');
    expect(message).toContain('`accounts[2].rateLimit` in SECRETS_FILE is not an integer from 1 to 1,000');
  });

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

describe('a good configuration', () => {
  test('shows no secret to whoever looks at it', async () => {
    const directory = await tempDirectory();
    const encryptionKey = Buffer.from('testsecret+/='.padEnd(32, '-')).toString('base64');
    const configs = [
      { KIS_TOKEN_ENCRYPTION_KEY: encryptionKey },
      {
        KOREA_INVESTMENT_TOKEN_STORAGE: 'redis',
        KIS_REDIS_URL: `redis://:${encodeURIComponent(APP_SECRET)}@127.0.0.1`,
      },
      { KOREA_INVESTMENT_TOKEN_STORAGE: 'redis', KIS_REDIS_PASSWORD: APP_SECRET },
    ];
    for (const env of configs) {
      const config = await readConfig({ ...envOf(directory), KIS_API_RATE_LIMIT_SHARE: undefined, ...env });
      expect(findSecrets(inspect(config, { depth: 9 }) + JSON.stringify(config))).toEqual([]);
    }
  });

  test('takes every variable of the client', async () => {
    const variables = await variablesOfClient();
    expect(variables.length).toBeGreaterThan(20);
    const source = await Promise.all(
      (await readdir(new URL('../src/config/', import.meta.url))).map((name) =>
        readFile(new URL(`../src/config/${name}`, import.meta.url), 'utf8'),
      ),
    );
    const text = source.join();
    for (const name of variables) expect(text).toContain(`'${name.replace(/_FILE$/, '')}`);
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
  const { host, apiKey, accounts } = await readConfig(env);
  expect([host, apiKey?.reveal()]).toEqual(['0.0.0.0', 'a-key-of-the-gateway']);
  expect(accounts).toMatchObject([{ name: 'main', appKey: APP_KEY }]);
  expect(accounts[0]?.appSecret.reveal()).toBe(APP_SECRET);
});

describe('a path that does not begin with /', () => {
  const env = { KIS_APP_KEY_FILE: 'key', KIS_APP_SECRET: APP_SECRET, KIS_TOKEN_FILE_PATH: 'tokens/token.json' };

  test('is taken from where the command was given, be it that of a secret or of the token', async () => {
    const directory = await tempDirectory();
    await writeFile(join(directory, 'key'), APP_KEY);
    const { accounts, storage } = await readConfig({ ...env, INIT_CWD: directory });
    expect(accounts).toMatchObject([{ appKey: APP_KEY }]);
    const tokens = join(directory, 'tokens');
    expect(storage).toMatchObject({ path: join(tokens, 'token.json'), directory: tokens });
    expect(await readdir(directory)).toContain('tokens');
  });

  test('is taken from the folder of the process where nobody says where that was, as in a container', async () => {
    const directory = await tempDirectory();
    await writeFile(join(directory, 'key'), APP_KEY);
    const paths = Object.entries({ ...env }).filter(([, value]) => value !== APP_SECRET);
    const given = paths.map(([name, value]) => [name, relative(process.cwd(), join(directory, value))]);
    const { storage } = await readConfig({ ...env, ...Object.fromEntries(given) });
    expect(storage).toMatchObject({ path: join(directory, 'tokens', 'token.json') });
  });

  test('may begin with the home directory', async () => {
    const { storage } = await readConfig({
      ...{ KIS_APP_KEY: APP_KEY, KIS_APP_SECRET: APP_SECRET, KIS_TOKEN_STORAGE: 'file' },
      KOREA_INVESTMENT_TOKEN_FILE: `~/${relative(homedir(), await tempDirectory())}/token.json`,
    });
    expect(storage).toMatchObject({ path: expect.stringMatching(/^\/[^~]*\/token\.json$/) });
  });
});
