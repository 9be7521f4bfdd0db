import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startMockServer } from '@kis/mock';
import { expect, onTestFinished, test } from 'vitest';
import { apiKey } from './harness.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));

test("the README's first example runs", async () => {
  const server = await startMockServer({ symbols: 20 });
  onTestFinished(() => server.close());
  const [, example = ''] = /```ts\n(.*?)```/s.exec(await readFile(`${folder}README.md`, 'utf8')) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', example],
    { cwd: folder, env: { PATH: process.env.PATH, KRX_API_KEY: apiKey, KRX_BASE_URL: `${server.url}/svc/apis` } },
  );
  expect(stdout).toMatch(/^\{\n {2}stockName: '삼성전자',\n {2}currentPrice: \d+,\n {2}closedAt: \S+06:30:00\.000Z,\n/);
  expect(stdout).toMatch(/(?:'\d{8} \d+',?\s+){3}\]\n$/);
  const { krxCalls, calls } = server.fake.log();
  expect({ calls, fewCalls: krxCalls < 100 }).toEqual({ calls: 0, fewCalls: true });
});
