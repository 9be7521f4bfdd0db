import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { anyRedis } from '@kis/redis-servers';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../..', import.meta.url));

test("the README's limiter of several servers lets calls through", async () => {
  const [, example = ''] =
    /## Between servers.*?```ts\n(.*?)```/s.exec(await readFile(`${folder}README.md`, 'utf8')) ?? [];
  await using redis = await anyRedis();
  const program = `${example.replace('redis://localhost:6379/0', redis.url).replace('my-account', `test-${process.pid}`)}
    limiter.execute(async () => console.log('called')).then(() => limiter.close());`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  expect(stdout).toBe('called\n');
});
