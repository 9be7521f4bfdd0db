import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { PackedPackage } from './packages.ts';
import { run } from './run.ts';

/** Every message of publint counts, suggestions too. */
export async function lintManifest({ tarball }: PackedPackage): Promise<void> {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true });
  if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, pkg)).join('\n'));
}

const attw = fileURLToPath(new URL('dist/index.js', import.meta.resolve('@arethetypeswrong/cli/package.json')));

/** Whether the types say of every export what is there, by ESM and by CommonJS. */
export async function lintTypes({ tarball }: PackedPackage): Promise<void> {
  const args = [attw, '--profile', 'node16', '--no-emoji', '--no-color', tarball];
  await run(process.execPath, args, { cwd: dirname(tarball) });
}
