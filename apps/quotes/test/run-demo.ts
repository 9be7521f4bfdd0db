import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { findSecrets } from '../../../vitest.secrets.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** Runs the example as `pnpm demo` does, with these variables beside PATH and no others of ours. */
export async function runDemo(
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
  expect(findSecrets(output)).toEqual([]);
  return { code, output };
}
