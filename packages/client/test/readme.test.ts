import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startMockServer } from '@kis/mock';
import { expect, onTestFinished, test } from 'vitest';
import { appKey, appSecret } from './harness.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));

test("the README's first example runs", async () => {
  const server = await startMockServer();
  const home = await mkdtemp(join(tmpdir(), 'kis-readme-'));
  onTestFinished(async () => {
    await server.close();
    await rm(home, { recursive: true });
  });
  const [, example = ''] = /```ts\n(.*?)```/s.exec(await readFile(`${folder}README.md`, 'utf8')) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', example],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        KIS_APP_KEY: appKey,
        KIS_APP_SECRET: appSecret,
        KIS_USE_VIRTUAL_SERVER: 'false',
        KIS_API_BASE_URL_REAL: server.url,
        KIS_TOKEN_FILE_PATH: join(home, 'token.json'),
      },
    },
  );
  expect(stdout).toMatch(
    /^\{\n {2}currentPrice: \d+,\n {2}changeRate: -?[\d.]+,\n {2}bestBid: \d+,\n {2}bestAsk: \d+,\n/,
  );
  expect(server.fake.log()).toMatchObject({ tokenRequests: 1, calls: 3 });
});
