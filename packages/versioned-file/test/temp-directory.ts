import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty directory that goes with the test. */
export function tempDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kis-versioned-file-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
