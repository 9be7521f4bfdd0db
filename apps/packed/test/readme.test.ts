import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startMockServer } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const variables = (text: string): string[] => [...new Set(text.match(/`(?:KIS|KOREA_INVESTMENT)_\w+/g))].sort();

describe.each(['README.md', 'README.ko.md'])('%s', (name) => {
  const text = read(name);
  const [, example = ''] = /```ts\n(.*?)```/s.exec(text) ?? [];

  test('leads to quotes in fifteen lines', async () => {
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    const server = await startMockServer();
    const home = mkdtempSync(join(tmpdir(), 'kis-readme-'));
    onTestFinished(async () => {
      await server.close();
      rmSync(home, { recursive: true });
    });
    const args = ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', example];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      // A project that has installed what the README says.
      cwd: join(root, 'apps/quotes'),
      env: {
        ...process.env,
        KIS_APP_KEY: 'PS'.padEnd(36, 'A'),
        KIS_APP_SECRET: 'testsecret+/='.repeat(13),
        KIS_USE_VIRTUAL_SERVER: 'false',
        KIS_API_BASE_URL_REAL: server.url,
        KIS_TOKEN_FILE_PATH: join(home, 'token.json'),
      },
    });
    expect(stdout).toMatch(/^삼성전자 \d+ \(-?[\d.]+ %\)\n\S+ \d+, \S+ \d+\n(?:\d{4}-?\d\d-?\d\d \d+ \d+\n){5}$/);
    expect(server.fake.log()).toMatchObject({ tokenRequests: 1, calls: 3 });
  });

  test("has the variables of the client's README", () => {
    expect(variables(text)).toEqual(variables(read('packages/client/README.md')));
  });

  test('leads to every file that it names', () => {
    const paths = [...text.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) expect(() => readFileSync(join(root, path))).not.toThrow(/ENOENT/);
  });
});
