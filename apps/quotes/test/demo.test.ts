import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dozens } from '../src/stocks.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** Runs the example as `pnpm demo` does, with these variables beside PATH and no others of ours. */
async function runDemo(
  env: Record<string, string>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { PATH = '', NODE_OPTIONS = '' } = process.env;
  const home = mkdtempSync(join(tmpdir(), 'kis-demo-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: folder,
    env: { PATH, NODE_OPTIONS, HOME: home, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('the example', () => {
  test('without keys reads 48 stocks from the mock, in four processes on one token', { timeout: 90_000 }, async () => {
    const { code, output } = await runDemo({});
    expect(output).toContain('No keys in the environment');
    for (const [, name] of dozens.flat()) expect(output).toContain(name);
    expect(output).toContain('삼성전자, order book');
    expect(output).toContain('삼성전자, 30 days');
    expect(output).toMatch(
      /1 token served 4 processes\.\nIt was issued to process \d+; the others took it from the file\./,
    );
    expect(output).toContain('Status: VALID');
    expect(output).toContain('The server saw 1 request for a token');
    expect(code).toBe(0);
  });

  test('with keys says so, and reads from the KIS that the environment names', { timeout: 90_000 }, async () => {
    const server = await startMockServer();
    onTestFinished(() => server.close());
    const env = {
      KIS_APP_KEY: 'PSDEMOTESTDEMOTESTDEMOTESTDEMOTEST01',
      KIS_APP_SECRET: 'testsecret+/='.repeat(13),
      KIS_USE_VIRTUAL_SERVER: 'false',
      KIS_API_BASE_URL_REAL: server.url,
    };
    const first = await runDemo(env);
    expect(first.output).toContain('Keys found in the environment: these quotes come from KIS (real).');
    expect(first.output).toContain('1 token served 4 processes.');
    expect(first.code).toBe(0);
    const { tokenRequests, calls, refusals } = server.fake.log();
    expect([tokenRequests, calls - refusals]).toEqual([1, 97]);
  });
});
