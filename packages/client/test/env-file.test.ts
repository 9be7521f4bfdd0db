import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startMockServer } from '@kis/mock';
import { expect, onTestFinished, test } from 'vitest';
import { appKey, appSecret } from './harness.ts';

const cwd = fileURLToPath(new URL('..', import.meta.url));

test.each([
  ['node --env-file=.env', (path: string) => [`--env-file=${path}`], ''],
  ['process.loadEnvFile()', () => [], (path: string) => `process.loadEnvFile(${JSON.stringify(path)});`],
] as const)('a client has its keys from a .env file by %s', async (_, optionsFor, begin) => {
  const server = await startMockServer();
  const folder = await mkdtemp(join(tmpdir(), 'kis-env-'));
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const path = join(folder, '.env');
  const lines = [
    '# keys of KIS',
    `KIS_APP_KEY=${appKey}`,
    `KIS_APP_SECRET='${appSecret}'`,
    'KIS_USE_VIRTUAL_SERVER=false',
    `KIS_API_BASE_URL_REAL=${server.url}`,
    `KIS_TOKEN_FILE_PATH=${join(folder, 'token.json')}`,
  ];
  await writeFile(path, lines.join('\r\n'));
  const program = `
    import { createKisClientFromEnv } from '@kis/client';
    ${begin === '' ? '' : begin(path)}
    const client = await createKisClientFromEnv();
    console.log((await client.getCurrentPrice('005930')).stockCode);
    await client.close();
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...optionsFor(path), '--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', program],
    { cwd, env: { PATH: process.env.PATH } },
  );
  expect(stdout).toBe('005930\n');
  expect(server.fake.log()).toMatchObject({ tokenRequests: 1, calls: 1 });
});
