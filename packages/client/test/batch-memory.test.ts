import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a stream of 100,000 codes takes less than 30 MB of the heap', { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--unhandled-rejections=strict', '--expose-gc', '--import', 'tsx'],
    fileURLToPath(new URL('./long-stream.ts', import.meta.url)),
  ]);
  const { read, growthBytes } = JSON.parse(stdout);
  expect(read).toBe(100_000);
  expect(growthBytes).toBeLessThan(30_000_000);
});
