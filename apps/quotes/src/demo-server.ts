import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockServer, startMockServer } from '@kis/mock';

/** Starts a mock and makes `env` speak of nothing else: whatever was set for a real account does not count here. */
export async function startDemoServer(env: NodeJS.ProcessEnv): Promise<MockServer> {
  const server = await startMockServer({ tokenLatencyMs: 150, latencyMs: 20, jitterMs: 10 });
  const folder = mkdtempSync(join(tmpdir(), 'kis-quotes-'));
  for (const name of Object.keys(env)) if (/^(?:KIS|KOREA_INVESTMENT)_/.test(name)) delete env[name];
  Object.assign(env, {
    KIS_APP_KEY: 'PSDEMODEMODEMODEMODEMODEMODEMODEMO01',
    KIS_APP_SECRET: 'testsecret+/='.repeat(13),
    KIS_USE_VIRTUAL_SERVER: 'false',
    KIS_API_BASE_URL_REAL: server.url,
    KIS_TOKEN_FILE_PATH: join(folder, 'token.json'),
  });
  return {
    ...server,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
