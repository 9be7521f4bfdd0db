import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeKis } from '@kis/mock';
import { createMemoryStorage } from '@kis/token-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readEnv } from '../src/env.ts';
import { createKisClientFromEnv } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';

const encryptionKey = randomBytes(32).toString('base64');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'kis-secrets-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function fileOf(content: string | Buffer, name = 'secret'): string {
  const path = join(folder(), name);
  writeFileSync(path, content);
  return path;
}

/** The message of what `readEnv` throws. */
function faultOf(env: Record<string, string>, given: object = {}): string {
  try {
    readEnv(env, given);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('a secret from a file, as containers have them', () => {
  test('opens a client: app key, app secret and encryption key', async () => {
    const directory = folder();
    const fake = createFakeKis({ environment: 'virtual' });
    const env = {
      KIS_APP_KEY_FILE: fileOf(`${appKey}\n`),
      KIS_APP_SECRET_FILE: fileOf(`${appSecret}\r\n`),
      KIS_TOKEN_ENCRYPTION_KEY_FILE: fileOf(`${encryptionKey}\n`),
      KIS_TOKEN_FILE_PATH: join(directory, 'token.json'),
    };
    const client = await createKisClientFromEnv({ env, dispatcher: fake.dispatcher });
    const token = await client.tokens.getToken();
    await client.close();
    const files = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
    expect(files.length).toBeGreaterThan(1);
    expect(files.some((text) => text.includes('"sealed"'))).toBe(true);
    expect(files.some((text) => text.includes(token.value))).toBe(false);
  });

  test.each<[string, (secret: string) => string, string]>([
    ['is as it stands', (secret) => secret, appSecret],
    ['loses one newline at its end', (secret) => `${secret}\n`, appSecret],
    ['loses one newline of Windows at its end', (secret) => `${secret}\r\n`, appSecret],
  ])('%s', (_what, write, expected) => {
    expect(readEnv({ KIS_APP_KEY: appKey, KIS_APP_SECRET_FILE: fileOf(write(appSecret)) }, {}).appSecret).toBe(
      expected,
    );
  });

  test('is looked for in the home directory where its path begins with ~/', () => {
    const path = fileOf(appKey, 'app-key');
    vi.stubEnv('HOME', join(path, '..'));
    vi.stubEnv('USERPROFILE', join(path, '..'));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(readEnv({ KIS_APP_KEY_FILE: '~/app-key', KIS_APP_SECRET: appSecret }, {}).appKey).toBe(appKey);
    expect(faultOf({ KIS_APP_KEY_FILE: '~/other', KIS_APP_SECRET: appSecret })).toContain(
      `KIS_APP_KEY_FILE names ${join(path, '..', 'other')}, which does not exist`,
    );
  });

  test('is followed through a link, as Kubernetes mounts it', () => {
    const path = join(folder(), 'app-key');
    symlinkSync(fileOf(appKey), path);
    expect(readEnv({ KIS_APP_KEY_FILE: path, KIS_APP_SECRET: appSecret }, {}).appKey).toBe(appKey);
  });

  test.each<[string, string | Buffer, string]>([
    ['is empty', '', 'is empty'],
    ['holds a newline alone', '\n', 'is empty'],
    ['has two newlines at its end', `${appSecret}\n\n`, 'holds blanks, further newlines or control characters'],
    ['has a blank inside', `${appSecret} ${appSecret}`, 'holds blanks, further newlines or control characters'],
    ['has a blank before its newline', `${appSecret} \n`, 'holds blanks, further newlines or control characters'],
    ['has a NUL inside', `${appSecret}\0`, 'holds blanks, further newlines or control characters'],
    ['has an invisible character', `${appSecret}\u200B`, 'holds blanks, further newlines or control characters'],
    ['begins with a byte order mark', `\uFEFF${appSecret}`, 'begins with a byte order mark'],
    ['is UTF-16', Buffer.from(`\uFEFF${appSecret}`, 'utf16le'), 'is not UTF-8 text'],
    ['is Latin-1', Buffer.from(`${appSecret}ü`, 'latin1'), 'is not UTF-8 text'],
    ['has a letter that no key has', `${appSecret}가`, 'must not contain blanks, newlines or non-ASCII characters'],
    ['holds 4,097 bytes', 'testsecret+/='.repeat(400).slice(0, 4_097), 'holds more than 4096 bytes'],
  ])('that %s is named by variable and path, and not shown', (_what, content, fault) => {
    const path = fileOf(content);
    const message = faultOf({ KIS_APP_KEY: appKey, KIS_APP_SECRET_FILE: path });
    expect(message).toBe(`client: the environment is not usable: KIS_APP_SECRET_FILE names ${path}, which ${fault}`);
  });

  test('of 4,096 bytes is still read', () => {
    const secret = 'testsecret+/='.repeat(400).slice(0, 4_096);
    expect(readEnv({ KIS_APP_KEY: appKey, KIS_APP_SECRET_FILE: fileOf(secret) }, {}).appSecret).toBe(secret);
  });

  test.each<[string, (path: string) => unknown, string]>([
    ['nothing', () => {}, 'does not exist'],
    ['a directory', mkdirSync, 'is a directory'],
    ['a FIFO that nobody writes to', (path) => execFileSync('mkfifo', [path]), 'is not a regular file'],
    ['a link to nothing', (path) => symlinkSync('/nowhere', path), 'does not exist'],
    ['a link to itself', (path) => symlinkSync(path, path), 'cannot be read (ELOOP)'],
  ])('where there is %s is named at once', (_what, plant, fault) => {
    const path = join(folder(), 'secret');
    plant(path);
    expect(faultOf({ KIS_APP_KEY_FILE: path, KIS_APP_SECRET: appSecret })).toContain(
      `KIS_APP_KEY_FILE names ${path}, which ${fault}`,
    );
  });

  test('and from the variable at once is refused, though both say the same', () => {
    const env = { KIS_APP_KEY: appKey, KIS_APP_KEY_FILE: fileOf(appKey), KIS_APP_SECRET: appSecret };
    expect(faultOf(env)).toContain('KIS_APP_KEY and KIS_APP_KEY_FILE cannot be given together');
    expect(readEnv({ ...env, KIS_APP_KEY: ' ' }, {}).appKey).toBe(appKey);
    expect(readEnv({ ...env, KIS_APP_KEY_FILE: '' }, {}).appKey).toBe(appKey);
  });

  test('that was put into the variable of the path by mistake is not shown', () => {
    const message = faultOf({ KIS_APP_KEY: appKey, KIS_APP_SECRET_FILE: appSecret });
    expect(message).toContain('KIS_APP_SECRET_FILE names a relative path, which does not exist');
    expect(message).not.toContain('testsecret');
  });

  test.each([
    ['a base64 text that begins with a slash', `/x8Kq0${appSecret.slice(0, 20)}/def==`],
    ['one without another slash', `/${appSecret.replaceAll('/', '')}`],
    ['one with a NUL', `/tmp/${appSecret.replaceAll('/', '')}/a\0b`],
  ])('that was put there by mistake is not shown either where it is %s', (_what, secret) => {
    const message = faultOf({ KIS_APP_KEY: appKey, KIS_APP_SECRET_FILE: secret });
    expect(message).toBe('client: the environment is not usable: KIS_APP_SECRET_FILE names a path at which nothing is');
  });

  test('is named by its path where nothing but the file is missing', () => {
    const path = join(folder(), 'typo');
    expect(faultOf({ KIS_APP_KEY: appKey, KIS_APP_SECRET_FILE: path })).toContain(
      `names ${path}, which does not exist`,
    );
  });

  test('is not looked for where its value is given', async () => {
    const env = {
      KIS_APP_KEY_FILE: '/nowhere',
      KIS_APP_SECRET_FILE: '/nowhere',
      KIS_TOKEN_ENCRYPTION_KEY_FILE: '/nowhere',
    };
    const client = await createKisClientFromEnv({ env, appKey, appSecret, storage: createMemoryStorage() });
    await client.close();
  });

  test('is named beside every other bad variable', () => {
    const message = faultOf({
      KIS_APP_KEY_FILE: '/nowhere/app-key',
      KIS_TOKEN_ENCRYPTION_KEY: `${encryptionKey}=`,
      KIS_USE_VIRTUAL_SERVER: 'flase',
    });
    for (const fault of [
      'KIS_APP_KEY_FILE names a path at which nothing is',
      'KIS_APP_SECRET is missing',
      'KIS_TOKEN_ENCRYPTION_KEY must be 32 bytes in base64',
      'KIS_USE_VIRTUAL_SERVER must be true or false',
    ]) {
      expect(message).toContain(fault);
    }
  });
});

describe('KIS_TOKEN_ENCRYPTION_KEY', () => {
  test.each([
    'short',
    encryptionKey.slice(1),
    `${encryptionKey}\n`,
    Buffer.from(encryptionKey, 'base64').toString('hex'),
  ])('that is not 32 bytes in base64 is named, and not shown (%#)', (bad) => {
    const message = faultOf({ KIS_APP_KEY: appKey, KIS_APP_SECRET: appSecret, KIS_TOKEN_ENCRYPTION_KEY: bad });
    expect(message).toBe('client: the environment is not usable: KIS_TOKEN_ENCRYPTION_KEY must be 32 bytes in base64');
  });
});

describe('the password of Redis', () => {
  const keys = { KIS_APP_KEY: appKey, KIS_APP_SECRET: appSecret };

  test('is read where the storage is Redis, by either name', () => {
    const env = { ...keys, KOREA_INVESTMENT_TOKEN_STORAGE: 'redis' };
    for (const name of ['KIS_REDIS_PASSWORD', 'KOREA_INVESTMENT_REDIS_PASSWORD']) {
      const { redis } = readEnv({ ...env, [`${name}_FILE`]: fileOf('päss\n') }, {});
      expect(redis).toEqual({ url: undefined, password: 'päss' });
    }
    expect(
      faultOf({ ...env, KIS_REDIS_PASSWORD: 'testsecret+/=1', KOREA_INVESTMENT_REDIS_PASSWORD: 'testsecret+/=2' }),
    ).toBe('client: the environment is not usable: KIS_REDIS_PASSWORD and KOREA_INVESTMENT_REDIS_PASSWORD differ');
    expect(faultOf({ ...env, KIS_REDIS_URL: 'http://:testsecret+/=@127.0.0.1' })).toBe(
      'client: the environment is not usable: KIS_REDIS_URL (or KOREA_INVESTMENT_REDIS_URL) must be a redis:// or rediss:// URL',
    );
    expect(faultOf({ ...env, KOREA_INVESTMENT_REDIS_PASSWORD_FILE: '/nowhere' })).toContain(
      'KOREA_INVESTMENT_REDIS_PASSWORD_FILE names a path at which nothing is',
    );
    expect(
      faultOf({ ...env, KOREA_INVESTMENT_REDIS_PASSWORD: 'x', KOREA_INVESTMENT_REDIS_PASSWORD_FILE: '/nowhere' }),
    ).toContain('KOREA_INVESTMENT_REDIS_PASSWORD and KOREA_INVESTMENT_REDIS_PASSWORD_FILE cannot be given together');
  });

  test('is not looked at where it is not', () => {
    readEnv({ ...keys, KOREA_INVESTMENT_REDIS_PASSWORD_FILE: '/nowhere' }, {});
  });
});
