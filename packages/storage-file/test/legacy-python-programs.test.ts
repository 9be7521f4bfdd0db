import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMockServer } from '@kis/mock';
import { createTokenManager, type TokenManager, tokenKey } from '@kis/token-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileStorage, type FileStorageEvent, type FileStorageOptions } from '../src/index.ts';
import { koreanTime } from '../src/legacy/times.ts';
import { appKey, appSecret, HOUR, key, makeToken, sha256 } from './legacy-tokens.ts';
import { hasPython } from './python.ts';
import { tempDirectory } from './temp-directory.ts';

const script = fileURLToPath(new URL('python_client.py', import.meta.url));

/** A Python program of its own process, that ends when it has done what it was told. */
function runClient(path: string, command: string, baseUrl = '', input = ''): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, BASE_URL: baseUrl, APP_KEY: appKey, APP_SECRET: appSecret };
    const child = execFile('python3', [script, path, command], { env, timeout: 20_000 }, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(`The Python program ended with ${error.code}`));
    });
    child.stdin?.end(input);
  });
}

interface Stage {
  readonly path: string;
  readonly events: FileStorageEvent[];
  /** Under which the managers keep their record. */
  readonly managerKey: string;
  manage(options?: Partial<FileStorageOptions>): TokenManager;
  python(command: 'use' | 'renew'): Promise<Record<string, unknown>>;
  /** Our own token, by its hash. */
  use(manager: TokenManager): Promise<string>;
  /** From now on the token is refused, and a minute has passed. */
  killToken(): void;
  requests(): number;
}

async function setStage(): Promise<Stage> {
  let passedMs = 0;
  const server = await startMockServer({
    clock: {
      nowMs: () => Date.now() + passedMs,
      monotonicMs: () => performance.now() + passedMs,
      setTimer(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
  });
  onTestFinished(() => server.close());
  const path = join(tempDirectory(), 'cache', 'token.key');
  const events: FileStorageEvent[] = [];
  return {
    path,
    events,
    managerKey: tokenKey({ appKey, environment: 'real', baseUrl: server.url }),
    manage(options) {
      const storage = createFileStorage({ path, onEvent: (event) => events.push(event), ...options });
      const manager = createTokenManager({ appKey, appSecret, environment: 'real', baseUrl: server.url, storage });
      onTestFinished(async () => {
        await manager.close();
        await storage.close?.();
      });
      return manager;
    },
    python: (command) => runClient(path, command, server.url),
    use: async (manager) => sha256((await manager.getToken()).value),
    killToken() {
      passedMs += 61_000;
      server.fake.control({ killToken: 'fresh' });
    },
    requests: () => server.fake.log().tokenRequests,
  };
}

describe('one app key, and a real Python program', () => {
  test('a token that Python got costs us no question, whoever of us starts when', async () => {
    if (!hasPython()) return;
    const { events, manage, python, use, requests } = await setStage();
    const { isStored, token } = await python('use');
    expect(isStored).toBe(false);
    expect(await Promise.all([use(manage()), use(manage())])).toEqual([token, token]);
    expect(requests()).toBe(1);
    expect(await python('use')).toEqual({ isStored: true, token });
    expect(events.map(({ type }) => type)).toEqual(['imported', 'imported']);
  });

  test('a token that we got costs Python no question where the file is shared', async () => {
    if (!hasPython()) return;
    const { manage, python, use, requests } = await setStage();
    const ours = await use(manage({ format: 'python-pickle', python: { appKey, appSecret } }));
    expect(await python('use')).toEqual({ isStored: true, token: ours });
    expect(requests()).toBe(1);
  });

  test('in turn: each uses what the other got, and each new token is asked for once', async () => {
    if (!hasPython()) return;
    const { events, manage, python, use, killToken, requests } = await setStage();
    const first = (await python('use')).token;
    // Without `python`: the keys are those of the pickle that is there.
    const manager = manage({ format: 'python-pickle' });
    expect(await use(manager)).toBe(first);

    killToken();
    manager.invalidate(await manager.getToken());
    const second = await use(manager);
    expect(second).not.toBe(first);
    expect(await python('use')).toEqual({ isStored: true, token: second });
    expect(requests()).toBe(2);

    killToken();
    const third = (await python('renew')).token;
    manager.invalidate(await manager.getToken());
    expect(await use(manager)).toBe(third);
    expect(await use(manage({ format: 'python-pickle' }))).toBe(third);
    expect(requests()).toBe(3);
    expect(events.map(({ type }) => type).filter((type) => type !== 'imported')).toEqual([]);
  });

  test('a waiting process is served as soon as Python has the token', async () => {
    if (!hasPython()) return;
    const { path, manage, python, use, requests, managerKey } = await setStage();
    // Somebody on another host asks, and does not come back.
    const storage = createFileStorage({ path });
    const claim = { id: 'a', by: 'elsewhere.-.-.1.-', atMs: Date.now(), outcome: 'pending', leaseMs: 600_000 } as const;
    await storage.compareAndSet(managerKey, undefined, { attempts: [claim], dead: [] });
    const waiting = use(manage());
    const { isStored, token } = await python('use');
    expect(isStored).toBe(false);
    expect(await waiting).toBe(token);
    expect(requests()).toBe(1);
  });

  test('a file that Python writes over and over is always one of its tokens, or none for the moment', async () => {
    if (!hasPython()) return;
    const path = join(tempDirectory(), 'token.key');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    const tokens = [makeToken('one', HOUR), makeToken('the other', 2 * HOUR)];
    const bodies = tokens.map((token) => ({
      access_token: token.value,
      access_token_token_expired: koreanTime(token.expiresAtMs),
      token_type: 'Bearer',
      expires_in: 86_400,
    }));
    let isDone = false;
    const writing = runClient(path, 'rewrite', '', JSON.stringify(bodies)).finally(() => {
      isDone = true;
    });
    const found = new Map<string | undefined, number>();
    while (!isDone) {
      const value = (await storage.read(key))?.record.token?.value;
      const name = value === undefined ? undefined : sha256(value);
      found.set(name, (found.get(name) ?? 0) + 1);
    }
    const { count } = await writing;
    expect(count).toBeGreaterThan(100);
    found.delete(undefined);
    expect([...found.keys()].sort()).toEqual(tokens.map(({ value }) => sha256(value)).sort());
    expect(events.filter(({ type }) => type !== 'imported')).toEqual([]);
  });
});
