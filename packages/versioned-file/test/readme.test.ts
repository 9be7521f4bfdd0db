import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { tempDirectory } from './temp-directory.ts';

// Here the name of the package leads to its source.
const folder = fileURLToPath(new URL('..', import.meta.url));

test("the README's first example runs", async () => {
  const [, example = ''] = /```ts\n(.*?)```/s.exec(await readFile(`${folder}README.md`, 'utf8')) ?? [];
  const script = ts.transpile(example, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', script],
    { cwd: folder, env: { ...process.env, TMPDIR: tempDirectory() }, timeout: 20_000 },
  );
  expect(stdout).toBe('worker-1\n');
});
