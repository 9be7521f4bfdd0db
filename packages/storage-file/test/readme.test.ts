import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { tempDirectory } from './temp-directory.ts';

test('the first example of the README runs as it stands', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  // Inside the package, where its own name leads to its source.
  const script = fileURLToPath(new URL(`./.readme-${process.pid}.mts`, import.meta.url));
  writeFileSync(script, example);
  onTestFinished(() => rmSync(script));
  const output = execFileSync(process.execPath, ['--unhandled-rejections=strict', '--import', 'tsx', script], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: tempDirectory() },
    timeout: 20_000,
  });
  expect(output).toMatch(/^stored as 1-[0-9a-f]{16}\n$/);
});
