import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** What a module prints that is loaded as the bench is. */
async function printed(code: string): Promise<string> {
  const args = ['--import', './src/as-built.mjs', '--input-type=module', '-e', code];
  return (await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout;
}

test.each([
  ['@kis/ratelimit', 'packages/ratelimit/dist/index.js'],
  ['@kis/ratelimit/redis', 'packages/ratelimit/dist/redis.js'],
])('of %s the bench measures the built file', async (name, file) => {
  expect(await printed(`console.log(import.meta.resolve('${name}'))`)).toMatch(new RegExp(`/${file}\n$`));
});

test('of its own files the bench measures what stands there without its types, and with nothing put in', async () => {
  const text = await printed("console.log(String((await import('./src/peers/floor.ts')).floor.create))");
  expect(text).toContain('function turn() {');
  expect(text).not.toContain('__name');
});
