import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { appKey, appSecret } from './harness.ts';

const suite = fileURLToPath(new URL('live.ts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kis-live-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** As `pnpm test:live` runs it. */
async function run(folder: string, env: Readonly<Record<string, string>>) {
  const node = ['--unhandled-rejections=strict', '--import', tsx, '--test-reporter=tap'];
  const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } };
  const settled = promisify(execFile)(process.execPath, [...node, suite], options);
  return settled.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );
}

describe('pnpm test:live', () => {
  test.each([
    ['real', 2],
    // Its one call a second makes a run long.
    ['virtual', 1],
  ] as const)('passes against a fake KIS (%s), with one token', { timeout: 60_000 }, async (environment, times) => {
    const server = await startMockServer({ environment, limit: 100 });
    onTestFinished(() => server.close());
    const folder = await makeFolder();
    const env = {
      KIS_APP_KEY: appKey,
      KIS_APP_SECRET: appSecret,
      KIS_USE_VIRTUAL_SERVER: String(environment === 'virtual'),
      [`KIS_API_BASE_URL_${environment.toUpperCase()}`]: server.url,
      KIS_TOKEN_FILE_PATH: join(folder, 'token.json'),
    };
    for (let time = 0; time < times; time += 1) {
      const { code, stdout } = await run(folder, env);
      expect(stdout).toMatch(/^# pass 11$/m);
      expect(stdout).toMatch(/^# fail 0$/m);
      expect(code).toBe(0);
    }
    expect(server.fake.log().tokenRequests).toBe(1);
  });

  test('takes the keys from .env, through Node', async () => {
    const server = await startMockServer();
    onTestFinished(() => server.close());
    const folder = await makeFolder();
    const lines = [
      `KIS_APP_KEY=${appKey}`,
      `KIS_APP_SECRET="${appSecret}"`,
      'KIS_USE_VIRTUAL_SERVER=false # keys of a real account',
      `KIS_API_BASE_URL_REAL=${server.url}`,
      `KIS_TOKEN_FILE_PATH=${join(folder, 'token.json')}`,
    ];
    await writeFile(join(folder, '.env'), lines.join('\n'));
    expect(await run(folder, {})).toMatchObject({ code: 0 });
    expect(server.fake.log().tokenRequests).toBe(1);
  });

  test('without keys fails with one line that says what it needs', async () => {
    const folder = await makeFolder();
    expect(await run(folder, {})).toEqual({
      code: 1,
      stdout: '',
      stderr: 'test:live needs KIS_APP_KEY and KIS_APP_SECRET in the environment or in .env: nothing was tested\n',
    });
  });
});
