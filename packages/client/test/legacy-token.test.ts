import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeKis } from '@kis/mock';
import { expect, onTestFinished, test } from 'vitest';
import { createKisClientFromEnv } from '../src/index.ts';
import { appSecret } from './harness.ts';

const fixtures = new URL('../../storage-file/test/fixtures/', import.meta.url);

test.each([
  ['KOREA_INVESTMENT_TOKEN_FILE', 'token.key.python-final.proto4.pkl'],
  ['KIS_TOKEN_FILE_PATH', 'token.key.python-final.proto0.pkl'],
  ['KOREA_INVESTMENT_TOKEN_FILE', 'token.json.go-v1'],
  ['KIS_TOKEN_FILE_PATH', 'KIS20300101.official-yaml'],
])('a client whose %s is the %s of another program takes its token, and asks KIS nothing', async (variable, name) => {
  const folder = await mkdtemp(join(tmpdir(), 'kis-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await copyFile(new URL(name, fixtures), path);
  const recorded = JSON.parse(await readFile(new URL('expected.json.txt', fixtures), 'utf8'));

  for (const [appKey, isTaken] of [
    [recorded.api_key, true],
    ['PSanotherKey0123456789abcdefghijklmn', false],
  ]) {
    const fake = createFakeKis();
    const env = { KIS_APP_KEY: appKey, KIS_APP_SECRET: appSecret, KIS_USE_VIRTUAL_SERVER: 'no', [variable]: path };
    const client = await createKisClientFromEnv({ env, dispatcher: fake.dispatcher });
    const token = await client.tokens.getToken();
    await client.close();
    expect(token.value === recorded.access_token).toBe(isTaken);
    expect(fake.log().tokenRequests).toBe(isTaken ? 0 : 1);
  }
  expect((await readFile(path)).equals(await readFile(new URL(name, fixtures)))).toBe(true);
});
