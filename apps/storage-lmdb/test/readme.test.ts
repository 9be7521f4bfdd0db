import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test('the three methods are those of "Write a storage", word for word', () => {
  const recipe = /## Write a storage[\s\S]*?```ts\n([\s\S]*?)```/.exec(
    read('../../../packages/token-core/README.md'),
  )?.[1];
  const methods = /\n {2}return \{\n[\s\S]*?(?=\n {2}\};)/.exec(recipe ?? '')?.[0] ?? expect.fail();
  expect(methods).toContain('compareAndSet');
  expect(read('../src/lmdb-storage.ts')).toContain(methods);
});

test("the README's first example runs", async () => {
  const [, example = ''] = /```ts\n(.*?)```/s.exec(read('../README.md')) ?? [];
  const directory = mkdtempSync(join(tmpdir(), 'kis-storage-lmdb-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const moved = example.replace("'tokens'", JSON.stringify(join(directory, 'tokens')));
  expect(moved).not.toBe(example);
  // A package finds itself by its name, and its peer beside it.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', moved],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, KIS_APP_KEY: 'PSLMDBLMDBLMDBLMDBLMDBLMDBLMDBLMDB01', KIS_APP_SECRET: 'testsecret+/=' },
      timeout: 20_000,
    },
  );
  expect(stdout).toContain("state: 'NO_TOKEN'");
});
