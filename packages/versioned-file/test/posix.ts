import type { TestContext } from 'vitest';

/** Ends a test of what Windows does not have, and says so there: `needPosix('FIFOs', context)`. */
export function needPosix(what: string, { skip, task }: TestContext): void {
  if (process.platform !== 'win32') return;
  console.warn(`NOT RUN, as Windows has no ${what}: "${task.name}"`);
  skip(`NOT RUN HERE: Windows has no ${what}`);
}
