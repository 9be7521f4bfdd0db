import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createVersionedFile } from '@kis/versioned-file';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFileRateLimiter, type FileRateLimiterOptions } from '../../src/file.ts';
import type { RateLimitEvent } from '../../src/index.ts';
import { exchange } from '../../src/shared/budget.ts';
import type { BudgetState } from '../../src/shared/budget-state.ts';

function tempDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kis-ratelimit-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function createLimiter(options: Partial<FileRateLimiterOptions> = {}) {
  const limiter = createFileRateLimiter({ limit: 2, directory: tempDirectory(), budget: 'some-account', ...options });
  onTestFinished(() => limiter.close({ timeoutMs: 100 }));
  return limiter;
}

const nothing = async () => {};

describe('the file of a budget', () => {
  test('stands in `ratelimit` of the directory, under the name of the budget', async () => {
    const directory = tempDirectory();
    await createLimiter({ directory }).execute(nothing);
    expect(readdirSync(join(directory, 'ratelimit'))).toContain('some-account.v1.json');
  });

  test('stands where tokens stand unless a directory is given: in `$XDG_CACHE_HOME/kis`, else in `~/.cache/kis`', async () => {
    const home = tempDirectory();
    for (const [cache, place] of [
      [join(home, 'caches'), join(home, 'caches', 'kis')],
      ['not/absolute', join(home, '.cache', 'kis')],
      [undefined, join(home, '.cache', 'kis')],
    ] as const) {
      vi.stubEnv('XDG_CACHE_HOME', cache);
      vi.stubEnv('HOME', home);
      onTestFinished(() => void vi.unstubAllEnvs());
      await createLimiter({ directory: undefined }).execute(nothing);
      expect(readdirSync(join(place, 'ratelimit'))).toContain('some-account.v1.json');
    }
  });

  test('of another start of the host is no state: its clock lay ahead', async () => {
    const directory = tempDirectory();
    const file = createVersionedFile({ directory: join(directory, 'ratelimit'), name: 'some-account' });
    const request = { peer: 'old', number: 1, wanted: 2, ended: [], running: [], pauseMs: 9_000, creditMs: 0 };
    const { state } = exchange(
      { limit: 2, windowMs: 1_000, adaptive: false },
      undefined,
      { ...request, generation: undefined, returnMs: 0 },
      1e12,
    );
    await file.compareAndSet(undefined, state);
    await createLimiter({ directory }).execute(nothing, { timeoutMs: 5_000 });
  });

  test('of another version that keeps it in another format is left alone, and the limiter has its share', async () => {
    const directory = tempDirectory();
    const file = createVersionedFile({ directory: join(directory, 'ratelimit'), name: 'some-account' });
    const version = await file.compareAndSet(undefined, { format: 99 });
    const events: RateLimitEvent[] = [];
    await createLimiter({ directory, windowMs: 100, onEvent: (event) => events.push(event) }).execute(nothing);
    expect(events).toMatchObject([{ type: 'degraded', error: { message: expect.stringContaining('in format 99') } }]);
    expect((await file.read())?.version).toBe(version);
  });

  test('that cannot be used leaves the limiter its share, after a window of silence', async () => {
    const events: RateLimitEvent[] = [];
    const limiter = createLimiter({
      directory: join(fileURLToPath(import.meta.url), 'below-a-file'),
      windowMs: 100,
      onEvent: (event) => events.push(event),
    });
    await Promise.all([1, 2, 3].map(() => limiter.execute(nothing)));
    expect(events).toEqual([
      { type: 'degraded', peers: 1, limit: 2, windowMs: 100, error: expect.objectContaining({ code: 'ENOTDIR' }) },
    ]);
  });
});

describe('a process that shares a file', () => {
  test('and is killed in the middle of its calls gives their slots back soon after a window', async () => {
    const directory = tempDirectory();
    const program = `
      import { createFileRateLimiter } from '@kis/ratelimit/file';
      const limiter = createFileRateLimiter({ limit: 2, windowMs: 20_000, directory: ${JSON.stringify(directory)}, budget: 'b' });
      for (const n of [1, 2]) limiter.execute(async () => { console.log(n); await new Promise((resolve) => setTimeout(resolve, 60_000)); });
    `;
    const child = spawn(
      process.execPath,
      ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', program],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    for await (const chunk of child.stdout) {
      output += chunk;
      if (output === '1\n2\n') child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    // Whoever came a moment ago is not looked after.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const limiter = createLimiter({ directory, budget: 'b', windowMs: 20_000 });
    await expect(limiter.execute(nothing, { timeoutMs: 1_000 })).rejects.toMatchObject({ reason: 'timeout' });
    const file = createVersionedFile<BudgetState>({ directory: join(directory, 'ratelimit'), name: 'b' });
    const state = (await file.read())?.value;
    expect(state?.peers).toHaveLength(1);
    // Not after a lease of three windows.
    const { atMs = 0, slots = [] } = state ?? {};
    for (const { freeAtMs } of slots) expect(freeAtMs - atMs).toBeLessThan(21_000);
    expect(slots).toHaveLength(2);
  });

  test('ends by itself when nobody waits and nothing runs, and not before whoever waits has run', async () => {
    const program = `
      import { createFileRateLimiter } from '@kis/ratelimit/file';
      const limiter = createFileRateLimiter({ limit: 1, windowMs: 300, directory: ${JSON.stringify(tempDirectory())}, budget: 'b' });
      for (const n of [1, 2, 3]) limiter.execute(async () => console.log(n));
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--unhandled-rejections=strict', '--import', 'tsx', '--input-type=module', '-e', program],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), timeout: 20_000 },
    );
    expect(stdout).toBe('1\n2\n3\n');
  });
});

describe('a bad option', () => {
  test.each<[string, Partial<FileRateLimiterOptions>, string]>([
    ['budget', { budget: 'PSappkeytestsecret+/=' }, 'ratelimit: `budget` must match /^[a-z0-9-]{1,120}$/'],
    ['directory', { directory: ' ' }, 'ratelimit: `directory` must be the path of a directory, got " "'],
    ['limit', { limit: 1_001 }, 'ratelimit: `limit` of a file must be at most 1000, got 1001'],
    ['windowMs', { windowMs: 0 }, 'ratelimit: `windowMs` must be a number of milliseconds > 0, got 0'],
  ])('is told by its name: %s', (_, options, message) => {
    expect(() => createFileRateLimiter({ limit: 1, budget: 'b', directory: tmpdir(), ...options })).toThrow(message);
  });
});
