import fsSync from 'node:fs';
import { onTestFinished } from 'vitest';

/** Makes this process another user's, or that of a platform without users, until the test is over; the system knows better. */
export function pretendToBe(uid: number | undefined): void {
  const { geteuid } = process;
  Object.assign(process, { geteuid: uid === undefined ? undefined : () => uid });
  onTestFinished(() => void Object.assign(process, { geteuid }));
}

export function pretendPlatform(platform: NodeJS.Platform): void {
  const original = process.platform;
  Object.defineProperty(process, 'platform', { value: platform });
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: original }));
}

/** Hides /proc, or what `answers` has no answer for. */
export function pretendProc(answers: Readonly<Record<string, string>> = {}): void {
  const { readFileSync, readlinkSync } = fsSync;
  const pretend = (original: (...args: never[]) => unknown) =>
    ((path: string, ...rest: never[]) => {
      if (!String(path).startsWith('/proc/')) return original(path as never, ...rest);
      const answer = answers[path];
      if (answer === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      return answer;
    }) as never;
  Object.assign(fsSync, { readFileSync: pretend(readFileSync), readlinkSync: pretend(readlinkSync) });
  onTestFinished(() => void Object.assign(fsSync, { readFileSync, readlinkSync }));
}
