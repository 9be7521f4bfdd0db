import type { MockLog } from '@kis/mock';

/** The most calls, refused ones too, in any 999 ms: an instant as large as `atMs` is no exact number of milliseconds. */
export function mostInASecond({ entries }: MockLog): number {
  const calls = entries.filter(({ path }) => path.startsWith('/uapi/')).map(({ atMs }) => atMs);
  return Math.max(...calls.map((fromMs) => calls.filter((atMs) => atMs >= fromMs && atMs < fromMs + 999).length));
}
