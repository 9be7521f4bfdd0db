import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { appKey, appSecret } from './harness.ts';

test("the README's first example asks KIS once", async () => {
  const asked: string[] = [];
  vi.stubEnv('KIS_APP_KEY', appKey);
  vi.stubEnv('KIS_APP_SECRET', appSecret);
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return Response.json({ access_token: 'a'.repeat(120), token_type: 'Bearer', expires_in: 86_400 });
  });
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });

  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const file = new URL('./.readme-example.ts', import.meta.url);
  writeFileSync(file, `${example}\nexport { headers };\n`);
  onTestFinished(() => rmSync(file));

  const { headers } = await import(/* @vite-ignore */ file.href);
  expect(headers).toEqual({ authorization: `Bearer ${'a'.repeat(120)}` });
  expect(asked).toEqual(['https://openapi.koreainvestment.com:9443/oauth2/tokenP']);
});
