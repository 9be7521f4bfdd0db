import { readFileSync } from 'node:fs';
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

/** Whether the types say of every export what is there, by ESM and by CommonJS. */
export async function lintTypes({ tarball }: PackedPackage): Promise<void> {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  await run('pnpm', ['--silent', 'attw', tarball], { cwd });
}
