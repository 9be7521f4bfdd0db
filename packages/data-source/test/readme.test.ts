import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

test("the README's first example runs", async () => {
  const [, example = ''] = /```ts\n(.*?)```/s.exec(await readFile(`${folder}README.md`, 'utf8')) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', example],
    { cwd: folder, env: { PATH: process.env.PATH } },
  );
  expect(stdout).toBe('mock, because neither KIS_APP_KEY nor KRX_API_KEY is set: true\n');
});
