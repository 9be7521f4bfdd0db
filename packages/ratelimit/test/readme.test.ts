import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

test("the README's first example runs", async () => {
  const [, example = ''] = /```ts\n(.*?)```/s.exec(await readFile(`${folder}README.md`, 'utf8')) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', example],
    { cwd: folder },
  );
  expect(stdout).toBe('5 calls in 2 windows\n');
});

test("the README's limiter of several processes lets calls through", async () => {
  const [, example = ''] =
    /## Share it between.*?```ts\n(.*?)```/s.exec(await readFile(`${folder}README.md`, 'utf8')) ?? [];
  const cache = mkdtempSync(join(tmpdir(), 'kis-ratelimit-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', `${example}limiter.execute(async () => console.log('called'));`],
    { cwd: folder, env: { ...process.env, XDG_CACHE_HOME: cache } },
  );
  expect(stdout).toBe('called\n');
});
