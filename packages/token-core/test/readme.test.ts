import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { tokenStorageConformance } from '../src/conformance.ts';
import type { TokenStorage } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Runs an example of the README as a module of its own. */
async function run<T>(example: string): Promise<T> {
  const file = new URL(`./.readme-example-${example.length}.ts`, import.meta.url);
  writeFileSync(file, example);
  try {
    return (await import(/* @vite-ignore */ file.href)) as T;
  } finally {
    rmSync(file);
  }
}

test("the README's first example asks KIS once", async () => {
  const asked: string[] = [];
  vi.stubEnv('KIS_APP_KEY', appKey);
  vi.stubEnv('KIS_APP_SECRET', appSecret);
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    if (url.endsWith('/')) return new Response('');
    return Response.json({ access_token: 'a'.repeat(120), token_type: 'Bearer', expires_in: 86_400 });
  });
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });

  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const { headers } = await run<{ headers: object }>(`${example}\nexport { headers };\n`);
  expect(headers).toEqual({ authorization: `Bearer ${'a'.repeat(120)}` });
  const host = 'https://openapi.koreainvestment.com:9443';
  // What time it is, and a token.
  expect(asked).toEqual([`${host}/`, `${host}/oauth2/tokenP`]);
});

interface Example {
  createBackendStorage(backend: {
    get(key: string): Promise<string | undefined>;
    replace(key: string, over: string | undefined, value: string): Promise<boolean>;
  }): TokenStorage;
}

describe("the README's storage keeps the contract", async () => {
  const example = /## Write a storage[\s\S]*?```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const { createBackendStorage } = await run<Example>(example);

  function createBackend(values = new Map<string, string>()) {
    return {
      get: async (key: string) => values.get(key),
      replace: async (key: string, over: string | undefined, value: string) => {
        const isExpected = values.get(key) === over;
        if (isExpected) values.set(key, value);
        return isExpected;
      },
    };
  }

  tokenStorageConformance(test, () => {
    const backend = createBackend();
    return [createBackendStorage(backend), createBackendStorage(backend)];
  });

  test.each(['{"version":', '7', '{"version":"1","record":{}}'])(
    'what is no record is reported and written over: %s',
    async (text) => {
      const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
      onTestFinished(() => warn.mockRestore());
      const storage = createBackendStorage(createBackend(new Map([['real-1', text]])));
      expect(await storage.read('real-1')).toBeUndefined();
      expect(warn).toHaveBeenCalledExactlyOnceWith('no record is what stands under real-1');
      const record = { attempts: [], dead: [] };
      const version = await storage.compareAndSet('real-1', undefined, record);
      expect(await storage.read('real-1')).toEqual({ version, record });
    },
  );
});
