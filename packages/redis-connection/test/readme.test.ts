import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { anyRedis } from '@kis/redis-servers';
import { expect, test } from 'vitest';

// Here the name of the package leads to its source.
const folder = fileURLToPath(new URL('..', import.meta.url));

test("the README's first example runs", async () => {
  await using redis = await anyRedis();
  const [, example = ''] = /```ts\n(.*?)```/s.exec(await readFile(`${folder}README.md`, 'utf8')) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', example],
    { cwd: folder, env: { ...process.env, REDIS_URL: redis.url }, timeout: 20_000 },
  );
  expect(stdout).toBe('2\n1\n');
});
